"""A clerk's afternoon at the document camera, on real files, a real store and the real child process."""

import errno
import hashlib
import logging
import random
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from drivers.v4l2 import desk as sight
from kioskd.devices.errors import NoAnswer
from kioskd.devices.jpeg import read_jpeg
from kioskd.devices.kinds import Picture
from kioskd.documents import desk as desk_module
from kioskd.documents.desk import DocumentDesk
from kioskd.documents.errors import DocumentFailed
from kioskd.documents.folder import Folder
from kioskd.documents.workshop import Workshop
from kioskd.hall.hall import Hall
from kioskd.hall.model import NotFound, Refused
from kioskd.hall.plan import DayRules
from kioskd.hall.store import Store, StoreFailed
from tests.documents.conftest import jpeg
from tests.documents.keeper import QuickWorkshop
from tests.hall.conftest import Clock, matter  # noqa: F401
from tests.hall.conftest import plan as plan_fixture

KEEPER = Path(__file__).with_name("keeper.py")
SMALL = (1280, 960)
plan = plan_fixture


class Camera:
    """The handle of a camera: what it sees next is what the test lays there."""

    name = "camera-1"

    def __init__(self):
        self.next = sight.jpeg(sight.photograph(0, SMALL))

    def capture(self):
        taken = Future()
        if isinstance(self.next, Exception):
            taken.set_exception(self.next)
        else:
            taken.set_result(self.next if isinstance(self.next, Picture) else read_jpeg(self.next))
        return taken


@pytest.fixture
def camera():
    return Camera()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def hall(tmp_path, plan, clock):
    store = Store(tmp_path / "hall.db")
    hall = Hall(store, plan, clock)
    hall.sign_in(1, "li")
    hall.open(1)
    yield hall
    store.close()


@pytest.fixture
def ticket(hall):
    hall.issue("note")
    return hall.call_next(1).id


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "documents")


@pytest.fixture
def desk(hall, folder):
    return DocumentDesk(hall, folder, keep_days=30)


@pytest.fixture
def kept(hall, folder, camera, ticket):
    """A document of one page."""
    desk = DocumentDesk(hall, folder, keep_days=30, workshop=QuickWorkshop())
    page = desk.take_page(camera, ticket, 1)
    return desk.finish(ticket, 1, [page.id], by="page:clerk")


def names(folder):
    return sorted(file.name for file in folder._path.iterdir() if file.is_file())


# --- taking ---


