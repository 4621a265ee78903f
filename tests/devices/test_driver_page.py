"""The driver author's page: its driver, its profile and its tests are run as they stand there."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from kioskd.devices.profiles import Profile

PAGE = (Path(__file__).parents[2] / "drivers" / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.M | re.S)


@pytest.fixture(scope="module")
def page() -> dict:
    names: dict = {"__name__": "page"}
    for block in blocks("python"):
        exec(compile(block, "drivers/README.md", "exec"), names)
    return names


@pytest.fixture
def profile() -> Profile:
    text = next(block for block in blocks("toml") if block.startswith("name ="))
    return msgspec.convert(tomllib.loads(text), Profile)


@pytest.mark.parametrize("name", re.findall(r"^def (test_\w+)", PAGE, flags=re.M))
def test_the_page(page, profile, name):
    page[name](profile)


def test_the_driver_of_the_page_is_as_short_as_it_says():
    driver = next(block for block in blocks("python") if "class Lamp(Driver)" in block)
    assert len(driver.splitlines()) <= 55
