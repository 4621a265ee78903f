"""`check` finds what is wrong with a profile before a device ever sees it."""

import msgspec
import pytest

from drivers.framed.driver import FramedDevice


def test_a_right_table_has_no_mistakes(strip, mistakes_in):
    assert mistakes_in(strip) == []


def change(strip, path, value):
    *folders, last = path.split("/")
    table = strip
    for folder in folders:
        table = table[folder]
    table[last] = value


FIELDS = "frames/strip/fields"
WRONG = [
    ("frames/strip/layout", "LEN ADDR DATA SUM FF",
     "wire.frames.strip.layout: a frame begins with a literal byte"),
    ("frames/strip/layout", "ADDR LEN DATA SUM FF", "a frame begins with a literal byte"),
    ("frames/strip/layout", "A0 LEN ADDR DATA MORE SUM FF", "DATA and MORE have no fixed length"),
    ("frames/strip/layout", "A0 LEN ADDR DATA DATA SUM FF", "the field DATA appears twice"),
    ("frames/strip/layout", "A0 LEN ADDR DATA SUM FF ?", "'?' is neither two hex digits nor a field's name"),
    (f"{FIELDS}/LENGTH", {"type": "u8"},
     "wire.frames.strip.fields.LENGTH: the layout has no such field (did you mean 'LEN'?)"),
    (f"{FIELDS}/LEN", {"type": "u8", "counts": "ADDR..DATE"},
     "names DATE, which is no field of the layout (did you mean 'DATA'?)"),
    (f"{FIELDS}/LEN", {"type": "u8", "counts": "DATA..ADDR"}, "ends before it begins"),
    (f"{FIELDS}/LEN", {"counts": "ADDR..DATA"}, "wire.frames.strip.fields.LEN: needs a type"),
    (f"{FIELDS}/LEN", {"type": "u8", "counts": "DATA", "address": True}, "is address and counts at once"),
    (f"{FIELDS}/LEN", {"type": "u9", "counts": "DATA"}, "'u9' is not one of u8, u16be, u16le"),
    (f"{FIELDS}/SUM", {"type": "u8", "check": "summ", "over": "DATA"},
     "'summ' is no checksum (did you mean 'sum'?)"),
    (f"{FIELDS}/SUM", {"type": "u8", "check": "sum"}, "wire.frames.strip.fields.SUM.over: is missing"),
    (f"{FIELDS}/SUM", {"type": "u8", "check": "sum", "over": "LEN..SUM"},
     "LEN..SUM holds the checksum itself"),
    (f"{FIELDS}/SUM", {"type": "u8", "modulo": 100}, "over and modulo belong to a check"),
    ("frames/strip/escapes", {"A0": "A0"}, "wire.frames.strip.escapes.A0: says one byte and the two or more"),
    ("send/text/frame", "stripe", "wire.send.text.frame: there is no frame 'stripe' (did you mean 'strip'?)"),
    ("send/text/fields", {}, "wire.send.text.fields.DATA: is missing"),
    ("send/text/fields", {"DATA": "{txt:gbk}"}, "there is no value 'txt' (did you mean 'text'?)"),
    ("send/text/fields", {"DATA": "{text:utf8}"}, "'utf8' is none of the types"),
    ("send/text/fields", {"DATA": "{text:gbk:x}"},
     "wire.send.text.fields.DATA: 'gbk:x' is not TYPE, TYPE:BYTES"),
    ("send/text/fields", {"DATA": "{text:gbk} {number:ascii}"}, "two places without a size"),
    ("send/text/fields", {"DATA": "54", "DATE": "54"},
     "the frame strip has no such open field (did you mean 'DATA'?)"),
    ("send/text/expect", "ok", "wire.send.text.expect: there is no message 'ok'"),
    ("show", {"calling": ["text"]},
     "wire.show.calling: is none of welcome, call, serving, paused, closed (did you mean 'call'?)"),
    ("show", {"call": ["txt"]}, "wire.show.call[0]: there is no message 'txt' (did you mean 'text'?)"),
    ("signals", {"beep": "text"}, "wire.signals.beep: text needs the value 'text', which only a sign has"),
    ("keys", {"call": "0C", "recall": "0C"}, "wire.keys.recall: 0C means call already"),
    ("keys", {"call": "C"}, "wire.keys.call: 'C' is not a code in hex"),
    ("ratings", {"00": 6}, "wire.ratings.00: 6: expected `int` <= 5"),
    ("texts", {"call": "请{nummer}"},
     "wire.texts.call: {nummer} is no value of a sign (did you mean 'number'?)"),
    ("framse", {}, "wire.framse: unknown key (did you mean 'frames'?)"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "problem"), WRONG, ids=[problem[:60] for *_, problem in WRONG])
def test_a_mistake_is_told_by_its_key(strip, mistakes_in, path, value, problem):
    change(strip, path, value)

    assert [mistake for mistake in mistakes_in(strip) if problem in mistake]


def test_all_mistakes_come_at_once(strip, mistakes_in):
    change(strip, "frames/strip/fields/SUM", {"type": "u8", "check": "crc-99", "over": "LEN..DATA"})
    change(strip, "frames/strip/fields/LEN", {"type": "u8", "counts": "ADR..DATA"})
    change(strip, "show", {"call": ["texte"], "paused": ["pause"]})
    change(strip, "keys", {"call": "zz"})

    assert len(mistakes_in(strip)) == 5


