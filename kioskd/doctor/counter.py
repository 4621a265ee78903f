"""The hall's own devices: plugged in, open to the daemon's user, and set up as their profile needs it."""

from __future__ import annotations

import grp
import pwd
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kioskd.devices.access import DAEMON_USER, access, groups_of
from kioskd.devices.errors import PortError
from kioskd.devices.plugged import Plugged, find
from kioskd.devices.port_errors import user_name
from kioskd.devices.port_uri import PortUri, parse_port
from kioskd.devices.sound_cards import SoundCard, muted_controls, named_card, nodes_of, sound_cards
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.usb_identity import UsbIdentity
from kioskd.doctor.finding import Finding

GROUPS = {
    "serial": ("dialout", "serial ports"),
    "lp": ("lp", "USB printers"),
    "evdev": ("input", "pads"),
    "video": ("video", "cameras"),
    "alsa": ("audio", "sound cards"),
}
"""The group that owns the devices of a scheme, and what those are."""


def daemon_user() -> str:
    """Whom the service runs as; where it is not installed, who asks."""
    try:
        pwd.getpwnam(DAEMON_USER)
    except KeyError:
        return user_name()
    return DAEMON_USER


def service_user(user: str) -> Finding:
    """The daemon has a user of its own."""
    if user == DAEMON_USER:
        return Finding("good", f"the service has its user, {user}")
    return Finding("look", f"there is no user {DAEMON_USER} for the service", "sudo kioskd units")


def group(name: str, owns: str, user: str) -> Finding:
    """The user may use the devices that a group owns."""
    try:
        wanted, who = grp.getgrnam(name).gr_gid, pwd.getpwnam(user)
    except KeyError:
        return Finding("look", f"there is no group {name} here, so nobody can say who may use {owns}")
    if who.pw_uid == 0 or wanted in groups_of(who):
        return Finding("good", f"user {user} may use {owns}")
    return Finding(
        "bad",
        f"user {user} may not use {owns}",
        f"sudo usermod -aG {name} {user}, and restart the service or sign in again",
    )


def ports(
    specs: Sequence[PortSpec],
    user: str,
    *,
    find_plugged: Callable[[str, UsbIdentity], Plugged] = find,
) -> Iterator[Finding]:
    """Each port of the hall file: whether it is plugged in, and whether the user may open it. Opens none."""
    for spec in specs:
        uri = parse_port(spec.at)
        if uri.scheme == "emulator":
            yield Finding(
                "look", f"port {spec.name} is emulated", "name the real one as `kioskd scan` shows it"
            )
        elif uri.scheme == "alsa":
            yield sound_card(spec, uri, user)
        elif uri.scheme == "tcp" or "://" in uri.place:
            yield Finding("good", f"port {spec.name} is on the network: {spec.at}")
        else:
            yield _plugged_in(spec, uri, user, find_plugged)


def _plugged_in(
    spec: PortSpec, uri: PortUri, user: str, find_plugged: Callable[[str, UsbIdentity], Plugged]
) -> Finding:
    try:
        node = uri.place if uri.identity is None else find_plugged(uri.scheme, uri.identity).node
    except PortError as error:
        step = "plug it in, or name it as `kioskd scan` shows it"
        return Finding("bad", f"port {spec.name}: {error}", step)
    if not Path(node).exists():
        return Finding("bad", f"port {spec.name}: {node} is not there", "plug it in, or see `kioskd scan`")
    may = access(node, user)
    if may.may == "no":
        return Finding("bad", f"port {spec.name}: user {user} may not open {node}", may.step)
    return Finding("good", f"port {spec.name} is {node}, and user {user} may open it")


def sound_card(
    spec: PortSpec, uri: PortUri, user: str, cards: Callable[[], Sequence[SoundCard]] = sound_cards
) -> Finding:
    """A loudspeaker's card: whether it is there, whether the user may play on it, whether it is muted."""
    wanted = named_card(uri.place)
    there = cards()
    card = next((one for one in there if wanted in ("", one.id, str(one.number))), None)
    if card is None:
        named = ", ".join(one.id for one in there) or "none"
        what = f"port {spec.name}: there is no sound card {wanted or 'at all'}; there is: {named}"
        return Finding("bad", what, "plug it in, or name it as `kioskd scan` shows it")
    for node in nodes_of(card):
        may = access(str(node), user)
        if may.may == "no":
            return Finding("bad", f"port {spec.name}: user {user} may not open {node}", may.step)
    if muted := muted_controls(card):
        step = f"alsamixer -c {card.number} (key M, arrow up), then sudo alsactl store"
        return Finding("look", f"port {spec.name}: {card.title} is muted: {muted}", step)
    return Finding("good", f"port {spec.name} is {card.title}, and user {user} may play on it")


def setups(devices: Sequence[DeviceSpec]) -> Iterator[Finding]:
    """What must be set on the devices themselves, such as a DIP switch: nobody but a person can look."""
    for device in devices:
        if device.profile.setup_en and not device.disabled:
            step = " ".join(device.profile.setup_en.split())
            yield Finding("look", f"{device.name} ({device.profile.name}): look at the device itself", step)