def test_a_page_is_photographed_straightened_and_kept_as_a_pdf_that_poppler_opens(
    desk, camera, ticket, folder, tmp_path
):
    first = desk.take_page(camera, ticket, 1)
    assert first.found
    assert first.height_px > first.width_px
    camera.next = sight.jpeg(sight.photograph(None, SMALL))
    second = desk.take_page(camera, ticket, 1)
    assert not second.found
    assert (second.width_px, second.height_px) == SMALL
    embedded = desk.page_file(ticket, second.id).read_bytes()
    assert embedded == camera.next, "a picture without a page is kept as the camera sent it"

    document = desk.finish(ticket, 1, [first.id, second.id])
    assert (document.pages, document.material_name, document.taken_by, document.window) == (
        2,
        "居民身份证原件",
        "li",
        1,
    )
    _, file = desk.open(document.id)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == document.file == file.name
    assert embedded in file.read_bytes(), "the JPEG is in the PDF unchanged"
    told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert "Pages:           2" in told
    assert "A4" in told
    subprocess.run(["pdftoppm", "-r", "60", "-png", file, tmp_path / "page"], check=True)
    with Image.open(tmp_path / "page-1.png") as drawn:
        assert drawn.convert("L").getpixel((drawn.width // 2, drawn.height // 3)) > 150
    with pytest.raises(DocumentFailed):
        desk.page_file(ticket, first.id)


def test_a_clerk_can_keep_the_whole_picture(desk, camera, ticket):
    page = desk.take_page(camera, ticket, 1, crop=False)
    assert not page.found
    assert (page.width_px, page.height_px) == SMALL


def test_a_page_can_be_taken_again(desk, camera, ticket, folder):
    page = desk.take_page(camera, ticket, 1)
    desk.drop_page(ticket, page.id)
    assert list(folder.pages.iterdir()) == []
    with pytest.raises(DocumentFailed, match="take it again"):
        desk.finish(ticket, 1, [page.id])


def test_a_page_belongs_to_its_ticket(desk, camera, ticket, hall):
    page = desk.take_page(camera, ticket, 1)
    hall.hold(1)
    hall.issue("note")
    other = hall.call_next(1).id
    with pytest.raises(DocumentFailed):
        desk.page_file(other, page.id)
    with pytest.raises(DocumentFailed):
        desk.finish(other, 1, [page.id])


def test_only_for_a_ticket_that_somebody_serves_and_a_material_that_there_is(desk, camera, hall, ticket):
    waiting = hall.issue("note").id
    with pytest.raises(Refused, match="wrong_state"):
        desk.take_page(camera, waiting, 1)
    for material in (3, -1):
        with pytest.raises(NotFound, match="unknown_material"):
            desk.take_page(camera, ticket, material)
    assert desk.take_page(camera, ticket, 1)


def test_a_camera_that_does_not_answer_leaves_nothing_behind(desk, camera, ticket, folder):
    camera.next = NoAnswer("camera-1 does not answer")
    with pytest.raises(NoAnswer):
        desk.take_page(camera, ticket, 1)
    assert list(folder.pages.iterdir()) == []


# --- hostile pictures ---


def bomb():
    """A JPEG whose head promises a square of 65,000 pixels."""
    data = bytearray(jpeg(Image.new("RGB", (64, 64))))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = (65000).to_bytes(2, "big") * 2
    return bytes(data)


def mangled(seed):
    dice, data = random.Random(seed), bytearray(jpeg(sight.photograph(0, (640, 480))))
    for _ in range(40):
        data[dice.randrange(300, len(data) - 2)] = dice.randrange(256)
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        b"GIF89a" * 100,
        bomb(),
        jpeg(Image.new("RGB", (8, 8))),
        b"\xff\xd8" + b"\xff" * 5000,
    ],
    ids=["nothing", "a head and an end", "no JPEG", "a bomb", "a speck", "endless head"],
)
def test_what_is_no_picture_is_refused_by_its_head(data):
    with pytest.raises(ValueError, match=r"\w"):
        read_jpeg(data)


def test_a_bomb_that_came_past_the_driver_is_refused_by_the_child(desk, camera, ticket, folder):
    camera.next = Picture(bomb(), 64, 64)
    with pytest.raises(DocumentFailed, match="broken"):
        desk.take_page(camera, ticket, 1)
    assert list(folder.pages.iterdir()) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_mangled_picture_is_a_page_or_refused_but_never_more(desk, camera, ticket, folder, seed):
    camera.next = Picture(mangled(seed), 640, 480)
    try:
        desk.take_page(camera, ticket, 1)
    except DocumentFailed as failed:
        assert failed.code == "page_broken"  # noqa: PT017


def test_a_child_that_hangs_is_ended_and_one_that_dies_is_told(desk, hall, folder, camera, ticket):
    for script, code in (
        ("import time; time.sleep(60)", "page_slow"),
        ("import os; os.abort()", "page_broken"),
        ("print('nonsense')", "page_broken"),
    ):
        shop = Workshop(command=(sys.executable, "-c", script), deadline_s=2.0)
        strange = DocumentDesk(hall, folder, keep_days=30, workshop=shop)
        with pytest.raises(DocumentFailed) as failed:
            strange.take_page(camera, ticket, 1)
        assert failed.value.code == code
    assert list(folder.pages.iterdir()) == []


