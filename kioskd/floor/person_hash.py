"""A person as the hall knows one: a keyed hash of the certificate number, good for one service day.

The key of a day comes from a secret that is beside the database, not in it. So the database alone says
nothing about anybody, and nobody can tell whether two days' hashes are one person's.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


class PersonHash:
    """HMAC-SHA-256 with a key of the day. secret: at least 32 random bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"a secret of {len(secret)} bytes is too short: it has at least {SECRET_BYTES}")
        self._secret = secret

    def __repr__(self) -> str:
        return "<PersonHash>"

    def of(self, number: str, service_day: str) -> str:
        """The hash of this number on this day, hex. The number is not kept."""
        key = hmac.digest(self._secret, f"kioskd person {service_day}".encode(), hashlib.sha256)
        return hmac.digest(key, number.strip().upper().encode(), hashlib.sha256).hex()


def kept_secret(file: Path) -> bytes:
    """The secret in this file, which is made, mode 0600, where there is none.

    Raises OSError. A file that somebody let others read is closed to them again. One that is too short is
    made anew: the appointments of its time are then no longer recognised.
    """
    try:
        secret = file.read_bytes()
    except FileNotFoundError:
        secret = b""
    if len(secret) < SECRET_BYTES:
        secret = secrets.token_bytes(SECRET_BYTES)
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as out:
            out.write(secret)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    file.chmod(0o600)
    return secret
