"""What the hall file says about a port and about a device: the supervisor is made from these."""

from __future__ import annotations

from typing import Any

import msgspec

from kioskd.devices.profiles import PortSettings, Profile


class PortSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One port.

    at: where, such as `serial:/dev/ttyUSB0`, `tcp:10.0.0.7:9100`, `lp:/dev/usb/lp0`, `emulator:`.
    settings: how to talk on it: the profile's settings with what the hall file overrides.
    local_echo: whether the host reads back its own bytes (two-wire adapters); None when nobody said.
    """

    name: str
    at: str
    settings: PortSettings = PortSettings()
    local_echo: bool | None = None


class DeviceSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One device at one address of one port.

    port: the name of its PortSpec. options: what this device overrides of its profile's options.
    """

    name: str
    title: str
    profile: Profile
    port: str
    address: int | None = None
    options: dict[str, Any] = {}
    disabled: bool = False
