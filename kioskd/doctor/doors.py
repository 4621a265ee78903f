"""Who can come in: whether there is an account, and whether the certificate is one that browsers take."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from kioskd.certificate import CertificateWrong, examine_certificate
from kioskd.config import HallFile
from kioskd.doctor.finding import Finding
from kioskd.state import StateDirectory


def certificate(hall: HallFile, now: datetime | None = None) -> Finding:
    """Staff can sign in from other machines."""
    if hall.certificate is None:
        if hall.web.plain_http_staff:
            what = "staff sign in over plain HTTP: whoever is on the network reads their PINs"
            return Finding("look", what, "set certificate and key in [web], and drop plain_http_staff")
        return Finding("good", "no certificate: staff sign in on this computer only")
    file, key = hall.certificate
    try:
        found = examine_certificate(file, key)
    except CertificateWrong as wrong:
        return Finding("bad", str(wrong), "mend certificate and key in [web]")
    if worry := found.worry(now or datetime.now(UTC)):
        verdict = "bad" if found.problem else "look"
        return Finding(verdict, f"the certificate {file} {worry}", "put a new one in its place, then restart")  # type: ignore[arg-type]
    return Finding("good", f"the certificate {file} is good until {found.until:%Y-%m-%d}")


def accounts(state: Path) -> Finding:
    """Somebody can sign in. Reads only: a hall that has not run has no database yet."""
    file = StateDirectory(state).database
    step = "kioskd user add NAME --role supervisor --role technician"
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            row = database.execute("SELECT count(*) FROM accounts WHERE disabled = 0").fetchone()
    except sqlite3.Error:
        return Finding("look", "the hall has not run yet, so nobody can sign in", f"start it, then {step}")
    if row[0]:
        return Finding("good", f"{row[0]} account{'s' * (row[0] != 1)} can sign in")
    return Finding("look", "nobody can sign in: there is no account", step)
