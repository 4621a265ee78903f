"""The hall's own TLS certificate: whether it can be used, and until when. Opens no port."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

WARN_BEFORE = timedelta(days=30)
_EXPIRED, _NOT_YET = 10, 9
"""OpenSSL's own codes (X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID)."""


class CertificateWrong(Exception):  # noqa: N818 - says what is, as errors.py does
    """The files cannot be used at all. The message says which, why, and what to do."""


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate that can be used. problem: why browsers refuse it all the same, if they do."""

    until: datetime | None
    problem: str = ""

    def worry(self, now: datetime) -> str:
        """What somebody should know of it; empty when all is well."""
        if self.problem:
            return self.problem
        if self.until is not None and self.until - now < WARN_BEFORE:
            return f"ends on {self.until:%Y-%m-%d}: renew it before"
        return ""


def examine_certificate(certificate: Path, key: Path | None) -> Certificate:
    """Read the files and shake hands with ourselves by them. Raises CertificateWrong."""
    server = _server_context(certificate, key)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # trust this very certificate, whoever signed it
    client.load_verify_locations(certificate)
    try:
        told = _shake_hands(server, client)
    except ssl.SSLCertVerificationError as error:
        if error.verify_code == _EXPIRED:
            return Certificate(until=None, problem="has expired: browsers refuse it; renew it")
        if error.verify_code == _NOT_YET:
            return Certificate(until=None, problem="is not valid yet: look at the computer's clock")
        return Certificate(until=None, problem=f"will be refused: {error.verify_message}")
    except ssl.SSLError as error:
        raise CertificateWrong(f"{certificate}: {error.reason or error}: make it anew") from error
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
    return Certificate(until=until)


def _server_context(certificate: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for file in (certificate, key):
        if file is None:
            continue
        try:
            file.read_bytes()
        except OSError as error:
            raise CertificateWrong(
                f"{file}: {error.strerror}: it must be there, and the daemon's user must be able to read it"
            ) from error
    try:
        context.load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise CertificateWrong(f"{key}: is not the key of {certificate}") from error
        where = f"{certificate} and {key}" if key else str(certificate)
        why = "no certificate and key in PEM" if error.reason in (None, "PEM") else str(error.reason).lower()
        raise CertificateWrong(f"{where}: {why}: both are text that begins with -----BEGIN") from error
    return context


def _shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> dict[str, object]:
    """What the client sees of the server's certificate. Both are in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    there = server.wrap_bio(to_server, to_client, server_side=True)
    here = client.wrap_bio(to_client, to_server)
    waiting = [here, there]
    while waiting:
        for one in tuple(waiting):
            try:
                one.do_handshake()
                waiting.remove(one)
            except ssl.SSLWantReadError:
                continue
    return dict(here.getpeercert() or {})
