"""A device on a cable of its own: what it is sent, what it says, and what a pulled cable does."""

import concurrent.futures

import pytest

from kioskd.devices.driver import Driver
from kioskd.devices.errors import CannotExpress, NoAnswer, NothingSent, PortError, PrintUnknown
from kioskd.devices.health import Reason, State
from kioskd.devices.kinds import (
    KeyPressed,
    Kind,
    PrintEnd,
    PrintJob,
    Sign,
    Signal,
    SignState,
)
from kioskd.devices.profiles import Profile, Timing
from kioskd.devices.testing import Conversation, until

CALL = Sign(state=SignState.CALL, window=3, number="A012")


def job(data: bytes = b"paper", on_first_byte=lambda: None) -> PrintJob:
    return PrintJob(data=data, mark=1, on_first_byte=on_first_byte)


@pytest.fixture
def talk(letter_box, profile):
    with Conversation(letter_box, profile=profile, address=7) as talk:
        talk.expect("07 3F")
        talk.device("07 21")
        talk.expect_state(State.ONLINE)
        yield talk


def test_the_newest_sign_is_sent_once(talk):
    for number in ("A010", "A011", "A012"):
        talk.host(lambda device, number=number: device.show(Sign(state="call", window=3, number=number)))
    until(lambda: b"A012" in talk.hear(6), what="the newest sign")
    talk.host(lambda device: device.show(CALL))
    talk.settle()


def test_a_sign_that_is_shown_already_is_not_sent_again(talk):
    talk.host(lambda device: device.show(CALL))
    talk.expect("07 53 41 30 31 32")
    talk.host(lambda device: device.show(CALL))
    talk.expect_nothing()


def test_a_key_is_told_and_other_addresses_are_not(talk):
    talk.device("07 4B")
    talk.device("08 4B")
    assert talk.events == [KeyPressed("device", "call")]


def test_after_a_reconnect_the_sign_is_sent_again(talk):
    talk.host(lambda device: device.show(CALL))
    talk.expect("07 53 41 30 31 32")
    talk.unplug()
    talk.expect_state(State.OFFLINE, "port_missing")
    talk.plug()
    talk.expect("07 3F")
    talk.device("07 21")
    talk.expect("07 53 41 30 31 32")
    talk.expect_state(State.ONLINE)
    assert talk.handle.health().counters["opened"] == 2


def test_a_job_without_a_port_fails_at_once_with_nothing_sent(talk):
    talk.unplug()
    talk.expect_state(State.OFFLINE, "port_missing")
    with pytest.raises(NothingSent, match="port_missing"):
        talk.host(lambda device: device.print(job())).result(1)
    with pytest.raises(NoAnswer):
        talk.host(lambda device: device.signal(Signal.BEEP)).result(1)


def test_a_job_is_told_of_its_first_byte_and_its_end(talk):
    first_bytes = []
    end = talk.host(lambda device: device.print(job(b"\x07P", lambda: first_bytes.append(1))))
    assert end.result(10) == PrintEnd.SENT
    assert first_bytes == [1]
    talk.expect("07 50")


def test_a_refused_first_byte_sends_nothing(talk):
    def refuse() -> None:
        raise OSError("the journal cannot be written")

    end = talk.host(lambda device: device.print(job(b"\x07P", refuse)))
    with pytest.raises(NothingSent):
        end.result(10)
    talk.expect_nothing()


def test_a_silent_device_is_offline_and_comes_back_when_it_speaks(letter_box, profile):
    with Conversation(letter_box, profile=profile, address=7) as talk:
        talk.expect_state(State.OFFLINE, "no_answer")
        talk.expect("07 3F")
        while talk.handle.health().state != State.ONLINE:
            if talk.hear(2, timeout_s=1) == b"\x07?":
                talk.device("07 21")
            talk.settle()
        assert talk.handle.health().counters["no_answer"] >= 1


def test_a_silent_printer_is_asked_to_print_all_the_same(letter_box, profile):
    with Conversation(letter_box, profile=profile, address=7) as talk:
        talk.expect_state(State.OFFLINE, "no_answer")
        assert talk.host(lambda device: device.print(job(b"PAPER"))).result(10) == PrintEnd.SENT
        heard = b""
        while b"PAPER" not in heard:
            heard += talk.hear(1)


def test_twelve_threads_order_at_once_and_nothing_interleaves(talk):
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        ends = list(pool.map(lambda n: talk.handle.print(job(bytes([65 + n]) * 500)), range(12)))
    assert {end.result(30) for end in ends} == {PrintEnd.SENT}
    paper = talk.hear(12 * 500)
    pieces = {paper[start : start + 500] for start in range(0, 6000, 500)}
    assert pieces == {bytes([65 + n]) * 500 for n in range(12)}


