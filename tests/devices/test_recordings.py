"""Recorded conversations, played again to today's drivers: what came of them then must come of them now."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from kioskd.cli import main
from kioskd.devices.device import Device
from kioskd.devices.followers import Noted, Tapped
from kioskd.devices.kinds import Sign, SignState
from kioskd.devices.profile_files import load_profile
from kioskd.devices.recording import Line, differences, read_recording, show_in_words, sign_of
from kioskd.devices.replay import recorded_events, recorded_sent, replay
from kioskd.reading import Mistakes

RECORDED = sorted((Path(__file__).parent.parent / "recorded").glob("*.capture"))


def kioskd(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="kioskd")


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_a_recorded_conversation_makes_the_same_events_and_the_same_bytes(file):
    recording = read_recording(file)
    played = replay(recording, load_profile(recording.head["profile"]))
    assert differences(recorded_events(recording), played.events) == []
    assert recorded_sent(recording) in (None, played.sent)
    assert recording.of("received") or recording.of("sent")


def test_the_recordings_are_what_their_names_say():
    assert {file.stem for file in RECORDED} >= {"ff68-pad-local-echo", "escpos-status", "pinganlihe-strip"}
    pad = read_recording(next(file for file in RECORDED if file.stem == "ff68-pad-local-echo"))
    events = recorded_events(pad)
    assert events.count("key call") == 1  # on this wire each acknowledgement came back as a key
    assert {"key abandon", "health offline port_lost", "health online"} <= set(events)


def test_a_change_of_the_driver_is_seen(tmp_path):
    text = next(file for file in RECORDED if file.stem == "escpos-status").read_text("utf-8")
    changed = tmp_path / "changed.capture"
    low = text.replace("< 7E ", "< 1E ").replace("< 32 ", "< 12 ")  # the paper is only low
    changed.write_text(low, encoding="utf-8")
    done = kioskd("profile", "replay", changed)
    assert done.exit_code == 1
    assert "- health fault paper_out" in done.output
    assert "+ health degraded paper_low" in done.output
    same = kioskd("profile", "replay", RECORDED[0], "--json")
    assert (same.exit_code, msgspec.json.decode(same.output)["agree"]) == (0, True)


def test_a_pad_without_its_echo_bookkeeping_would_call_twice(tmp_path):
    """The recording proves something: a line that says it has no echo takes each echo for a press."""
    pad = next(file for file in RECORDED if file.stem == "ff68-pad-local-echo")
    changed = tmp_path / "changed.capture"
    changed.write_text(
        pad.read_text("utf-8")
        .replace("# local_echo: unknown", "# local_echo: no")
        .replace("# health: online", '# options: {"resend_s": 0.001}\n# health: online'),
        encoding="utf-8",
    )
    assert kioskd("profile", "replay", changed).exit_code == 1


def test_what_cannot_be_read_is_told_by_its_line(tmp_path):
    file = tmp_path / "broken.capture"
    file.write_text("# kioskd capture 1\n# profile: ff68\n0.000 < FF 6\n0.1 what\n", encoding="utf-8")
    with pytest.raises(Mistakes) as wrong:
        read_recording(file)
    assert [mistake.key for mistake in wrong.value.mistakes] == ["line 3", "line 4"]
    done = kioskd("profile", "replay", file)
    assert done.exit_code == 1
    assert "2 mistakes" in done.output
    file.write_text("nothing of ours\n", encoding="utf-8")
    assert "no recording of ours" in kioskd("profile", "replay", file).output
    file.write_text("# kioskd capture 1\n# profile: ff69\n", encoding="utf-8")
    assert "there is no such profile (did you mean 'ff68'?)" in kioskd("profile", "replay", file).output
    file.write_text("# kioskd capture 1\n# profile: ff68\n0.0 did show {}\n", encoding="utf-8")
    assert "cannot be played" in kioskd("profile", "replay", file).output


def test_lines_are_written_as_they_are_read():
    line = Line(0.2134, "received", b"\xff\x68", words="half a frame")
    assert str(line) == "0.213 < FF 68    # half a frame"
    sign = Sign(state=SignState.CALL, window=3, number="A012", waiting=2, text="请A012到3号窗口")
    assert sign_of(show_in_words(sign)) == sign


def test_a_card_readers_bytes_are_in_no_recording():
    from drivers.sdt.driver import SdtReader
    from kioskd.devices.profile_files import options_of
    from kioskd.devices.specs import DeviceSpec

    profile = load_profile("sdt-serial")
    options = options_of(profile, SdtReader, {})
    reader = Device(DeviceSpec(name="r", title="", profile=profile, port="p"), SdtReader, options, print)
    heard = []
    end = reader.followers.follow(heard.append)
    reader.passed("received", b"110101199003070000")
    end()
    reader.passed("received", b"more")
    assert [type(one) for one in heard] == [Tapped]
    assert (heard[0].data, heard[0].hidden_bytes) == (b"", 18)
    assert not isinstance(heard[0], Noted)
