"""What is publicly known of USB devices that are no models themselves: adapters, and sorts of devices."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec


class Adapter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chip that turns USB into a serial line; what hangs on that line it cannot tell.

    usb: vendor and product. serials: whether it usually has a serial number of its own.
    same_serials: serial numbers that all of its make have. braille: whether brltty takes it for a Braille
    display.
    """

    usb: str
    chip: str
    serials: bool = True
    same_serials: tuple[str, ...] = ()
    braille: bool = False

    @property
    def ids(self) -> tuple[int, int]:
        """Vendor and product as numbers."""
        vendor, product = self.usb.split(":")
        return int(vendor, 16), int(product, 16)


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `usb_known.toml`. general: the profiles to try, by the sort of device."""

    adapters: tuple[Adapter, ...]
    general: dict[str, tuple[str, ...]]


@cache
def known() -> Known:
    """What the file says."""
    text = resources.files("kioskd.devices").joinpath("usb_known.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Known)


def adapter(vendor: int | None, product: int | None) -> Adapter | None:
    """The adapter with these ids, or None."""
    return next((one for one in known().adapters if one.ids == (vendor, product)), None)