def test_the_tap_hears_both_directions_and_can_be_closed(talk):
    heard = []
    close = talk.handle.tap(lambda tapped: heard.append((tapped.direction, tapped.data)))
    talk.host(lambda device: device.show(CALL))
    talk.expect("07 53 41 30 31 32")
    talk.device("07 4B")
    talk.settle()
    assert ("sent", b"\x07SA012") in heard
    assert b"".join(data for direction, data in heard if direction == "received") == b"\x07K"
    close()
    talk.device("07 4B")
    talk.settle()
    assert b"".join(data for direction, data in heard if direction == "received") == b"\x07K"


def test_the_silence_after_bytes_is_told_once_and_by_the_drivers_own_word(letter_box, profile):
    class Listens(letter_box):
        silences = 0

        def silence(self) -> None:
            Listens.silences += 1
            self.link.pressed("silence")

    with Conversation(Listens, profile=profile, address=7) as talk:
        talk.expect("07 3F")
        talk.device("07 21")
        talk.expect_state(State.ONLINE)
        talk.settle()
        before = Listens.silences
        talk.device("07")
        assert talk.events[-1] == KeyPressed("device", "silence")
        assert Listens.silences == before + 1
        talk.expect_nothing()
        assert Listens.silences == before + 1


# --- drivers that go wrong ---


def bad(**methods) -> tuple[type[Driver], Profile]:
    driver = type("Bad", (Driver,), {"kinds": frozenset(Kind), **methods})
    return driver, Profile(
        name="bad", title="", driver="bad", kinds=frozenset(Kind), timing=Timing(poll_s=0.05)
    )


def test_a_driver_that_raises_is_a_fault_of_its_device_only():
    def fail(self, data: bytes) -> None:
        raise RuntimeError("a bug")

    driver, profile = bad(received=fail)
    with Conversation(driver, profile=profile) as talk:
        talk.expect_state(State.ONLINE)
        talk.device("00")
        until(lambda: talk.handle.health().counters.get("driver_error"), what="the fault")
        talk.expect_state(State.ONLINE)  # probed again and well
        assert talk.handle.health().counters["opened"] == 1


def test_a_driver_that_waits_while_it_is_handed_bytes_is_stopped_from_it():
    driver, profile = bad(received=lambda self, data: self.link.pause(1))
    with Conversation(driver, profile=profile) as talk:
        talk.device("00")
        until(lambda: talk.handle.health().counters.get("driver_error"), what="the fault")


def test_a_reason_that_nobody_can_read_is_a_driver_error():
    driver, profile = bad(poll=lambda self: self.link.health(Reason("no_such_reason")))
    with Conversation(driver, profile=profile) as talk:
        talk.expect_state(State.FAULT, "driver_error")


def test_what_a_device_cannot_express_is_counted_and_not_tried_again():
    def show(self, sign: Sign) -> None:
        self.link.write(b"?")
        raise CannotExpress("letters")

    driver, profile = bad(show=show)
    with Conversation(driver, profile=profile) as talk:
        talk.host(lambda device: device.show(CALL))
        talk.expect("3F")
        talk.expect_nothing()
        assert talk.handle.health().counters["cannot_express"] == 1
        talk.expect_state(State.ONLINE)


def test_a_port_lost_after_bytes_were_taken_leaves_the_paper_unknown():
    def print_(self, job: PrintJob) -> PrintEnd:
        job.on_first_byte()
        self.link.write(job.data)
        self.link.wait(lambda: None, timeout_s=30)
        return PrintEnd.PRINTED

    driver, profile = bad(print=print_)
    with Conversation(driver, profile=profile) as talk:
        end = talk.host(lambda device: device.print(job(b"half")))
        talk.expect("68 61 6C 66")
        talk.unplug()
        with pytest.raises(PrintUnknown):
            end.result(10)


def test_a_stop_ends_a_driver_that_waits():
    driver, profile = bad(print=lambda self, job: self.link.wait(lambda: None, timeout_s=600))
    with Conversation(driver, profile=profile) as talk:
        end = talk.host(lambda device: device.print(job()))
    with pytest.raises(NothingSent):
        end.result(1)


def test_rendering_touches_no_port():
    driver, profile = bad(render=lambda self, document: self.link.write(b"x"))
    with Conversation(driver, profile=profile) as talk, pytest.raises(PortError):
        talk.handle.render(None)


def test_a_display_is_refreshed_when_its_profile_says_so(letter_box, mute_profile):
    profile = Profile(
        name="strip",
        title="",
        driver="x",
        kinds=mute_profile.kinds,
        notes="mute",
        timing=Timing(refresh_s=0.1),
    )
    with Conversation(letter_box, profile=profile, address=7) as talk:
        talk.host(lambda device: device.show(CALL))
        for _ in range(3):
            talk.expect("07 53 41 30 31 32")
