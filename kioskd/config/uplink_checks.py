"""What must be right in [uplink] before a rating leaves the hall."""

from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import urlsplit

from kioskd.config.reader import Tables
from kioskd.reading import nearest
from kioskd.uplink.message import built_in_fields, read_fields
from kioskd.uplink.push import read_token, trust

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_uplink(tables: Tables) -> dict[str, str]:
    """Note what is wrong, and return the exchange's fields; none where nothing is reported."""
    settings = tables.uplink
    if settings is None or not settings.url:
        return {}
    _check_url(tables, settings.url)
    for key in ("token_file", "ca_file"):
        if name := getattr(settings, key):
            _check_file(tables, key, tables.path.parent / name)
    try:
        return read_fields(settings.fields, tables.path.parent)
    except (OSError, ValueError) as error:
        hint = (
            nearest(settings.fields, built_in_fields()) or f"built-in lists: {', '.join(built_in_fields())}"
        )
        problem = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)
        tables.notes.add("uplink.fields", settings.fields, problem, hint)
        return {}


def _check_file(tables: Tables, key: str, file: Path) -> None:
    """Read it as the daemon will."""
    try:
        if key == "token_file":
            read_token(file)
        else:
            trust(file)
    except ssl.SSLError:
        problem, hint = "holds no certificate in PEM", "openssl x509 -inform der -in FILE makes one of DER"
    except UnicodeDecodeError:
        problem, hint = "is not text", "it holds the token alone, as UTF-8"
    except OSError:
        problem, hint = "cannot be read", "name a file beside the hall file"
    else:
        return
    tables.notes.add(f"uplink.{key}", "", f"{getattr(tables.uplink, key)} {problem}", hint)


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
