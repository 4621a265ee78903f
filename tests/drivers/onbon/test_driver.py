"""The driver on a real pseudo-terminal, told as a conversation on the wire."""

import pytest

from drivers.onbon import commands
from drivers.onbon.driver import OnbonDisplay
from drivers.onbon.frames import BROADCAST, Packet, encode
from kioskd.devices.health import State
from kioskd.devices.kinds import Sign, SignState
from kioskd.devices.profiles import Timing
from kioskd.devices.testing import Conversation

ACK = "A0 00 00 00 00"
CALL = Sign(state=SignState.CALL, window=3, number="A012", text="请A012到3号窗口")
QUICK = {"answer_s": 5.0, "ask_facts": False}
"""Patient: a machine that tests are run on may be slow."""
HEADER = "01 00 00 80 00 00 00 00 00 00 FE 02"


def frame(command, to=BROADCAST):
    return encode(Packet(to=to, data=command.data)).hex(" ")


@pytest.fixture
def talking(profile, told):
    """A conversation that has met the controller: it was pinged and switched on."""

    def start(talk):
        for command in (commands.ping(), commands.power(True)):
            talk.expect(frame(command))
            talk.device(told(ACK))
        talk.expect_state(State.ONLINE)
        return talk

    return start


def test_a_strip_is_found_lit_and_shows_a_call_in_red(profile, told, talking, heard):
    with Conversation(OnbonDisplay, profile=profile(width=128, **QUICK)) as talk:
        talking(talk)
        talk.host(lambda strip: strip.show(CALL))
        shown = heard(talk)
        talk.device(told(ACK))
    assert shown == (
        "A3 06 01 00 00 00 01 2D 00 00 00 00 00 00 10 00 10 00 00 00 00 05 00 00 00 00 02 01 01 00 04 08"
        " 12 00 00 00 5C 43 31 C7 EB 41 30 31 32 B5 BD 33 BA C5 B4 B0 BF DA"
    )


def test_a_screen_with_an_address_is_spoken_to_by_it(profile, told):
    with Conversation(OnbonDisplay, profile=profile(**QUICK), address=1) as talk:
        talk.expect(f"A5 A5 A5 A5 A5 A5 A5 A5 {HEADER} 05 00 A2 00 01 00 00 68 F8 5A")


def test_the_brightness_of_the_hall_file_is_set_when_it_is_met(profile, told, heard):
    with Conversation(OnbonDisplay, profile=profile(brightness=8, power_on=False, **QUICK)) as talk:
        talk.expect(frame(commands.ping()))
        talk.device(told(ACK))
        set_to = heard(talk)
        talk.device(told(ACK))
        talk.expect_state(State.ONLINE)
    assert set_to == "A3 02 01 00 00 01 08" + " 08" * 48


def test_a_brightness_that_is_not_known_is_a_fact_and_no_fault(profile, told, heard):
    with Conversation(OnbonDisplay, profile=profile(brightness=8, power_on=False, **QUICK)) as talk:
        talk.expect(frame(commands.ping()))
        talk.device(told(ACK))
        heard(talk)
        talk.device(told("A0 01 02 00 00"))
        talk.expect_state(State.ONLINE)
        assert talk.handle.health().facts["brightness"] == "not supported (error 2: no such command)"


def test_what_it_refuses_is_a_fault_that_says_why_and_ends_with_the_next_that_it_takes(
    profile, told, talking, heard
):
    with Conversation(OnbonDisplay, profile=profile(**QUICK)) as talk:
        talking(talk)
        talk.host(lambda strip: strip.show(CALL))
        heard(talk)
        talk.device(told("A0 01 04 00 00"))
        talk.expect_state(State.FAULT, "refused")
        [reason] = talk.handle.health().reasons
        assert reason.detail == "dynamic area: error 4: out of memory"
        talk.expect_nothing()
        talk.host(lambda strip: strip.show(Sign(state=SignState.PAUSED, window=3, text="暂停服务")))
        heard(talk)
        talk.device(told(ACK))
        talk.expect_state(State.ONLINE)


def test_a_refusal_ends_too_when_the_area_goes_dark(profile, told, talking, heard):
    with Conversation(OnbonDisplay, profile=profile(texts={"closed": ""}, **QUICK)) as talk:
        talking(talk)
        talk.host(lambda strip: strip.show(CALL))
        heard(talk)
        talk.device(told("A0 01 04 00 00"))
        talk.expect_state(State.FAULT, "refused")
        talk.host(lambda strip: strip.show(Sign(state=SignState.CLOSED, window=3)))
        assert heard(talk) == "A3 06 01 00 00 01 00 00"
        talk.device(told(ACK) + told("A0"))
        talk.expect_state(State.ONLINE)


