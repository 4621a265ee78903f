"""TLS with the hall's own certificate, before a real server."""

import http.client
import socket
import ssl
import subprocess

import pytest

from kioskd.certificate import CertificateWrong, examine_certificate
from kioskd.staff.tokens import add_token
from web.events import STREAMS
from web.server import Server, Tls


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """Make a certificate with openssl, as a technician would: its file and its key's."""
    folder = tmp_path_factory.mktemp("tls")
    (folder / "index.txt").touch()
    config = folder / "ca.cnf"
    config.write_text(
        f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index.txt\nnew_certs_dir={folder}\nrand_serial=yes\n"
        "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n"
    )

    def make(name, start="20250101000000Z", end="20990101000000Z"):
        key, asked, made = (folder / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
        if made.exists():
            return made, key
        run = {"check": True, "capture_output": True, "timeout": 60}
        subprocess.run(
            ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", asked,
             "-subj", f"/CN={name}"], **run,
        )  # fmt: skip
        subprocess.run(
            ["openssl", "ca", "-batch", "-config", config, "-selfsign", "-keyfile", key, "-in", asked,
             "-out", made, "-startdate", start, "-enddate", end, "-notext"], **run,
        )  # fmt: skip
        return made, key

    return make


@pytest.fixture
def secure(app, make):
    certificate, key = make("hall.local")
    server = Server(app, "127.0.0.1", 0, Tls(0, certificate, key))
    server.start()
    yield server
    server.stop()


def connect(server, seconds=20):
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", server.tls_port, context=trusting, timeout=seconds)


def test_the_sign_in_page_over_tls_and_beside_it_in_clear(secure):
    over_tls = connect(secure)
    over_tls.request("GET", "/sign-in")
    answer = over_tls.getresponse()
    assert answer.status == 200
    assert "Secure" in answer.headers["Set-Cookie"]
    plain = http.client.HTTPConnection("127.0.0.1", secure.port, timeout=20)
    plain.request("GET", "/healthz")
    assert plain.getresponse().status == 200


def test_who_says_nothing_keeps_nobody_out(secure):
    silent = [socket.create_connection(("127.0.0.1", secure.tls_port)) for _ in range(5)]
    patient = connect(secure, seconds=8)  # they would be given up after 10 s
    patient.request("GET", "/healthz")
    assert patient.getresponse().status == 200
    for one in silent:
        one.close()


def test_all_the_streams_there_may_be_leave_room_for_a_request(secure, store):
    """Forty screens and desks over TLS once kept everybody else there waiting for ever."""
    headers = {"Authorization": f"Bearer {add_token(store, 'screens', ['read'])}"}
    streams = [connect(secure) for _ in range(STREAMS)]
    for stream in streams:
        stream.request("GET", "/api/v1/events", headers=headers)
        assert stream.getresponse().status == 200
    after = connect(secure)
    after.request("GET", "/healthz")
    assert after.getresponse().status == 200
    for stream in streams:
        stream.close()


def test_who_speaks_something_else_is_hung_up_on(secure):
    with socket.create_connection(("127.0.0.1", secure.tls_port), timeout=20) as stranger:
        stranger.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200" not in stranger.recv(100)
    after = connect(secure)
    after.request("GET", "/healthz")
    assert after.getresponse().status == 200


def test_a_good_certificate_has_nothing_to_worry_about(make):
    found = examine_certificate(*make("good"))
    assert (found.until.year, found.problem) == (2099, "")


def test_an_expired_certificate_is_told(make):
    assert "has expired" in examine_certificate(*make("old", "20200101000000Z", "20210101000000Z")).problem


def test_one_of_the_future_is_told(make):
    assert "not valid yet" in examine_certificate(*make("new", "20980101000000Z")).problem


def test_files_that_do_not_fit_or_are_not_there_are_told_by_name(make, tmp_path):
    (certificate, key), (_, other) = make("one"), make("two")
    with pytest.raises(CertificateWrong, match=r"two.key: is not the key of"):
        examine_certificate(certificate, other)
    with pytest.raises(CertificateWrong, match="No such file"):
        examine_certificate(tmp_path / "none.pem", key)
    with pytest.raises(CertificateWrong, match="BEGIN"):
        examine_certificate(key, certificate)
