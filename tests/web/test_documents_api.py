"""Documents over the API: an emulated camera, the real owner, driver, child process, store and files."""

import threading
from types import SimpleNamespace

import pytest

from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.emulator_host import EmulatorHost
from kioskd.devices.health import State
from kioskd.devices.jpeg import read_jpeg
from kioskd.devices.profile_files import load_profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, until
from kioskd.documents.desk import DocumentDesk
from kioskd.documents.folder import Folder
from kioskd.staff.tokens import add_token
from web.app import create_app

PAGE = {"Origin": "http://localhost", "X-Kioskd": "page"}
OPTIONS = {"warm_up_s": 0.0, "max_megapixels": 1.3, "frame_s": 5.0}


@pytest.fixture
def emulators(tmp_path):
    folder = tmp_path / "emulators"
    folder.mkdir()
    port = PortSpec(name="camera-1", at="emulator:")
    device = DeviceSpec(
        name="camera-1",
        title="高拍仪",
        profile=load_profile("uvc-document"),
        port="camera-1",
        options=OPTIONS,
    )
    host = EmulatorHost([port], [device], folder)
    thread = threading.Thread(target=host.run)
    thread.start()
    yield SimpleNamespace(port=port, device=device, folder=folder, client=EmulatorClient(folder))
    host.stop()
    thread.join()


@pytest.fixture
def supervisor(emulators):
    supervisor = Supervisor([emulators.port], [emulators.device], emulators.folder, pace=QUICK)
    supervisor.start()
    camera = supervisor.devices["camera-1"]
    until(lambda: camera.health().state == State.ONLINE, what="the camera")
    yield supervisor
    supervisor.stop(timeout_s=10)


@pytest.fixture
def app(rooms, tmp_path):
    desk = DocumentDesk(rooms.hall, Folder(tmp_path / "documents"), keep_days=30)
    app = create_app(
        rooms.hall,
        rooms.journal,
        rooms.floor,
        rooms.supervisor,
        settings=rooms.settings,
        documents=desk,
    )
    yield app
    app.close()


@pytest.fixture
def ticket(hall):
    """A ticket that is served at window 1, where clerk c1 sits."""
    hall.sign_in(1, "c1")
    hall.open(1)
    hall.issue("GA-1")
    hall.call_next(1)
    return hall.start(1).id


def take(client, ticket, **more):
    return client.post(f"tickets/{ticket}/pages", {"camera": "camera-1", "material": 1, **more})


def test_from_the_live_picture_to_a_pdf_and_who_saw_it(client, ticket, hall, sign_in):
    seen = client.get("devices/camera-1/preview")
    assert (seen.status_code, seen.content_type) == (200, "image/jpeg")
    assert read_jpeg(seen.data).width_px == 1280
    newer = client.get(f"devices/camera-1/preview?after={seen.headers['X-Frame']}")
    assert newer.headers["X-Frame"] != seen.headers["X-Frame"]

    taken = take(client, ticket)
    assert taken.status_code == 201
    assert taken.json["found"]
    assert {"capture", "check", "load", "find", "straighten"} <= set(taken.json["steps_ms"])
    picture = client.get(taken.json["picture"].removeprefix("/api/v1/"))
    assert read_jpeg(picture.data).height_px == taken.json["height_px"]
    assert picture.headers["Cache-Control"] == "no-store, private"

    done = client.post(f"tickets/{ticket}/documents", {"material": 1, "pages": [taken.json["id"]]})
    assert done.status_code == 201
    assert done.json["material_name"] == "居民身份证"
    assert (done.json["taken_by"], done.json["views"]) == ("c1", 0)

    (listed,) = client.get(f"tickets/{ticket}/documents").json["items"]
    assert listed == done.json
    pdf = client.get(f"documents/{listed['id']}/file?window=1")
    assert pdf.data.startswith(b"%PDF")
    assert pdf.content_type == "application/pdf"
    client.http.set_cookie("kioskd-session", sign_in("clerk"))  # from here on it is the clerk's page
    assert client.http.get(f"/api/v1/documents/{listed['id']}/file?window=1").status_code == 200
    looks = client.get(f"documents/{listed['id']}/views").json["items"]
    assert {(look["window"], look["viewed_by"]) for look in looks} == {(None, "token:tests"), (1, "c1")}

    gone = client.http.delete(f"/api/v1/documents/{listed['id']}", headers=client.headers)
    assert gone.json["deleted_at"]
    assert client.get(f"documents/{listed['id']}/file").status_code == 404
    assert client.get(f"tickets/{ticket}/documents").json["items"] == []


