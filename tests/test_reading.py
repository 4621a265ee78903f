"""A file with many mistakes: all are told in one go, each by file and key."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from kioskd.reading import PRIVATE, Mistake, Mistakes, load_toml, nearest, read_as


class Strip(msgspec.Struct, frozen=True):
    name: str
    address: Annotated[int, msgspec.Meta(ge=1, le=254)]
    colour: Literal["red", "green"] = "red"
    window: int | None = None


class Hall(msgspec.Struct, frozen=True):
    name: str
    strips: tuple[Strip, ...] = ()
    keys: dict[str, int] = {}


def mistakes_in(value: object) -> list[tuple[str, str, str]]:
    found: list[Mistake] = []
    assert read_as(value, Hall, file="hall.toml", key="", mistakes=found) is None
    return [(mistake.key, mistake.problem, mistake.hint) for mistake in found]


def test_a_right_file_becomes_the_struct():
    found: list[Mistake] = []
    value = {"name": "青溪", "strips": [{"name": "strip-1", "address": 1, "window": 1}], "keys": {"a": 1}}
    hall = read_as(value, Hall, file="hall.toml", key="", mistakes=found)
    assert hall == Hall("青溪", (Strip("strip-1", 1, window=1),), {"a": 1})
    assert found == []


def test_every_mistake_is_told_with_its_key_the_name_of_the_thing_and_the_nearest_word():
    value = {
        "nmae": "青溪",
        "strips": [
            {"name": "strip-1", "address": 1},
            {"name": "strip-2", "address": 999, "colour": "gren", "windwo": 3},
            {"name": "strip-3", "address": "four"},
        ],
        "keys": {"call": "x"},
    }
    assert mistakes_in(value) == [
        ("nmae", "unknown key", "did you mean 'name'?"),
        ("strips[1].address (strip-2)", "999: expected `int` <= 254", ""),
        ("strips[1].colour (strip-2)", "'gren' is not one of red, green", "did you mean 'green'?"),
        ("strips[1].windwo (strip-2)", "unknown key", "did you mean 'window'?"),
        ("strips[2].address (strip-3)", "'four': expected `int`, got `str`", ""),
        ("keys.call", "'x': expected `int`, got `str`", ""),
        ("name", "is missing", ""),
    ]


@pytest.mark.parametrize("value", [[], "x", 3, {"name": "a", "strips": {}}, {"name": "a", "strips": [1]}])
def test_a_table_that_is_no_table_is_told(value):
    assert mistakes_in(value)


def test_a_syntax_error_is_told_by_line_and_column(tmp_path: Path):
    file = tmp_path / "hall.toml"
    file.write_text('[hall]\nname = "青溪\n', encoding="utf-8")
    found: list[Mistake] = []
    assert load_toml(file, found) is None
    assert "line 2" in str(Mistakes(found))
    assert str(file) in str(Mistakes(found))


def test_a_file_that_is_not_utf8_or_not_there_is_told(tmp_path: Path):
    gbk = tmp_path / "gbk.toml"
    gbk.write_bytes('name = "青溪"'.encode("gbk"))
    found: list[Mistake] = []
    assert load_toml(gbk, found) is None
    assert load_toml(tmp_path / "none.toml", found) is None
    assert "is not UTF-8" in found[0].problem
    assert "cannot be read" in found[1].problem


def test_nearest_says_nothing_where_nothing_is_near():
    assert nearest("strip-1", ["printer", "window"]) == ""


class Area(msgspec.Struct, frozen=True):
    x: int = 0
    width: int = 64

    def __post_init__(self):
        if self.x + self.width > 128:
            raise ValueError(f"x + width is {self.x + self.width}, the screen ends at 128")


def test_what_only_the_whole_can_tell_is_a_mistake_like_any_other():
    found: list[Mistake] = []
    assert read_as({"x": 96}, Area, file="hall.toml", key="options", mistakes=found, label="strip-1") is None
    assert str(found[0]) == "hall.toml: options (strip-1): x + width is 160, the screen ends at 128"


def test_a_word_that_is_no_key_of_a_table_is_a_mistake_and_no_crash():
    found: list[Mistake] = []
    assert read_as({"gren": 1}, dict[Literal["red", "green"], int], file="f", key="k", mistakes=found) is None
    assert "gren" in str(found[0])


def test_a_private_value_stands_in_no_mistake():
    class Person(msgspec.Struct):
        number: Annotated[str, msgspec.Meta(max_length=18), PRIVATE]

    for value in ("660102199606151236 ", 660102199606151236, ["660102199606151236"]):
        mistakes = []
        assert read_as({"number": value}, Person, file="", key="", mistakes=mistakes) is None
        assert [mistake.problem for mistake in mistakes] == ["is no str of the right form"]
