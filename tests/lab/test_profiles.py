"""The profiles that claim to have met a kernel driver did."""

import tomllib
from pathlib import Path

from daemon import RunningDaemon

MET = tomllib.loads((Path(__file__).parent / "profiles.toml").read_text(encoding="utf-8"))


def test_every_profile_of_the_table_is_online_here(hall: RunningDaemon):
    online = {device["profile"] for device in hall.get("devices")["items"] if device["state"] == "online"}
    assert set(MET) <= online
