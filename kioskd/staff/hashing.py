"""PINs and passwords: what is good enough, and their scrypt hash (RFC 7914, from Python's own library).

32 MiB and about a tenth of a second each, a second on the weakest of halls' computers. Two at a time: a flood
of attempts costs 64 MiB and two threads, never the hall.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import threading
from itertools import pairwise

N, R, P = 2**15, 8, 1
_SALT_BYTES = 16
_KEY_BYTES = 32
_at_once = threading.BoundedSemaphore(2)

PIN_DIGITS = range(6, 13)
PASSWORD_LENGTH = range(10, 129)


class WeakSecret(ValueError):  # noqa: N818 - says what is, as errors.py does
    """A PIN or password that is too easy. The message says what would do."""


def check_secret(secret: str, *, name: str, pin_is_enough: bool) -> None:
    """Raises WeakSecret unless it is a good PIN, where one is enough, or a good password.

    name: the account's, which the password must not contain.
    """
    if pin_is_enough and secret.isascii() and secret.isdigit():
        _check_pin(secret)
    elif len(secret) not in PASSWORD_LENGTH or not secret.isprintable():
        also = f", or a PIN of {PIN_DIGITS[0]} to {PIN_DIGITS[-1]} digits" if pin_is_enough else ""
        raise WeakSecret(
            f"a password has {PASSWORD_LENGTH[0]} to {PASSWORD_LENGTH[-1]} printable characters{also}"
        )
    elif secret.isdigit():
        raise WeakSecret("a password of digits alone is too easy: add letters")
    elif name.casefold() in secret.casefold() or len(set(secret)) < 4:
        raise WeakSecret("a password that contains the account's name, or repeats itself, is too easy")


def _check_pin(pin: str) -> None:
    if len(pin) not in PIN_DIGITS:
        raise WeakSecret(f"a PIN has {PIN_DIGITS[0]} to {PIN_DIGITS[-1]} digits")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(set(pin)) < 3 or steps in ({1}, {9}):
        raise WeakSecret("a PIN that repeats one or two digits, or counts up or down, is too easy")


def hash_secret(secret: str) -> str:
    """The hash, with its salt and its cost, as one text."""
    salt = os.urandom(_SALT_BYTES)
    parts = (base64.b64encode(part).decode() for part in (salt, _scrypt(secret, salt, N, R, P)))
    return f"scrypt${N}${R}${P}${'$'.join(parts)}"


def matches(secret: str, hashed: str) -> bool:
    """Whether this is the secret that was hashed. As slow for an empty hash, which nothing matches."""
    name, _, rest = hashed.partition("$")
    if name != "scrypt":
        _scrypt(secret, b"nobody", N, R, P)
        return False
    n, r, p, salt, key = rest.split("$")
    made = _scrypt(secret, base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(made, base64.b64decode(key))


def _scrypt(secret: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    room_bytes = 128 * r * (n + p + 2)
    with _at_once:
        return hashlib.scrypt(
            secret.encode(errors="surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=2 * room_bytes,
            dklen=_KEY_BYTES,
        )  # fmt: skip
