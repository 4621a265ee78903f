"""The tables of a hall file, one struct each, as docs/hall-file.md tells them.

What the hall itself needs (lines, matters, clerks, rules, hours) has its structs in `kioskd.hall.plan`; here
is the rest: where the devices are and what they belong to.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from kioskd.hall.plan import Clerk, Window


class HallTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[hall]: what the centre is called and where its matters are written."""

    name: Annotated[str, Meta(min_length=1)]
    name_en: str = ""
    timezone: str = "Asia/Shanghai"
    public_url: str = ""
    """The address a citizen's phone can reach; no QR code is printed without it."""
    matters: str | None = None
    """The file with the matters, from the hall file's own folder. Left out: `matters.toml` if it is
    there, else the matters are those that were imported."""
    calendar: str = "china"
    """The holidays: a built-in calendar's name, a file in the hall file's folder, or none when empty."""
    mark: str = ""
    """The official mark (最多跑一次) as an SVG or PNG file in the hall file's folder; none when empty."""


class WindowTable(Window, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[windows]]: a counter. display = false says that it has no strip of its own."""

    display: bool = True


class ClerkTable(Clerk, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[clerks]]: somebody who works at a window. photo: a picture beside this file, for the sign."""

    photo: str = ""


Message = Annotated[str, Meta(min_length=1, max_length=200)]


class BoardTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[board]: the big screen. messages: run along its bottom, one after another."""

    messages: Annotated[tuple[Message, ...], Meta(max_length=20)] = ()


class PortTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[ports.NAME]: where devices are attached. What is left out comes from the profiles of those devices."""

    at: str
    baud: Annotated[int, Meta(ge=50, le=4_000_000)] | None = None
    format: Literal["8N1", "8E1", "8O1", "7E1", "7O1", "8N2"] | None = None
    flow: Literal["none", "rtscts", "xonxoff"] | None = None
    local_echo: bool | None = None
    """Whether the adapter reads back what it sends; left out, the driver finds out by itself."""


class DeviceTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[devices]]: one physical thing at one address."""

    name: str
    """Letters, digits, - and _: it stands in addresses and file names."""
    profile: str
    port: str
    """A name of [ports], or where a port is that only this device is on, such as serial:/dev/ttyUSB0."""
    address: Annotated[int, Meta(ge=0, le=255)] | None = None
    window: int | None = None
    """The window it belongs to; left out for the printer of the kiosk."""
    title: str = ""
    disabled: bool = False
    options: dict[str, Any] = {}
    """Options of its driver that differ from the profile's."""


class WebTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[web]: where the pages are. Only this computer can reach them unless `bind` says otherwise."""

    bind: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """TCP port; 0 takes any free one."""
    hosts: tuple[str, ...] = ()
    """Further names by which browsers call this computer, such as hall.local."""
    certificate: str = ""
    """The hall's own certificate and those that vouch for it, PEM, from the hall file's folder."""
    key: str = ""
    """Its private key, PEM; empty where the certificate's file has it too."""
    tls_port: Annotated[int, Meta(ge=0, le=65535)] = 8443
    """Where TLS is spoken, beside the plain port, once there is a certificate."""
    plain_http_staff: bool = False
    """Whether staff may sign in from another machine without TLS: the network then sees their PINs."""
    kiosk_here: bool = True
    """Whether a browser on this computer is the kiosk's. False: every screen comes with a device token."""


class StaffTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[staff]: how those who sign in are looked after."""

    idle_min: Annotated[float, Meta(ge=1, le=1440)] = 60
    """After so many minutes without a command or a page opened they sign in again."""
    session_hours: Annotated[float, Meta(gt=0, le=24)] = 12
    """After so many hours they sign in again in any case."""
    attempts: Annotated[int, Meta(ge=3, le=20)] = 5
    """So many wrong PINs or passwords in a row lock an account; four times as many an address."""
    lock_min: Annotated[float, Meta(ge=1, le=1440)] = 15
    """For so many minutes."""
    audit_days: Annotated[int, Meta(ge=183)] = 365
    """For how many days it is kept who signed in and who changed what; half a year at least."""


class LimitsTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[limits]: how much can be taken in a row, and how much comes back in a minute."""

    kiosk_at_once: Annotated[int, Meta(ge=1)] = 60
    """Tickets and other paper at one kiosk: a rush of so many is never slowed down."""
    kiosk_per_min: Annotated[float, Meta(gt=0)] = 6
    program_at_once: Annotated[int, Meta(ge=1)] = 120
    """The same for one program with a token that has not all scopes."""
    program_per_min: Annotated[float, Meta(gt=0)] = 60
    phone_at_once: Annotated[int, Meta(ge=1)] = 10
    """Forms that a phone sends for one ticket."""
    phone_per_min: Annotated[float, Meta(gt=0)] = 6


class PrintingTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[printing]: how a ticket looks, and a notice of what to bring for a matter.

    Each is a built-in layout's name, or a file in the hall file's folder.
    """

    layout: str = "ticket"
    notice: str = "notice"


class DocumentsTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[documents]: what clerks photograph."""

    retention_days: Annotated[float, Meta(gt=0, le=3660)] = 30
    """For how many days a document is kept; then it is deleted."""
    portrait: bool = False
    """Whether cameras that look at faces may be used at all."""
