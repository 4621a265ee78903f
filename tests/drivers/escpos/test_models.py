"""The printers' profiles are honest and whole, and the technician's table says what they say."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from drivers.escpos.options import EscposOptions
from kioskd.devices.profile_files import find_profiles, load_profile
from kioskd.devices.profiles import Profile

PRINTERS = {
    name: load_profile(name) for name, file in find_profiles().items() if file.parent.name == "printers"
}
PAGE = (Path(__file__).parents[3] / "docs/technician.md").read_text("utf-8")
MAKERS = ("XP-58", "XP-80", "GP-58", "GP-80", "RP-326", "ZJ-5890", "ZJ-8250", "SRP-350", "TM-T82", "TM-T88")


def options(profile: Profile) -> EscposOptions:
    return msgspec.convert(profile.options, EscposOptions)


@pytest.mark.parametrize("model", [*MAKERS, "TM-m30", "SUNMI", "SEWOO"])
def test_the_models_that_halls_buy_are_known(model):
    assert any(model in profile.title for profile in PRINTERS.values())


@pytest.mark.parametrize("profile", PRINTERS.values(), ids=PRINTERS)
def test_a_model_says_its_source_its_doubts_and_how_chinese_is_switched_on_in_both_languages(profile):
    assert profile.maturity in ("emulated", "lab")  # nobody has reported one from a hall
    assert profile.source
    assert profile.notes
    assert not profile.notes.isascii()  # in Chinese too
    assert "汉字乱码" in profile.setup_zh
    assert "Where Chinese is garbage" in profile.setup_en
    assert profile.setup_en.isascii()  # it is read where Chinese is garbage


@pytest.mark.parametrize("profile", PRINTERS.values(), ids=PRINTERS)
def test_a_line_of_a_models_columns_fits_its_dots(profile):
    facts = options(profile)
    assert facts.columns * 12 <= facts.dots < (facts.columns + 1) * 12


@pytest.mark.parametrize("profile", PRINTERS.values(), ids=PRINTERS)
def test_a_model_can_be_recognised(profile):
    assert profile.recognise
    for one in profile.recognise:
        re.compile(one.maker), re.compile(one.model)


@pytest.mark.parametrize("profile", PRINTERS.values(), ids=PRINTERS)
def test_the_technicians_table_says_what_the_profile_says(profile):
    facts = options(profile)
    said = (facts.columns, facts.encoding, facts.status, facts.confirm, facts.cut, facts.rare)
    row = f"| `{profile.name}` | " + " | ".join(map(str, said)) + " | "
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"| `{profile.name}` |")]
    assert line.startswith(row)
    assert len(line) > len(row) + 5  # and which switch
