"""The demo: the whole daemon on a packaged hall file, with its windows open and its clerks at work."""

from __future__ import annotations

import secrets
import shutil
import socket
import tempfile
from contextlib import suppress
from datetime import timedelta
from importlib import resources
from pathlib import Path

import click

from kioskd.config import load_hall
from kioskd.daemon import Daemon, end_on_signals
from kioskd.devices.cards import masked_name, masked_number
from kioskd.devices.errors import DeviceError
from kioskd.emulators import end
from kioskd.floor.cards import Cards
from kioskd.hall.hall import Hall
from kioskd.hall.model import Refused
from kioskd.hall.store import Store
from kioskd.staff.accounts import AccountWrong, add_account, set_secret
from kioskd.staff.hashing import WeakSecret, check_secret
from kioskd.staff.tokens import add_token

PORTS_TRIED = range(8080, 8100)
PAGES = (
    ("/kiosk", "取号机: touch a matter, take a ticket"),
    ("/board", "大屏: who is called where"),
    ("/clerk", "窗口: call, serve, transfer (sign in)"),
    ("/lab", "仿真: paper, strips, keypads, cards, faults"),
    ("/tech", "设备: health, and what to do (sign in)"),
)
PEOPLE = (
    ("c01", "clerk", "窗口人员"),
    ("supervisor", "supervisor", "大厅主任"),
    ("technician", "technician", "技术员"),
    ("integrator", "integrator", "对接人员"),
)
"""The demo's accounts, one a role, each with a PIN or password that is made up at every start."""
BOOKED_NAME, BOOKED_NUMBER = "王样例", "660102198809204567"
"""The person on the sample card `booked`: nobody, since no place has the area code 66."""
BOOKED_MATTER = "GA-02"
BOOKED_AHEAD = timedelta(minutes=20)


def hall_file() -> Path:
    """The demo hall's file."""
    return Path(str(resources.files("kioskd.demo").joinpath("hall.toml")))


def show(*, port: int | None, token: str | None, state: Path | None) -> None:
    """Run the demo until SIGTERM or Ctrl-C. A state directory that nobody named is removed at the end."""
    folder = state or Path(tempfile.mkdtemp(prefix="kioskd-demo-"))
    token = token or secrets.token_urlsafe(32)
    known: dict[str, str] = {}

    def open_the_hall(hall: Hall) -> None:
        add_token(hall.store, "demo", ["all"], token=token, by="demo")
        known.update(_make_accounts(hall.store))
        _open_windows(hall)
        _book(hall, daemon.floor.cards)

    daemon = Daemon(
        load_hall(hall_file()),
        folder,
        port=_free_port() if port is None else port,
        before_opening=open_the_hall,
    )
    end_on_signals(daemon)
    try:
        daemon.start()
        _tell(daemon.url, token, known, folder)
        daemon.run()
    finally:
        daemon.stop()
        _stop_emulators(daemon)
        if state is None:
            shutil.rmtree(folder, ignore_errors=True)


def _open_windows(hall: Hall) -> None:
    """A clerk signs in at every window and opens it, as on any morning, unless that was done before."""
    for window, clerk in zip(hall.plan.windows, hall.plan.clerks, strict=False):
        with suppress(Refused):
            hall.sign_in(window.number, clerk.id, by="demo")
        with suppress(Refused):
            hall.open(window.number, by="demo")


def _make_accounts(store: Store) -> dict[str, str]:
    """One account a role; in a state directory that was used before they only get a new PIN or password."""
    known = {}
    for name, role, title in PEOPLE:
        known[name] = secret = _pin() if role == "clerk" else f"demo-{secrets.token_hex(4)}"
        clerk = name if role == "clerk" else None
        try:
            add_account(store, name, [role], secret, by="demo", display_name=title, clerk=clerk)
        except AccountWrong:
            set_secret(store, name, secret, by="demo")
    return known


def _pin() -> str:
    """Six figures that are not too easy."""
    while True:
        pin = f"{secrets.randbelow(10**6):06}"
        with suppress(WeakSecret):
            check_secret(pin, name="", pin_is_enough=True)
            return pin


def _book(hall: Hall, cards: Cards) -> None:
    """The person on one of the sample cards has an appointment soon, unless that was done before."""
    at = hall.clock.now() + BOOKED_AHEAD
    day = hall.people.service_day_of(at)
    with suppress(Refused):
        hall.people.book(
            BOOKED_MATTER,
            at,
            person_hash=cards.person_hash(BOOKED_NUMBER, day),
            masked=f"{masked_name(BOOKED_NAME)} {masked_number(BOOKED_NUMBER)}",
            by="demo",
        )


def _tell(url: str, token: str, known: dict[str, str], folder: Path) -> None:
    click.echo(f"\nkioskd demo: {url}/")
    click.echo(f"token: {token}")
    click.echo(f"accounts, for {url}/sign-in:")
    for name, role, title in PEOPLE:
        kind = "PIN" if role == "clerk" else "password"
        click.echo(f"  {name:<12}{kind:<9} {known[name]:<14}{title}")
    for path, what in PAGES:
        click.echo(f"  {url}{path:<8} {what}")
    click.echo(f"state: {folder}\nStop it with Ctrl-C.\n")


def _stop_emulators(daemon: Daemon) -> None:
    if daemon.emulators is not None:
        with suppress(DeviceError):
            end(daemon.emulators)


def _free_port() -> int:
    """The first free port from 8080 on; 8080 itself when all are taken, so that the error names it."""
    for port in PORTS_TRIED:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    return PORTS_TRIED[0]