def test_the_child_may_not_take_more_memory_than_it_is_given(tmp_path):
    hog = (
        "from kioskd.documents import child;"
        "child.make_page = lambda *a, **k: bytearray(4 * 2**30);"
        "import sys; sys.exit(child.main(['page', 'a', 'b']))"
    )
    with pytest.raises(DocumentFailed, match="memory"):
        Workshop(command=(sys.executable, "-c", hog))._ask([])


@pytest.mark.parametrize(("module", "code"), [("cv2", None), ("img2pdf", "no_pdf_library")])
def test_without_the_extra_the_whole_picture_is_kept_and_a_pdf_is_refused_with_the_step(
    hall, folder, camera, ticket, module, code
):
    start = f"import sys; sys.modules['{module}'] = None; from kioskd.documents import child; sys.exit(child.main(sys.argv[1:]))"  # noqa: E501
    desk = DocumentDesk(hall, folder, keep_days=30, workshop=Workshop(command=(sys.executable, "-c", start)))
    page = desk.take_page(camera, ticket, 1)
    if code is None:
        assert (page.found, page.note) == (False, "no_opencv")
        assert desk.finish(ticket, 1, [page.id]).pages == 1
    else:
        with pytest.raises(DocumentFailed, match=r"pip install 'kioskd\[camera\]'"):
            desk.finish(ticket, 1, [page.id])
        assert desk.page_file(ticket, page.id).exists(), "the pages are still there for another try"


# --- privacy ---


def test_files_are_ours_alone_and_their_names_say_nothing(desk, camera, ticket, folder, kept):
    page = desk.take_page(camera, ticket, 1)
    everything = [folder._path, folder.pages, *folder._path.iterdir(), *folder.pages.iterdir()]
    for path in everything:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert names(folder) == [kept.file]
    assert page.id in {file.stem for file in folder.pages.iterdir()}


def test_every_look_is_noted_before_anything_is_shown(desk, hall, kept):
    desk.open(kept.id, window=1, by="page:clerk")
    desk.open(kept.id, by="token:archive")
    assert [(view.window, view.viewed_by) for view in hall.document_views(kept.id)] == [
        (None, "token:archive"),
        (1, "li"),
    ]
    (listed,) = hall.documents(kept.ticket)
    assert listed.views == 2


def test_a_look_that_cannot_be_noted_shows_nothing(desk, hall, kept):
    hall.store.close()
    with pytest.raises(Exception, match="closed"):
        desk.open(kept.id)


def test_nothing_personal_is_logged(desk, hall, camera, ticket, caplog):
    caplog.set_level(logging.DEBUG)
    page = desk.take_page(camera, ticket, 1)
    document = desk.finish(ticket, 1, [page.id])
    desk.open(document.id)
    desk.delete(document.id)
    for secret in (page.id, document.file, "居民身份证", str(camera.next[:20])):
        assert secret not in caplog.text
    assert repr(read_jpeg(camera.next)) == f"<Picture 1280x960, {len(camera.next)} bytes>"


# --- the end of their time ---


def test_a_deleted_document_is_gone_for_everybody_and_its_row_stays(desk, hall, folder, kept):
    gone = desk.delete(kept.id, by="page:clerk")
    assert gone.deleted_because == "clerk"
    assert names(folder) == []
    assert hall.documents(kept.ticket) == []
    for again in (desk.open, desk.delete):
        with pytest.raises(Refused, match="document_deleted"):
            again(kept.id)


def test_documents_are_deleted_when_their_time_is_over_and_not_before(desk, hall, folder, kept, clock):
    clock.vouched_for = True
    clock.time += timedelta(days=29, hours=23)
    assert desk.delete_due() == 0
    clock.time += timedelta(hours=1)
    assert desk.delete_due() == 1
    assert names(folder) == []
    with hall.store.read() as snapshot:
        assert snapshot.value("SELECT deleted_because FROM documents") == "retention"


def test_a_clock_that_jumped_and_nobody_vouches_for_deletes_nothing(desk, hall, folder, kept, clock):
    clock.time += timedelta(days=4000)
    assert desk.delete_due() == 0
    assert names(folder) == [kept.file]