def test_a_number_that_cannot_be_shown_leaves_the_area_dark(profile, told, talking, heard):
    with Conversation(OnbonDisplay, profile=profile(**QUICK)) as talk:
        talking(talk)
        talk.host(lambda strip: strip.show(Sign(state=SignState.CALL, window=3, number="Ä1", text="Ä1")))
        assert heard(talk) == "A3 06 01 00 00 01 00 00"
        talk.device(told(ACK))
        talk.expect_state(State.ONLINE)
        talk.settle()
        assert talk.handle.health().counters["cannot_express"] == 1


def test_a_busy_controller_is_asked_again(profile, told, talking, heard):
    with Conversation(OnbonDisplay, profile=profile(**QUICK)) as talk:
        talking(talk)
        talk.host(lambda strip: strip.show(CALL))
        first = heard(talk)
        talk.device(told("A0 01 03 00 00"))
        assert heard(talk) == first
        talk.device(told(ACK))
        talk.expect_state(State.ONLINE)
        counters = talk.handle.health().counters
        assert (counters["nack"], counters["sent_again"]) == (1, 1)


def test_an_answer_that_is_lost_is_waited_for_and_the_command_sent_again(profile, told, talking):
    with Conversation(OnbonDisplay, profile=profile(answer_s=1.0, ask_facts=False)) as talk:
        talk.expect(frame(commands.ping()))
        spoilt = told(ACK).replace(b"\xa0\x00", b"\xa0\x01")
        talk.device(spoilt)
        talking(talk)
        assert talk.handle.health().counters["bad_checksum"] == 1


def test_a_controller_that_never_answers_is_offline(profile):
    options = {"answer_s": 0.05, "retries": 1, "ask_facts": False}
    with Conversation(OnbonDisplay, profile=profile(**options)) as talk:
        talk.expect(frame(commands.ping()) + frame(commands.ping()))
        talk.expect_state(State.OFFLINE, "no_answer")
        [reason] = talk.handle.health().reasons
        assert "was sent ping 2 times and gave no answer" in reason.detail


def test_after_the_cable_was_pulled_all_is_shown_again(profile, told, talking, heard):
    with Conversation(OnbonDisplay, profile=profile(**QUICK)) as talk:
        talking(talk)
        talk.host(lambda strip: strip.show(CALL))
        shown = heard(talk)
        talk.device(told(ACK))
        talk.settle()
        talk.unplug()
        talk.expect_state(State.OFFLINE, "port_missing")
        talk.plug()
        talking(talk)
        assert heard(talk) == shown


def test_our_own_bytes_read_back_are_no_answer(profile, told):
    options = {"answer_s": 0.2, "retries": 0, "ask_facts": False}
    with Conversation(OnbonDisplay, profile=profile(**options), echo=True) as talk:
        talk.expect_state(State.OFFLINE, "no_answer")
        assert talk.handle.health().counters["echo"] >= 1


def test_what_it_tells_about_itself_becomes_facts(profile, told, talking):
    strip = profile(answer_s=5.0, timing=Timing(poll_s=0.1))
    with Conversation(OnbonDisplay, profile=strip) as talk:
        talking(talk)
        talk.expect(frame(commands.ping()))
        talk.device(told(ACK))
        talk.expect(frame(commands.ask_firmware()))
        talk.device(told("A2 04 00 00 00 35 4B 31 00 56 31 2E 32 00"))
        talk.expect(frame(commands.ask_status()))
        talk.device(told("A1 02 00 00 00 01 0C 20 26", model=0x54))
        talk.expect(frame(commands.ping()))
        facts = talk.handle.health().facts
    assert facts == {
        "controller": "BX-5MK1",
        "firmware": "5K1 V1.2",
        "power": "on",
        "brightness": "12",
    }


def test_a_question_it_does_not_know_is_not_supported_and_one_it_leaves_unanswered_unknown(
    profile, told, talking
):
    strip = profile(answer_s=1.0, timing=Timing(poll_s=0.1))
    with Conversation(OnbonDisplay, profile=strip) as talk:
        talking(talk)
        talk.expect(frame(commands.ping()))
        talk.device(told(ACK))
        talk.expect(frame(commands.ask_firmware()))
        talk.device(told("A0 01 02 00 00"))
        talk.expect(frame(commands.ask_status()))
        talk.expect(frame(commands.ping()))
        talk.device(told(ACK))
        facts = talk.handle.health().facts
    assert (facts["firmware"], facts["power"]) == ("not supported", "unknown")
