"""One message over HTTP, and what its answer means."""

from __future__ import annotations

import enum
import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

TIMEOUT_S = 10.0
LONGEST_RETRY_AFTER_S = 3600
_LARGEST_ANSWER = 64 * 1024
_TRY_AGAIN = (401, 403, 408, 425, 429)
"""A wrong token is mended by a person, and what waits must not be lost meanwhile."""
_HAS_IT = (409,)
"""The receiver has this key already: the first answer was lost."""


class Verdict(enum.Enum):
    """What became of a message."""

    TAKEN = enum.auto()
    TRY_AGAIN = enum.auto()
    REFUSED = enum.auto()


class Answer(NamedTuple):
    """What became of it, in what words, and how long the receiver wants to be left alone."""

    verdict: Verdict
    problem: str = ""
    retry_after_s: float | None = None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Personal fields go to the address in the hall file and nowhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def read_token(file: Path) -> str:
    """The receiver's token. Raises OSError, and UnicodeDecodeError where it is not text."""
    return file.read_text(encoding="utf-8").strip()


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Trust that authority alone, or the system's. Raises OSError, and ssl.SSLError where it is not PEM."""
    return ssl.create_default_context(cafile=ca_file)


class Receiver:
    """The platform's address. token: sent as `Authorization: Bearer`, if any."""

    def __init__(self, url: str, *, token: str = "", ca_file: Path | None = None) -> None:
        """Raises as `trust` does."""
        self._url = url
        self._token = token
        context = trust(ca_file)
        self._opener = urllib.request.build_opener(
            _NoRedirect, urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({})
        )

    def post(self, message: Mapping[str, str], key: str) -> Answer:
        """Send one message with its key. Never raises for what a network or a receiver may do."""
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = json.dumps(message, ensure_ascii=False).encode()
        request = urllib.request.Request(self._url, data=body, headers=headers, method="POST")  # noqa: S310
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as response:
                response.read(_LARGEST_ANSWER)
        except urllib.error.HTTPError as error:
            with error:
                return _refusal(error.code, error.headers.get("Retry-After", ""))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Answer(Verdict.TRY_AGAIN, _words(error))
        return Answer(Verdict.TAKEN)


def _refusal(status: int, retry_after: str) -> Answer:
    if status in _HAS_IT:
        return Answer(Verdict.TAKEN)
    problem = f"HTTP {status}"
    if status < 400 or status >= 500 or status in _TRY_AGAIN:
        wait_s = min(int(retry_after), LONGEST_RETRY_AFTER_S) if retry_after.isdecimal() else None
        return Answer(Verdict.TRY_AGAIN, problem, wait_s)
    return Answer(Verdict.REFUSED, problem)


def _words(error: Exception) -> str:
    """What went wrong, without the address: it may carry a secret."""
    reason = getattr(error, "reason", error)
    return f"{type(reason).__name__}: {getattr(reason, 'strerror', None) or reason}"[:200]