def test_two_documents_of_the_same_content_share_a_file_until_both_are_gone(
    hall, camera, ticket, folder, mocker
):
    mocker.patch("random.randbytes", return_value=b"the same")
    desk = DocumentDesk(hall, folder, keep_days=30, workshop=QuickWorkshop())
    documents = [desk.finish(ticket, 1, [desk.take_page(camera, ticket, 1).id]) for _ in range(2)]
    assert len({document.file for document in documents}) == 1
    desk.delete(documents[0].id)
    assert names(folder) == [documents[0].file]
    desk.delete(documents[1].id)
    assert names(folder) == []


def test_pages_that_nobody_finished_are_forgotten(desk, camera, ticket, folder, mocker):
    desk.take_page(camera, ticket, 1)
    clock = mocker.patch.object(desk_module.time, "monotonic")
    clock.return_value = time.perf_counter() + 10**6
    desk.tick()
    assert list(folder.pages.iterdir()) == []


def test_a_start_sweeps_what_a_crash_left(desk, hall, folder, kept, camera, ticket):
    desk.take_page(camera, ticket, 1)
    (folder._path / ("ab" * 32)).write_bytes(b"written, never listed")
    folder.new_draft().write_bytes(b"half a PDF")
    DocumentDesk(hall, folder, keep_days=30)
    assert names(folder) == [kept.file]
    assert list(folder.pages.iterdir()) == []


def test_killed_at_any_moment_no_row_lacks_its_file_and_no_file_its_row(tmp_path, plan):
    around_the_clock = DayRules(starts=datetime.min.time(), closes=datetime.min.time(), wind_up_after_min=0)
    plan = msgspec.structs.replace(plan, hours=(), day=around_the_clock)
    plan_file = tmp_path / "plan.json"
    plan_file.write_bytes(msgspec.json.encode(plan))
    store = Store(tmp_path / "hall.db")
    hall = Hall(store, plan)
    hall.open(1)
    hall.issue("note")
    ticket = hall.call_next(1).id
    folder = Folder(tmp_path / "documents")
    dice = random.Random()
    acknowledged = {}
    for _ in range(4):
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.documents.keeper", tmp_path, plan_file, str(ticket)],
            stdout=subprocess.PIPE, text=True, cwd=KEEPER.parents[2],
        )  # fmt: skip
        first = keeper.stdout.readline()
        time.sleep(dice.uniform(0.05, 0.3))
        keeper.send_signal(signal.SIGKILL)
        for line in [first, *keeper.stdout]:
            what, _, number = line.strip().partition(" ")
            acknowledged[int(number)] = what
        keeper.wait()
        assert first
        with store.read() as snapshot:
            rows = snapshot.all("SELECT id, file, deleted_at FROM documents")
        live = {row["file"] for row in rows if row["deleted_at"] is None}
        assert live <= set(names(folder)), "a document is listed whose file is not there"
        DocumentDesk(hall, folder, keep_days=30)
        assert set(names(folder)) == live
        for row in rows:
            said = acknowledged.get(row["id"])
            assert said != "deleted" or row["deleted_at"] is not None
        assert set(acknowledged) <= {row["id"] for row in rows}
    assert "deleted" in acknowledged.values()
    store.close()


def test_a_full_disk_at_the_start_keeps_nobody_from_opening_the_hall(hall, folder, kept, mocker, caplog):
    mocker.patch.object(hall, "documents_due", side_effect=StoreFailed("database or disk is full"))
    DocumentDesk(hall, folder, keep_days=30)
    assert "could not be deleted yet: database or disk is full" in caplog.text


def test_a_page_that_the_disk_has_no_room_for_leaves_nothing_behind(desk, camera, ticket, folder, mocker):
    write_page = folder.write_page

    def half(file, data):
        write_page(file, data[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    mocker.patch.object(folder, "write_page", half)
    with pytest.raises(OSError, match="No space left"):
        desk.take_page(camera, ticket, 0)
    assert list(folder.pages.iterdir()) == []
