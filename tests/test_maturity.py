"""A profile claims no more than it has met."""

import tomllib
from pathlib import Path

from kioskd.devices.profile_files import find_profiles, load_profile

LAB = Path(__file__).parent / "lab" / "profiles.toml"
REPORTED_FROM_HARDWARE: set[str] = set()
"""Nobody has reported any yet."""


def test_only_profiles_that_the_laboratory_used_say_lab_and_none_says_more():
    claims = {name: load_profile(name).maturity for name in find_profiles()}
    met = tomllib.loads(LAB.read_text(encoding="utf-8"))
    assert {name for name, maturity in claims.items() if maturity == "lab"} == set(met)
    assert {name for name, maturity in claims.items() if maturity == "field"} == REPORTED_FROM_HARDWARE
