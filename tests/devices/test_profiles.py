"""Profiles: found in folders, inheriting, and refused with every mistake at once."""

import pytest

from kioskd.devices.driver import Driver
from kioskd.devices.errors import DriverMissing
from kioskd.devices.health import reason_catalogue
from kioskd.devices.profile_files import builtin_profiles, find_profiles, load_profile
from kioskd.devices.registry import driver_class, driver_names, emulator_class
from kioskd.reading import Mistakes


@pytest.fixture
def folder(tmp_path):
    """Writes profiles into a folder of their own."""

    def write(name: str, text: str, *, sub: str = "site"):
        file = tmp_path / sub / "displays" / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return tmp_path / sub

    return write


STRIP = """
name = "strip"
title = "Strip"
driver = "escpos"
kinds = ["printer"]
[port]
baud = 9600
[timing]
poll_s = 3.0
"""


def mistakes_of(name, *folders) -> list[tuple[str, str]]:
    with pytest.raises(Mistakes) as caught:
        load_profile(name, folders)
    return [(mistake.key, f"{mistake.problem} {mistake.hint}") for mistake in caught.value.mistakes]


def test_a_profile_is_read_from_its_file(folder):
    site = folder("strip", STRIP)
    profile = load_profile("strip", [site])
    assert (profile.name, profile.port.baud, profile.timing.poll_s) == ("strip", 9600, 3.0)
    assert profile.file == site / "displays" / "strip.toml"


def test_a_profile_inherits_and_overrides_key_by_key(folder):
    site = folder("strip", STRIP)
    folder("long-strip", 'name = "long-strip"\ninherits = "strip"\ntitle = "Long"\n[port]\nformat = "8E1"\n')
    profile = load_profile("long-strip", [site])
    assert (profile.title, profile.driver) == ("Long", "escpos")
    assert (profile.port.baud, profile.port.format) == (9600, "8E1")
    assert profile.timing.poll_s == 3.0


def test_a_profile_inherits_everything_but_how_well_its_parent_was_tried(folder):
    folder("strip", 'maturity = "field"' + STRIP)
    site = folder("long-strip", 'name = "long-strip"\ninherits = "strip"\n')
    assert load_profile("long-strip", [site]).maturity == "emulated"
    assert load_profile("strip", [site]).maturity == "field"


def test_a_site_wins_over_the_built_in_and_may_inherit_from_its_namesake(folder):
    builtin = folder("strip", STRIP, sub="builtin")
    site = folder("strip", 'name = "strip"\ninherits = "strip"\n[port]\nbaud = 2400\n')
    assert load_profile("strip", [site, builtin]).port.baud == 2400
    assert load_profile("strip", [site, builtin]).title == "Strip"
    assert load_profile("strip", [builtin]).port.baud == 9600


def test_all_mistakes_come_at_once_with_the_nearest_right_name(folder):
    site = folder(
        "strip",
        STRIP.replace("baud = 9600", "bauds = 9600")
        .replace('"printer"', '"printr"')
        .replace('"strip"', '"stripe"'),
    )
    mistakes = dict(mistakes_of("strip", site))
    assert "did you mean 'baud'" in mistakes["port.bauds"]
    assert "did you mean 'printer'" in mistakes["kinds[0]"]
    assert "name of the file" in mistakes["name"]


def test_an_unknown_option_is_refused(folder):
    site = folder("strip", STRIP + "[options]\ncolums = 48\n")
    assert "did you mean 'columns'" in dict(mistakes_of("strip", site))["options.colums"]


def test_an_unknown_driver_is_refused(folder):
    site = folder("strip", STRIP.replace('driver = "escpos"', 'driver = "escpoz"'))
    assert "did you mean 'escpos'" in dict(mistakes_of("strip", site))["driver"]


def test_a_kind_that_the_driver_is_not_is_refused(folder):
    site = folder("strip", STRIP.replace('["printer"]', '["printer", "keypad"]'))
    assert "keypad" in dict(mistakes_of("strip", site))["kinds"]


def test_a_missing_profile_names_the_nearest(folder):
    site = folder("strip", STRIP)
    assert "did you mean 'strip'" in mistakes_of("stripp", site)[0][1]


def test_a_missing_parent_and_a_circle_are_refused(folder):
    site = folder("a", 'name = "a"\ninherits = "b"\n')
    folder("b", 'name = "b"\ninherits = "a"\n')
    folder("c", 'name = "c"\ninherits = "aa"\n')
    assert mistakes_of("a", site)[0][0] == "inherits"
    assert "did you mean 'a'" in mistakes_of("c", site)[0][1]


def test_a_syntax_error_is_told_by_line_and_column(folder):
    site = folder("strip", "name = \n")
    assert "line 1, column 8" in mistakes_of("strip", site)[0][1]


def test_what_only_the_driver_can_check_is_asked_of_it(folder, monkeypatch):
    site = folder("strip", STRIP)
    monkeypatch.setattr(
        driver_class("escpos"), "check", classmethod(lambda cls, profile: ["vector 3 is wrong"])
    )
    assert mistakes_of("strip", site) == [("", "vector 3 is wrong ")]


@pytest.mark.parametrize("name", sorted(find_profiles()))
def test_every_built_in_profile_is_good(name):
    assert load_profile(name).title


def test_the_built_in_profiles_are_there():
    assert builtin_profiles().is_dir()
    assert "ff68-keypad" in find_profiles()


# --- drivers ---


def test_built_in_drivers_are_found_by_their_entry_points():
    assert {"escpos", "framed"} <= set(driver_names())
    for name in driver_names():
        assert issubclass(driver_class(name), Driver)
        assert emulator_class(name)


def test_a_missing_driver_names_the_nearest():
    with pytest.raises(DriverMissing, match="did you mean 'framed'"):
        driver_class("frame")
    with pytest.raises(DriverMissing, match="installed: alsa, escpos"):
        driver_class("zzz")


def test_every_reason_says_what_to_do_in_both_languages():
    for code, text in reason_catalogue().items():
        assert all((text.zh, text.en, text.step_zh, text.step_en)), code
