"""What must be right about the pages' addresses and their certificate. Nothing is opened."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from kioskd.certificate import CertificateWrong, examine_certificate
from kioskd.config.reader import Tables
from kioskd.config.tables import WebTable


def check_web(tables: Tables) -> None:
    """Note what cannot be in [web]."""
    web = tables.web
    if web is None:
        return
    try:
        ipaddress.ip_address(web.bind)
    except ValueError:
        hint = "127.0.0.1 is this computer only"
        tables.notes.add("web.bind", "", f"{web.bind!r} is not an IP address", hint)
    if web.key and not web.certificate:
        tables.notes.add("web.key", "", "there is no certificate for it", 'write certificate = "…" too')
    if web.certificate and web.tls_port == web.port != 0:
        tables.notes.add("web.tls_port", "", "is the plain port too", "8443 is usual")
    files = certificate_files(web, tables.path.parent)
    if files is None:
        return
    try:
        examine_certificate(*files)
    except CertificateWrong as wrong:
        tables.notes.add("web.certificate", "", str(wrong))


def certificate_files(web: WebTable, folder: Path) -> tuple[Path, Path | None] | None:
    """The hall's certificate and its key, from the hall file's folder; None for a hall without."""
    if not web.certificate:
        return None
    return folder / web.certificate, folder / web.key if web.key else None
