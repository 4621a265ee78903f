def test_healthz_is_well_while_the_store_answers(app):
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def samples(app):
    text = app.test_client().get("/metrics").text
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def test_metrics_count_tickets_windows_and_streams(app, client):
    client.take()
    client.take()
    client.post("windows/1/open")
    client.post("windows/1/call-next")
    found = samples(app)
    assert found['kioskd_tickets{line="police",state="waiting"}'] == 1
    assert found['kioskd_tickets{line="police",state="called"}'] == 1
    assert found['kioskd_windows{state="open"}'] == 1
    assert found['kioskd_windows{state="closed"}'] == 1
    stream = app.live.stream(None)
    assert samples(app)["kioskd_event_streams"] == 1
    stream.close()


def test_metrics_from_elsewhere_need_a_token(app, token):
    client = app.test_client()
    far = {"X-Forwarded-For": "1.2.3.4"}
    assert client.get("/metrics", headers=far).status_code == 401
    assert client.get("/metrics", headers={**far, "Authorization": f"Bearer {token}"}).status_code == 200