def test_a_page_can_be_thrown_away(client, ticket):
    page = take(client, ticket, crop=False).json
    path = f"/api/v1/tickets/{ticket}/pages/{page['id']}"
    assert client.http.delete(path, headers=client.headers).json == {"id": page["id"]}
    assert client.http.delete(path, headers=client.headers).json["code"] == "page_gone"
    answer = client.post(f"tickets/{ticket}/documents", {"material": 1, "pages": [page["id"]]})
    assert (answer.status_code, answer.json["code"]) == (404, "page_gone")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"camera": "camera-9"}, 404, "no_camera"),
        ({"material": 7}, 422, "unknown_material"),
        ({"material": -1}, 422, "wrong_fields"),
        ({"material": "1"}, 422, "wrong_fields"),
    ],
)
def test_what_is_asked_wrongly_is_told(client, ticket, body, status, code):
    answer = take(client, ticket, **body)
    assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.parametrize("pages", [[], ["../../hall.db"], ["x" * 22] * 51, "x"])
def test_pages_are_named_as_we_named_them(client, ticket, pages):
    answer = client.post(f"tickets/{ticket}/documents", {"material": 1, "pages": pages})
    assert (answer.status_code, answer.json["code"]) == (422, "wrong_fields")


def test_a_waiting_ticket_has_no_documents_taken(client, hall, ticket):
    answer = take(client, hall.issue("GA-1").id)
    assert (answer.status_code, answer.json["code"]) == (409, "wrong_state")


def test_a_camera_pulled_out_is_told_with_the_step_and_comes_back(client, ticket, emulators, supervisor):
    frame = client.get("devices/camera-1/preview").headers["X-Frame"]
    emulators.client.act("camera-1", "unplug")

    def lost():
        answer = client.get(f"devices/camera-1/preview?after={frame}")
        return answer if answer.status_code == 503 else None

    answer = until(lost, what="the loss to be told")
    assert answer.json["code"] == "camera_lost"
    until(lambda: "插好" in client.get("devices/camera-1/preview").json["detail_zh"], what="the step")
    assert take(client, ticket).json["code"] == "camera_lost"
    emulators.client.act("camera-1", "plug")
    until(lambda: client.get("devices/camera-1/preview").status_code == 200, what="the camera again")


def test_a_pad_is_no_camera(client):
    assert client.get("devices/pad-1/preview").json["code"] == "no_camera"


# --- who may ---


ROUTES = (
    ("get", "devices/camera-1/preview"),
    ("post", "tickets/{ticket}/pages"),
    ("get", "tickets/{ticket}/pages/x"),
    ("delete", "tickets/{ticket}/pages/x"),
    ("post", "tickets/{ticket}/documents"),
    ("get", "tickets/{ticket}/documents"),
    ("get", "documents/1/file"),
    ("delete", "documents/1"),
    ("get", "documents/1/views"),
)


@pytest.mark.parametrize("path", ["/kiosk", "/board", "/tech"])
def test_only_the_clerks_page_sees_documents(page, ticket, path):
    browser = page(path)
    for method, route in ROUTES:
        answer = getattr(browser, method)(f"/api/v1/{route.format(ticket=ticket)}", headers=PAGE)
        assert (answer.status_code, answer.json["code"]) == (403, "no_scope"), route


def test_the_clerks_page_does(page, ticket):
    desk = page("/clerk")
    assert desk.get("/api/v1/devices/camera-1/preview").status_code == 200
    assert desk.get(f"/api/v1/tickets/{ticket}/documents").json == {"items": []}


def test_nobody_comes_in_without_a_session_or_with_another_scope(app, store, ticket):
    other = add_token(store, "board", ["read", "tickets", "windows", "devices", "ratings"])
    for method, route in ROUTES:
        ask = getattr(app.test_client(), method)
        path = f"/api/v1/{route.format(ticket=ticket)}"
        assert ask(path).status_code == 401
        assert ask(path, headers={"Authorization": f"Bearer {other}"}).status_code == 403
