"""The device's side: what people see on it, press on it, and break on it."""

import pytest

from drivers.framed.emulator import EmulatedFramedDevice
from kioskd.devices.kinds import KeyPressed, Rated, Sign, Signal, SignState

CALL = bytes.fromhex("FF 68 03 03 68 01 01 0C 0E 16")


class Wire:
    """The emulator's hold on its line: what it sends is kept, its clock is moved by hand."""

    def __init__(self):
        self.clock_s = 50.0
        self.sent = []
        self.plugged = True

    def send(self, data):
        self.sent.append(data)

    def now_s(self):
        return self.clock_s

    def unplug(self):
        self.plugged = False

    def plug(self):
        self.plugged = True


class Bench:
    """An emulated device that ticks twenty times a second, and perhaps a driver at its wire's other end."""

    def __init__(self, profile, address, driver=None, cable=None):
        self.wire = Wire()
        self.device = EmulatedFramedDevice(self.wire, profile, address)
        self.driver, self.cable = driver, cable

    def run(self, seconds):
        for _ in range(round(seconds / 0.05)):
            self.wire.clock_s += 0.05
            if self.cable is not None:
                self.cable.clock_s += 0.05
                written, self.cable.written = self.cable.written, []
                for data in written:
                    self.device.received(data)
                sent, self.wire.sent = self.wire.sent, []
                for data in sent:
                    self.driver.received(data)
            self.device.tick()

    @property
    def view(self):
        return self.device.view()


@pytest.fixture
def bench(profile):
    """A device on the bench, alone."""
    return lambda name, address=1: Bench(profile(name), address)


@pytest.fixture
def joined(profile, plugged):
    """A device on the bench with its driver at the other end."""

    def join(name, address=1):
        driver, cable = plugged(profile(name), address=address)
        return Bench(profile(name), address, driver, cable)

    return join


# --- displays ---

LIT = [
    ("pinganlihe-v21", {"number": "B1234"}, "B1234", "请B1234到3号窗口"),
    ("pinganlihe-v21", {"number": "A012"}, "A012", "请A012到3号窗口"),
    ("pinganlihe-v21", {"state": "paused"}, "", "暂停服务"),
    ("pinganlihe-v21", {"state": "closed"}, "", "停止服务"),
    ("pinganlihe-v21", {"state": "welcome", "text": "12号窗口 社保"}, "", "12号窗口 社保"),
    ("zhongyi-strip", {"number": "A012"}, "A012", "请A012到3号窗口"),
    ("yongtai-strip", {"number": "A012"}, "A012", "请A012到3号窗口"),
    ("yongtai-strip-text", {"state": "paused"}, "", "暂停服务"),
    ("yindahuizhi-strip", {"number": "A012"}, "A012", "请A012到3号窗口"),
    ("yindahuizhi-board", {"state": "closed"}, "", "停止服务"),
    ("generic-text-strip", {"number": "A012"}, "A012", "请A012到3号窗口"),
    ("cd5220", {"number": "A012"}, "A012", "A012\nWindow 3"),
    ("cd5220", {"state": "closed"}, "", "Closed\nWindow 3"),
    ("led8", {"number": "A012"}, "012", "012"),
    ("led8", {"state": "welcome"}, "", ""),
]


@pytest.mark.parametrize(("name", "sign", "lit", "text"), LIT)
def test_what_the_driver_shows_is_what_people_read(joined, name, sign, lit, text):
    bench = joined(name)
    bench.driver.probe()

    bench.driver.show(Sign(**({"state": SignState.CALL, "window": 3} | sign)))
    bench.run(0.2)

    assert (bench.view["lit"], bench.view["text"]) == (lit, text)
    assert bench.view["bad_frames"] == {}


def test_a_pad_lights_the_queue_and_the_ticket_beeps_and_invites(joined):
    bench = joined("ff68")

    bench.driver.show(Sign(state=SignState.CALL, window=1, number="A012", waiting=5))
    bench.driver.signal(Signal.BEEP)
    bench.driver.signal(Signal.BEEP)
    bench.driver.signal(Signal.INVITE_RATING)
    bench.run(0.2)

    view = bench.view
    assert (view["lit"], view["waiting"], view["beeps"], view["rating_invited"]) == ("012", "5", 2, True)


def test_a_display_takes_only_what_is_for_its_address(bench):
    strip = bench("pinganlihe-v21", 2)

    strip.device.received(bytes.fromhex("A0 07 28 03 01 0C 22 03 42 42 FF"))

    assert strip.view["lit"] == ""


def test_a_garbled_frame_changes_nothing_and_is_counted(bench):
    strip = bench("pinganlihe-v21", 3)
    strip.device.received(bytes.fromhex("A0 07 28 03 01 0C 22 03 42 42 FF"))

    strip.device.received(bytes.fromhex("A0 07 28 03 01 0C 23 03 42 42 FF"))

    assert strip.view["lit"] == "B1234"
    assert strip.view["bad_frames"] == {"bad_checksum": 1}


