"""What the operating system needs to run the hall: units, users, folders, device rules, the kiosk's browser.

The files are in the package (`systemd/` in a checkout); here is where each belongs.
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from typing import Literal

Browser = Literal["none", "console", "desktop"]

MADE_FOR = "/opt/kioskd"
"""The environment that the files name; another one is written in its place."""
DAEMON = {
    "kioskd.service": "etc/systemd/system/kioskd.service",
    "kioskd.sysusers": "etc/sysusers.d/kioskd.conf",
    "kioskd.tmpfiles": "etc/tmpfiles.d/kioskd.conf",
    # A hall's own rules go to /etc/udev/rules.d under the same name, and win.
    "90-kioskd.rules": "usr/lib/udev/rules.d/90-kioskd.rules",
}
PAGE = {
    "kiosk": "usr/local/lib/kioskd/kiosk",
    "waiting.html": "usr/local/lib/kioskd/waiting.html",
}
CONSOLE = PAGE | {
    "kioskd-kiosk.service": "etc/systemd/system/kioskd-kiosk.service",
    "kioskd-kiosk.sysusers": "etc/sysusers.d/kioskd-kiosk.conf",
}
DESKTOP = PAGE | {"kioskd-kiosk.desktop": "etc/xdg/autostart/kioskd-kiosk.desktop"}
FILES: dict[Browser, dict[str, str]] = {
    "none": DAEMON,
    "console": DAEMON | CONSOLE,
    "desktop": DAEMON | DESKTOP,
}
PROGRAMS = ("kiosk",)
HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - none is used
"""What the service cannot see: ProtectHome= and PrivateTmp= of kioskd.service."""


def shipped() -> Path:
    """The folder of these files: in the installed package, or in a checkout."""
    package = Path(str(resources.files("kioskd")))
    packaged = package / "share" / "systemd"
    return packaged if packaged.is_dir() else package.parent / "systemd"


def install(root: Path, browser: Browser, *, prefix: str = MADE_FOR) -> list[Path]:
    """Write the files below `root`, and return what was written.

    browser: how the kiosk's page comes to the screen: not at all here, by a unit of its own on a computer
    without a desktop, or with the desktop's session. prefix: the environment that kioskd is installed in.
    Raises OSError.
    """
    written = []
    for name, place in FILES[browser].items():
        target = root / place
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        text = (shipped() / name).read_text(encoding="utf-8").replace(MADE_FOR, prefix)
        target.write_text(text, encoding="utf-8")
        target.chmod(0o755 if name in PROGRAMS else 0o644)
        written.append(target)
    return written


def next_steps(browser: Browser) -> list[str]:
    """The commands that take up what was written on this computer."""
    units = ["kioskd"] + ["kioskd-kiosk"] * (browser == "console")
    return [
        "systemd-sysusers",
        "systemd-tmpfiles --create",
        "udevadm control --reload",
        "udevadm trigger",
        "systemctl daemon-reload",
        f"systemctl enable --now {' '.join(units)}",
    ]


def hidden_from_the_service(prefix: str) -> Path | None:
    """What of this environment the service could not start: itself, or the Python that it was made with."""
    places = (Path(prefix), (Path(prefix) / "bin" / "python3").resolve())
    return next((place for place in places if any(place.is_relative_to(one) for one in HIDDEN)), None)


def own_prefix() -> str:
    """The environment that this very program runs in."""
    return sys.prefix