def test_a_text_without_length_or_end_is_refused(strip, mistakes_in):
    strip["frames"]["strip"] = {"layout": "A0 DATA"}

    assert mistakes_in(strip) == [
        "wire.frames.strip.layout: "
        "nothing tells how long DATA is: neither a count nor literal bytes at the end"
    ]


def test_a_count_after_what_it_counts_is_refused(strip, mistakes_in):
    strip["frames"]["strip"] = {"layout": "A0 DATA LEN", "fields": {"LEN": {"type": "u8", "counts": "DATA"}}}

    assert mistakes_in(strip) == [
        "wire.frames.strip.fields.LEN.counts: comes after what it counts; a reader needs it before"
    ]


def test_a_fixed_field_takes_only_its_own_size(strip, mistakes_in):
    strip["frames"]["strip"]["fields"]["DATA"] = {"type": "u8"}

    assert mistakes_in(strip) == ["wire.send.text.fields.DATA: is any number of bytes, the field has 1"]


def test_a_checksum_that_covers_a_later_one_is_refused(strip, mistakes_in):
    strip["frames"]["strip"]["layout"] = "A0 LEN FIRST ADDR DATA SUM FF"
    strip["frames"]["strip"]["fields"]["FIRST"] = {"type": "u8", "check": "xor", "over": "ADDR..SUM"}

    assert "covers a checksum that comes later" in mistakes_in(strip)[0]


def test_an_acknowledgement_can_only_repeat_what_was_received(strip, mistakes_in):
    strip["receive"] = {"key": {"frame": "strip", "fields": {"DATA": "4B {key:u8}"}, "acknowledge": "text"}}

    [mistake] = mistakes_in(strip)

    assert mistake.startswith("wire.receive.key.acknowledge: text needs the value 'text'")


GOLDEN = [
    ({"message": "text", "values": {"text": "请"}, "bytes": "A0 04 07 54 C7 EB 11 FF"}, []),
    ({"message": "text", "values": {"text": "请"}, "bytes": "A0 04 07 54 C7 EB 12 FF"},
     ["gives A0 04 07 54 C7 EB 11 FF, not A0 04 07 54 C7 EB 12 FF",
      "the bytes are understood as nothing (bad_checksum), not as text"]),
    ({"message": "text", "values": {"text": "清"}, "bytes": "A0 04 07 54 C7 EB 11 FF"},
     ["gives A0 04 07 54 C7 E5 0B FF, not A0 04 07 54 C7 EB 11 FF",
      "text is understood as '请', not as '清'"]),
    ({"message": "text", "values": {"text": "请"}, "bytes": "A0 4"}, ["'A0 4' is not bytes in hex"]),
    ({"message": "txt", "bytes": "A0"}, ["there is no message 'txt'"]),
    ({"bytes": "A0"}, ["say either a message with its values, or a sign"]),
    ({"sign": {"state": "paused"}, "bytes": "A0"},
     ["cannot show paused : the profile names no message for it"]),
    ({"sign": {"state": "call", "text": "请"}, "bytes": "A0 04 07 54 C7 EB 11 FF"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("golden", "problems"), GOLDEN)
def test_a_golden_vector_is_proved_both_ways(strip, model, golden, problems):
    strip["golden"] = [{"says": "请", "address": 7} | golden]

    found = FramedDevice.check(model(strip))

    assert found == [f"wire.golden[0] (请): {problem}" for problem in problems]


@pytest.mark.parametrize("kind", ["keypad", "evaluator"])
def test_a_kind_that_the_table_does_not_serve_is_refused(strip, model, kind):
    [problem] = FramedDevice.check(model(strip, kinds=("display", kind)))

    assert problem.startswith(f"kinds: {kind}, but ")


def test_mistakes_of_the_options_are_told_too(strip, model):
    assert FramedDevice.check(model(strip, options={"resend": 2})) == [
        "options.resend: unknown key (did you mean 'resend_s'?)"
    ]


def test_models_of_one_protocol_share_its_addresses(profile):
    protocols = {
        name: FramedDevice.line_protocol(profile(name))
        for name in ("ff68-keypad", "ff68-evaluator", "pinganlihe-v21", "pinganlihe-text", "cd5220")
    }

    assert protocols == {
        "ff68-keypad": "ff68",
        "ff68-evaluator": "ff68",
        "pinganlihe-v21": "pinganlihe",
        "pinganlihe-text": "pinganlihe",
        "cd5220": None,
    }


def test_a_profile_with_another_checksum_range_fails_every_vector(profile):
    pad = profile("ff68")
    wire = msgspec.json.decode(msgspec.json.encode(pad.wire))
    wire["frames"]["ff68"]["fields"]["CS"]["over"] = "FUNC..DATA"

    failed = FramedDevice.check(msgspec.structs.replace(pad, wire=wire))

    for index in range(len(wire["golden"])):
        assert [problem for problem in failed if problem.startswith(f"wire.golden[{index}] ")]