def test_half_a_frame_is_forgotten_after_the_silence(bench):
    strip = bench("pinganlihe-v21", 3)
    frame = bytes.fromhex("A0 07 28 03 01 0C 22 03 42 42 FF")

    strip.device.received(frame[:4])
    strip.run(0.5)
    strip.device.received(frame)

    assert strip.view["lit"] == "B1234"


# --- keys and ratings ---


def test_a_pressed_key_reaches_the_driver_once_and_is_acknowledged(joined):
    bench = joined("ff68-keypad")

    bench.device.act("call")
    assert bench.view["waiting_for_answer"]
    bench.run(3)

    assert bench.cable.events == [KeyPressed("device", "call")]
    assert not bench.view["waiting_for_answer"]
    assert bench.view["unacknowledged"] == 0


def test_every_key_of_a_pad_arrives_by_its_name(joined):
    bench = joined("ff68-keypad")
    keys = [action.name for action in bench.device.actions() if action.group == "key"]

    for key in keys:
        bench.device.act(key)
        bench.run(6)  # longer than a digit waits for its confirm

    assert [event.key for event in bench.cable.events] == keys
    assert {"call", "recall", "abandon", "hold", "call_back", "digit_9", "confirm"} <= set(keys)


def test_every_rating_key_arrives_as_its_level_and_ends_the_invitation(joined):
    bench = joined("ff68-evaluator")
    bench.driver.signal(Signal.INVITE_RATING)
    bench.run(0.1)
    assert bench.view["rating_invited"]

    for level in (5, 4, 3, 2):
        bench.device.act(f"rate_{level}")
        bench.run(3)

    assert bench.cable.events == [Rated("device", level) for level in (5, 4, 3, 2)]
    assert not bench.view["rating_invited"]
    assert bench.view["unacknowledged"] == 0


def test_an_unacknowledged_key_is_sent_again_five_times_and_then_given_up(bench):
    pad = bench("ff68-keypad")

    pad.device.act("call")
    pad.run(5)

    assert pad.wire.sent == [CALL] * 6
    assert pad.view["unacknowledged"] == 1


def test_a_pad_waits_for_a_quiet_line(bench):
    pad = bench("ff68-keypad")
    pad.device.act("call")

    pad.device.received(b"\xa0")
    pad.device.tick()
    assert pad.wire.sent == []

    pad.run(0.1)
    assert pad.wire.sent == [CALL]


def test_a_device_offers_what_its_kinds_can_do(bench):
    def groups(name):
        return {action.group for action in bench(name).device.actions()}

    assert groups("ff68") == {"key", "rating", "fault"}
    assert groups("ff68-keypad") == {"key", "fault"}
    assert groups("ff68-evaluator") == {"rating", "fault"}
    assert groups("pinganlihe-v21") == {"fault"}


def test_four_rating_keys_are_four(bench):
    ratings = [action.name for action in bench("ff68-evaluator").device.actions() if action.group == "rating"]

    assert ratings == ["rate_5", "rate_4", "rate_3", "rate_2"]


@pytest.mark.parametrize("action", ["rate_1", "explode", "call"])
def test_what_it_does_not_have_cannot_be_done(bench, action):
    with pytest.raises(KeyError):
        bench("ff68-evaluator").device.act(action)


# --- faults ---


def test_a_silent_pad_neither_shows_nor_speaks_until_it_is_well_again(joined):
    bench = joined("ff68-keypad")
    bench.device.act("silent")

    bench.driver.show(Sign(state=SignState.CALL, window=1, number="A012"))
    bench.device.act("call")
    bench.run(4)
    assert (bench.view["lit"], bench.view["faults"], bench.cable.events) == ("", ["silent"], [])

    bench.device.act("silent")
    bench.device.act("call")
    bench.run(1)
    assert bench.cable.events == [KeyPressed("device", "call")]


def test_a_wrong_checksum_never_gets_through(joined):
    bench = joined("ff68-keypad")
    bench.device.act("wrong_checksum")

    bench.device.act("call")
    bench.run(5)

    assert bench.cable.events == []
    assert bench.cable.counters["bad_checksum"] == 6


def test_a_late_pad_is_late_and_still_one_press(joined):
    bench = joined("ff68-keypad")
    bench.device.act("late")

    bench.device.act("call")
    bench.run(1)
    assert bench.cable.events == []
    bench.run(4)

    assert bench.cable.events == [KeyPressed("device", "call")]


def test_its_cable_can_be_pulled_and_pushed_in(bench):
    pad = bench("ff68-keypad")

    pad.device.act("unplug")
    assert not pad.wire.plugged
    pad.device.act("plug")
    assert pad.wire.plugged


def test_a_device_that_answers_does_so(plugged, model):
    wire = {
        "frames": {"short": {"layout": "02 WORD 03", "max_bytes": 16}},
        "send": {"show": {"frame": "short", "fields": {"WORD": "{number:ascii}"}, "expect": "ok"}},
        "receive": {"ok": {"frame": "short", "fields": {"WORD": "06"}}},
        "show": {"call": ["show"]},
    }
    strip = Bench(model(wire), None)

    strip.device.received(b"\x02A012\x03")
    strip.run(0.1)

    assert strip.wire.sent == [b"\x02\x06\x03"]
    assert strip.view["lit"] == "A012"
