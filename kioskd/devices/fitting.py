"""Which profiles fit a device that is plugged in, and why: by its USB ids and names, or by its sort."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from kioskd.devices.errors import DriverMissing
from kioskd.devices.plugged import Plugged
from kioskd.devices.profiles import Profile, Recognise
from kioskd.devices.registry import driver_class
from kioskd.devices.usb_known import known


class Fit(msgspec.Struct, frozen=True):
    """One profile that fits, and why."""

    profile: str
    title: str
    why: str


def fits(one: Plugged, sort: str, profiles: Mapping[str, Profile]) -> tuple[Fit, ...]:
    """The profiles that fit, the surest first; the general ones of its sort come last."""
    sure = recognised(one, profiles)
    names = {fit.profile for fit in sure}
    return (*sure, *(fit for fit in general_fits(sort, profiles) if fit.profile not in names))


def general_fits(sort: str, profiles: Mapping[str, Profile]) -> tuple[Fit, ...]:
    """The profiles that fit anything of this sort."""
    return tuple(
        Fit(name, profiles[name].title, f"the general one for a {sort}")
        for name in known().general.get(sort, ())
        if name in profiles
    )


def recognised(one: Plugged, profiles: Mapping[str, Profile]) -> tuple[Fit, ...]:
    """The profiles that know this model, the surest first."""
    found = []
    for name, profile in sorted(profiles.items()):
        entry = max((entry for entry in profile.recognise if _why(entry, one)), key=_sureness, default=None)
        if entry is not None and one.scheme in schemes(profile):
            found.append((_sureness(entry), Fit(name, profile.title, " and ".join(_why(entry, one)))))
    found.sort(key=lambda pair: -pair[0])
    return tuple(fit for _, fit in found)


def could_be(profiles: Mapping[str, Profile]) -> tuple[Fit, ...]:
    """The profiles of what may be at the other end of a serial line; those that can share one come first."""
    serial = [(name, profile) for name, profile in profiles.items() if "serial" in schemes(profile)]
    serial.sort(key=lambda pair: (driver_class(pair[1].driver).line_protocol(pair[1]) is None, pair[0]))
    return tuple(
        Fit(name, profile.title, " and ".join(sorted(profile.kinds)).replace("_", " "))
        for name, profile in serial
    )


def schemes(profile: Profile) -> frozenset[str]:
    """The kinds of port by which the profile's driver can be reached; none when it is not installed."""
    try:
        return driver_class(profile.driver).schemes
    except DriverMissing:
        return frozenset()


def _sureness(entry: Recognise) -> int:
    """The more an entry asks for, the more it says; a vendor's ids alone say least."""
    return len(entry.usb) + 5 * bool(entry.model) + 2 * bool(entry.maker)


def _why(entry: Recognise, one: Plugged) -> tuple[str, ...]:
    """What of the device fits the entry, a word for each; empty when anything that is given does not."""
    whys = []
    if entry.usb:
        vendor, _, product = entry.usb.partition(":")
        if one.vendor != int(vendor, 16) or (product and one.product != int(product, 16)):
            return ()
        whys += [f"USB {entry.usb}"] if product else [f"USB vendor {vendor}"]
    for word, pattern, said in (("maker", entry.maker, one.maker), ("model", entry.model, one.model)):
        if pattern:
            if not re.search(pattern, said):
                return ()
            whys.append(f"its {word} {said}")
    return tuple(whys)
