"""A card at the kiosk, from the emulated reader's wire to a real browser's screen."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from drivers.sdt.samples import samples
from kioskd.devices.profile_files import load_profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, running_emulators
from kioskd.hall.plan import Priority
from tests.web.conftest import PATIENCE_MS

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)

PROFILE = load_profile("sdt-serial")
PORTS = [PortSpec(name=name, at="emulator:", settings=PROFILE.port) for name in ("cards", "desk")]
READERS = [
    DeviceSpec(name="reader", title="", profile=PROFILE, port="cards"),
    DeviceSpec(name="desk-reader", title="", profile=PROFILE, port="desk"),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The emulated reader's process, with the sample cards beside it."""
    folder = tmp_path_factory.mktemp("emulators")
    with running_emulators(PORTS, READERS, folder) as client:
        client.folder = folder
        yield client


@pytest.fixture
def supervisor(desk):
    return Supervisor(PORTS, READERS, desk.folder, pace=QUICK)


@pytest.fixture
def windows():
    return {"desk-reader": 1}


@pytest.fixture
def at_work(rooms, desk):
    """Floor and devices at work, with no card on any reader."""
    for reader in READERS:
        desk.act(reader.name, "take_away")
    rooms.floor.start()
    rooms.supervisor.start()
    yield rooms
    rooms.supervisor.stop()
    rooms.floor.stop()


@pytest.fixture
def kiosk(open_page, at_work):
    """The kiosk's page, once the reader is ready."""
    page = open_page("/kiosk")
    expect(page.locator("#card-hint")).to_be_visible()
    return page


@pytest.fixture
def booked(hall, rooms, clock):
    number = samples()["booked"].whole_number
    return hall.people.book(
        "GA-1",
        clock.now() + timedelta(minutes=30),
        person_hash=rooms.floor.cards.person_hash(number, hall.people.today()),
        masked="",
    )


def test_an_appointment_is_checked_in_with_one_touch(kiosk, desk, booked, hall):
    expect(kiosk.locator("#card")).to_be_hidden()
    desk.act("reader", "lay_booked")
    offer = kiosk.locator("#card")
    expect(offer).to_contain_text("您预约了今天 10:00")
    expect(offer).to_contain_text("居民身份证换领")
    expect(offer.locator("#card-who")).to_have_text("王** 660***********4567")
    kiosk.locator("#card-check-in").click()
    expect(kiosk.locator("#number")).to_have_text("A001")
    expect(offer).to_be_hidden()
    expect(kiosk.locator("body")).not_to_contain_text("王**")
    (ticket,) = hall.queue().waiting
    assert ticket.priority is Priority.APPOINTMENT


def test_age_gives_a_priority_ticket_without_saying_so(kiosk, desk, hall):
    desk.act("reader", "lay_elder")
    expect(kiosk.locator("#card")).to_contain_text("您可以优先取号")
    kiosk.locator("#card-close").click()
    expect(kiosk.locator("#card")).to_be_hidden()
    expect(kiosk.locator("body")).not_to_contain_text("赵**")
    expect(kiosk.locator("#card-strip")).to_contain_text("下一张号优先")
    kiosk.locator('button[data-area="公安服务"]').click()
    kiosk.locator('section:not([hidden]) button[data-matter="GA-2"]').click()
    take = kiosk.locator("[data-take]:visible")
    expect(take).to_have_count(1)
    expect(take).to_contain_text("优先取号")
    take.click()
    expect(kiosk.locator("#number")).to_have_text("A001")
    expect(kiosk.locator("#card-strip")).to_be_hidden()
    assert hall.queue().waiting[0].priority is Priority.PRIORITY


def test_with_neither_the_page_says_so_and_goes_on_as_usual(kiosk, desk, hall):
    desk.act("reader", "lay_thirty")
    expect(kiosk.locator("#card")).to_contain_text("今天没有查到您的预约")
    kiosk.locator("#card-close").click()
    expect(kiosk.locator("#card-strip")).to_be_hidden()
    kiosk.locator('button[data-area="公安服务"]').click()
    kiosk.locator('section:not([hidden]) button[data-matter="GA-2"]').click()
    kiosk.locator('section:not([hidden]) [data-take="ordinary"]').click()
    expect(kiosk.locator("#number")).to_have_text("A001")
    assert hall.queue().waiting[0].priority is Priority.ORDINARY


@pytest.mark.parametrize(("card", "said"), [("foreigner", "这种证件本机不能识别"), ("damaged", "没有读出来")])
def test_a_card_that_cannot_be_used_is_told_in_words(kiosk, desk, card, said):
    desk.act("reader", f"lay_{card}")
    expect(kiosk.locator("#card")).to_contain_text(said)


def test_fifteen_seconds_later_no_trace_of_the_person_is_on_the_screen(kiosk, desk, booked):
    kiosk.clock.install()
    desk.act("reader", "lay_booked")
    expect(kiosk.locator("#card-who")).to_contain_text("王**")
    kiosk.clock.fast_forward(15_500)
    expect(kiosk.locator("#card")).to_be_hidden()
    assert "王**" not in kiosk.content()
    assert "660*" not in kiosk.content()
    expect(kiosk.locator("#card-strip")).to_contain_text("您今天有预约")
    kiosk.clock.run_for(32_000)  # nobody touches it, nor answers: whoever comes next is another
    expect(kiosk.locator("#card-strip")).to_be_hidden()


def test_the_hint_goes_when_the_reader_does(kiosk, desk):
    desk.unplug("cards")
    expect(kiosk.locator("#card-hint")).to_be_hidden()
    desk.plug("cards")
    expect(kiosk.locator("#card-hint")).to_be_visible()


# --- the clerk's window ---


def test_a_card_at_a_windows_reader_is_shown_masked_to_its_clerk_alone(open_page, kiosk, desk, booked):
    clerk, other = open_page("/clerk"), open_page("/clerk")
    other.locator("#window").select_option("2")
    desk.act("desk-reader", "lay_booked")
    expect(clerk.locator("#card")).to_contain_text("王** 660***********4567")
    expect(clerk.locator("#card")).to_contain_text("10:00 预约居民身份证换领")
    expect(other.locator("#card")).to_be_hidden()
    expect(kiosk.locator("#card")).to_be_hidden()
