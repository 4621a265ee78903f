"""Every refusal has its text, in both languages, and every text its refusal."""

import re
import string
from datetime import datetime
from pathlib import Path

import pytest

import kioskd
from kioskd.hall.refusals import refusal_catalogue, refusal_text

CODE = re.compile(r'(?:Refused|NotFound|Closed|Changed)\(\s*"(\w+)"')


def raised_anywhere():
    sources = Path(kioskd.__file__).parent.rglob("*.py")
    codes = {code for source in sources for code in CODE.findall(source.read_text(encoding="utf-8"))}
    by_an_expression = {"paper_not_queued", "paper_not_sending", "appointment_early", "appointment_late"}
    return codes | by_an_expression


def test_every_refusal_has_a_text_and_every_text_a_refusal():
    assert raised_anywhere() == set(refusal_catalogue())


@pytest.mark.parametrize("code", sorted(refusal_catalogue()))
def test_both_languages_mention_the_same_facts(code):
    text = refusal_catalogue()[code]
    zh, en = (
        {name for _, name, _, _ in string.Formatter().parse(each) if name}
        for each in (text.zh + text.opens_zh, text.en + text.opens_en)
    )
    assert zh == en


def test_a_clerk_reads_what_to_do():
    zh, en = refusal_text("window_busy", {"window": 3, "number": "A012"})
    assert zh == "3号窗口还有A012号，请先办结、挂起或转办"
    assert en == "A012 is still at window 3: finish, hold or transfer it first"


def test_states_are_told_in_words():
    zh, en = refusal_text("wrong_state", {"number": "A001", "state": "no-show"})
    assert "已过号" in zh
    assert "a no-show" in en


@pytest.mark.parametrize("opens_at", ["2026-03-03T09:00:00+08:00", datetime(2026, 3, 3, 9)])
def test_a_closed_line_says_when_it_opens(opens_at):
    assert refusal_text("line_closed", {"line": "社保医保", "opens_at": opens_at}) == (
        "“社保医保”现在不取号，3月3日09:00开始取号",
        "No tickets for 社保医保 now; next from 09:00 on 03 March",
    )


def test_a_line_that_never_opens_does_not_say_when():
    assert refusal_text("line_closed", {"line": "社保医保", "opens_at": None})[0] == "“社保医保”现在不取号"


def test_numbers_of_minutes_are_told_without_needless_zeros():
    zh, _ = refusal_text("rating_too_late", {"number": "A001", "within_min": 30.0})
    assert "超过30分钟" in zh


def test_a_fact_that_was_not_given_is_left_out_and_braces_in_one_are_only_text():
    assert (
        refusal_text("unknown_matter", {"matter": "{0.__class__}"})[1]
        == "There is no matter {0.__class__} here"
    )
    assert refusal_text("unknown_matter", {})[1] == "There is no matter  here"
