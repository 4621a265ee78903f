"""What a scan found, as text to paste into a hall file: TOML, with everything else said in comments.

The whole text is good TOML, so that `kioskd scan >> hall.toml` works too.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Collection, Iterator, Sequence

from kioskd.devices.scan import Found, Scan

WIDTH = 80
"""Columns of a plain terminal."""
NETWORK = 'A printer on the network is not looked for: name it yourself, at = "tcp:ADDRESS:9100".'
SORT_WORDS = {
    "printer": "USB printer",
    "serial": "serial line",
    "pad": "USB keys",
    "camera": "camera",
    "card reader": "card reader",
    "other": "USB device",
}
NAMES = {
    "printer": "printer",
    "serial": "line",
    "pad": "pad",
    "camera": "camera",
    "card reader": "reader",
    "other": "device",
}
"""What ports of a sort are called, until somebody knows better."""


def scan_text(
    found: Scan, *, taken: Collection[str] = (), window: int = 1, hall_file: str = ""
) -> Iterator[str]:
    """The lines of the text.

    taken: names that the hall file has already. window: a window that there is, for what stands at one.
    hall_file: what may name some of it already.
    """
    yield from _comment(_count(found) + " Nothing was opened.")
    yield from _comment(NETWORK)
    for step in dict.fromkeys(who.step for one in found.items for who in one.access if who.may == "unknown"):
        yield from _comment(step)
    names = _free_names([one for one in found.items if not one.ports], taken)
    for one in found.items:
        yield ""
        yield from _heading(one)
        if one.ports:
            yield from _comment(_named(one, hall_file))
        else:
            yield from _tables(one, names[one.at], window)
    lines = [one for one in found.items if one.could_be and not one.fits and not one.ports]
    if lines:
        yield ""
        yield from _behind_a_line(lines[0], names[lines[0].at])
    if found.others:
        yield ""
        yield from _comment("Also on USB, and nothing that a profile knows:")
        for other in found.others:
            yield from _comment(f"  {other.usb}  socket {other.socket}  {other.title}".rstrip())


def _count(found: Scan) -> str:
    if not found.items:
        return "Nothing that kioskd can use is plugged in."
    one = len(found.items) == 1
    return (
        f"{len(found.items)} device{'s' * (not one)} that kioskd can use {'is' if one else 'are'} plugged in."
    )


def _heading(one: Found) -> Iterator[str]:
    head = f"# --- {SORT_WORDS[one.sort]}: {one.title or one.node} "
    yield head + "-" * max(3, WIDTH - 1 - len(head))
    where = [
        f"{one.node} now" if one.node else "",
        f"USB {one.usb}" if one.usb else "",
        f"socket {one.socket}" if one.socket else "",
    ]
    yield from _comment(", ".join(word for word in where if word))
    if one.twins:
        yield from _comment(f"Twins of it are in socket {', '.join(one.twins)}.")
    for note in one.notes:
        yield from _comment(f"Note: {note}.")
    for who in one.access:
        if who.may == "no":
            yield from _comment(f"User {who.user} may not open it:")
            yield f"#   {who.step}"


def _named(one: Found, hall_file: str) -> str:
    use = f"used by {', '.join(one.devices)}" if one.devices else "which no device uses"
    return f"{hall_file} names it already: port {', '.join(one.ports)}, {use}."


def _tables(one: Found, name: str, window: int) -> Iterator[str]:
    yield from _comment(f"Named by {one.why}.")
    yield f"[ports.{name}]"
    yield f'at = "{one.at}"'
    if one.fits:
        yield ""
        yield from _device(one, name, window)
    elif not one.could_be:
        yield from _comment("No profile fits it: `kioskd profile list` shows all.")


def _device(one: Found, name: str, window: int) -> Iterator[str]:
    best, *rest = one.fits
    yield from _comment(f"Why {best.profile}: {best.why}.")
    yield "[[devices]]"
    yield f'name = "{name}"'
    yield f'profile = "{best.profile}"   # {best.title}'
    yield f'port = "{name}"'
    if one.sort in ("pad", "camera", "card reader"):
        yield f"window = {window}   # the window where it stands"
    if rest:
        yield from _comment("Others that may fit: " + "; ".join(f"{fit.profile} ({fit.why})" for fit in rest))


def _behind_a_line(one: Found, name: str) -> Iterator[str]:
    """A serial line tells nothing of what is at its other end."""
    yield from _comment(
        "What is at the other end of a serial line it cannot tell: read the label, or ask who installed it. "
        "Then write for each device on it, such as:"
    )
    yield "# [[devices]]"
    yield '# name = "strip-1"'
    yield f'# profile = "{one.could_be[0].profile}"'
    yield f'# port = "{name}"'
    yield "# address = 1"
    yield "# window = 1"
    by_kind: dict[str, list[str]] = {}
    for fit in one.could_be:
        by_kind.setdefault(fit.why, []).append(fit.profile)
    for kind, names in by_kind.items():
        yield from _comment(f"{kind}: {', '.join(names)}")
    yield from _comment("A pad that nobody knows: `kioskd profile learn` listens to its keys.")


def _free_names(unnamed: Sequence[Found], taken: Collection[str]) -> dict[str, str]:
    """A name for each, by what is written for it; several of a sort are numbered."""
    used = set(taken)
    names = {}
    for one in unnamed:
        word = NAMES[one.sort]
        alone = sum(other.sort == one.sort for other in unnamed) == 1
        numbered = (f"{word}-{number}" for number in itertools.count(1))
        choices = itertools.chain([word] if alone else [], numbered)
        names[one.at] = next(name for name in choices if name not in used)
        used.add(names[one.at])
    return names


def _comment(text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        WIDTH - 1,
        initial_indent="# ",
        subsequent_indent="#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )
