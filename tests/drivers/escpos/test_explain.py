"""A printer's conversation in words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.escpos.explain import EscposExplainer


def explain(*conversation):
    explainer = EscposExplainer("gbk")
    return [
        line
        for direction, data in conversation
        for line in explainer.explain(direction, bytes.fromhex(data) if isinstance(data, str) else data, 0.0)
    ]


def test_questions_and_their_answers_bit_by_bit():
    assert explain(("sent", "10 04 01"), ("received", "12"), ("sent", "10 04 04"), ("received", "7E")) == [
        "asks DLE EOT 1: printer",
        "DLE EOT 1, printer: nothing wrong (12)",
        "asks DLE EOT 4: paper",
        "DLE EOT 4, paper: paper_out (7E)",
    ]


def test_automatic_status_and_marks():
    assert explain(("received", "3C 00 00 00")) == ["status by itself: cover_open"]
    assert explain(("received", "37 22 41 42 43 44 00")) == ["all before mark ABCD is printed"]


def test_the_text_of_a_ticket_comes_in_halves():
    data = b"\x1b@" + "请到3号窗口".encode("gbk") + b"\nA012\n\x1dV\x42\x00"
    assert explain(("sent", data[:3]), ("sent", data[3:])) == [
        "start anew (ESC @)",
        "prints “请到3号窗口”",
        "prints “A012”",
        "cut (GS V)",
    ]


def test_an_answer_nobody_asked_for_and_nonsense():
    assert explain(("received", "12")) == ["an answer to DLE EOT that was not seen asked: 12"]
    assert explain(("received", "FF FF")) == ["2 bytes that are no answer"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["sent", "received"]), st.binary(max_size=60)), max_size=20))
def test_anything_at_all_is_explained_without_an_accident(conversation):
    assert all(isinstance(line, str) for line in explain(*conversation))
