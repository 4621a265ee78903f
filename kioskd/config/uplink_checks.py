"""What must be right in [uplink] before a rating leaves the hall."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from kioskd.config.reader import Tables
from kioskd.reading import nearest
from kioskd.uplink.message import built_in_fields, read_fields

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_uplink(tables: Tables) -> dict[str, str]:
    """Note what is wrong, and return the exchange's fields; none where nothing is reported."""
    settings = tables.uplink
    if settings is None or not settings.url:
        return {}
    _check_url(tables, settings.url)
    for key in ("token_file", "ca_file"):
        name = getattr(settings, key)
        if name and not os.access(tables.path.parent / name, os.R_OK):
            tables.notes.add(
                f"uplink.{key}", "", f"{name} cannot be read", "name a file beside the hall file"
            )
    try:
        return read_fields(settings.fields, tables.path.parent)
    except (OSError, ValueError) as error:
        hint = (
            nearest(settings.fields, built_in_fields()) or f"built-in lists: {', '.join(built_in_fields())}"
        )
        problem = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)
        tables.notes.add("uplink.fields", settings.fields, problem, hint)
        return {}


def _check_url(tables: Tables, url: str) -> None:
    try:
        parts = urlsplit(url)
        host, usable = parts.hostname, parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        host, usable = None, False
    if not host or not usable:
        tables.notes.add("uplink.url", "", f"{url!r} is no address of a receiver", "https://…")
    elif parts.scheme == "http" and host not in LOOPBACK:
        tables.notes.add(
            "uplink.url",
            "",
            "would send citizens' details in the clear",
            "use https, or a gateway on this computer",
        )
    elif parts.username or parts.password:
        tables.notes.add(
            "uplink.url", "", "has a password in it", "put it into a file and name it as token_file"
        )
