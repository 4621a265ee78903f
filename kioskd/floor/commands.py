"""What a key of a pad asks of the hall. The hall file's [keys] table may give each key another command."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

import msgspec

from kioskd.hall.model import QueueView, Refused, Ticket, WindowState
from kioskd.reading import nearest

if TYPE_CHECKING:
    from kioskd.hall.hall import Hall

DEFAULT_KEYS: dict[str, str] = {
    "call": "call",
    "recall": "recall",
    "invite_rating": "invite_rating",
    "pause": "pause",
    "cancel": "no_show",
    "abandon": "no_show",
    "hold": "hold",
    "call_back": "call_back",
    "transfer": "refuse",
    "one_metre_line": "ignore",
    "clear": "ignore",  # what was typed is forgotten at any key
    "confirm": "ignore",  # ends the keys that a pad sends in two, such as hold; alone it says nothing
}
"""Key → command. A key that neither this nor the hall file names is ignored."""


MOST_DIGITS = 6
"""No ticket's number has more; what is longer is a barcode, whatever its last figures."""


class Press(msgspec.Struct, frozen=True):
    """One press: at which window, with which digits typed before it, by which device."""

    window: int
    digits: str
    by: str


def call(hall: Hall, press: Press, _target: str) -> None:
    """The next ticket, or the one whose digits were typed. A paused or closed window takes people again."""
    _take_people(hall, press)
    if press.digits:
        ticket = _typed(hall.queue(), press.window, press.digits, _lines_of(hall, press.window))
        hall.call(press.window, ticket.id, finish_current=True, by=press.by)
    else:
        hall.call_next(press.window, finish_current=True, by=press.by)


def recall(hall: Hall, press: Press, _target: str) -> None:
    """Call the same ticket out again."""
    hall.recall(press.window, by=press.by)


def start(hall: Hall, press: Press, _target: str) -> None:
    """The citizen is at the window."""
    hall.start(press.window, by=press.by)


def finish(hall: Hall, press: Press, _target: str) -> None:
    """The service is done."""
    hall.finish(press.window, by=press.by)


def invite_rating(hall: Hall, press: Press, _target: str) -> None:
    """Finish the service if it is not finished, and ask for its rating."""
    hall.invite_rating(press.window, finish_current=True, by=press.by)


def pause(hall: Hall, press: Press, _target: str) -> None:
    """Pause the window, or go on when it is paused."""
    if hall.window(press.window).state is WindowState.PAUSED:
        hall.resume(press.window, by=press.by)
    else:
        hall.pause(press.window, "", by=press.by)


def no_show(hall: Hall, press: Press, _target: str) -> None:
    """The called ticket did not come."""
    hall.no_show(press.window, by=press.by)


def hold(hall: Hall, press: Press, _target: str) -> None:
    """Put the ticket aside."""
    hall.hold(press.window, by=press.by)


def call_back(hall: Hall, press: Press, _target: str) -> None:
    """Call the ticket that was put aside or did not come last at this window."""
    _take_people(hall, press)
    ticket = _last_put_aside(hall.queue(), press.window)
    hall.call(press.window, ticket.id, finish_current=True, by=press.by)


def transfer_to_line(hall: Hall, press: Press, target: str) -> None:
    """Send the ticket to another line."""
    hall.transfer(press.window, to_line=target, by=press.by)


def transfer_to_window(hall: Hall, press: Press, target: str) -> None:
    """Send the ticket to another window."""
    hall.transfer(press.window, to_window=int(target), by=press.by)


def refuse(_hall: Hall, _press: Press, _target: str) -> None:
    """A key that this hall gave no meaning, answered by a beep."""
    raise Refused("key_without_command")


def ignore(_hall: Hall, _press: Press, _target: str) -> None:
    """A key that does nothing here."""


COMMANDS: dict[str, Callable[[Hall, Press, str], None]] = {
    command.__name__: command
    for command in (
        call, recall, start, finish, invite_rating, pause, no_show, hold, call_back,
        transfer_to_line, transfer_to_window, refuse, ignore,
    )
}  # fmt: skip
"""Every command by its name in [keys]; the transfers are followed by their target: `transfer_to_line C`."""


def obey(hall: Hall, press: Press, command: str) -> None:
    """Carry out one command of [keys]. Raises Refused, having changed nothing (but opened the window)."""
    name, _, target = command.partition(" ")
    COMMANDS[name](hall, press, target.strip())


def key_problems(
    keys: Mapping[str, str], lines: Collection[str], windows: Collection[int], of_pads: Collection[str] = ()
) -> dict[str, str]:
    """What is wrong with a [keys] table: key → problem, for the config's check.

    of_pads: keys that the hall's own pads have besides the usual ones.
    """
    known = {*DEFAULT_KEYS, *of_pads}
    problems = {
        key: _problem(command, lines, windows) if key in known else _unknown(key, known)
        for key, command in keys.items()
    }
    return {key: problem for key, problem in problems.items() if problem}


def _unknown(key: str, known: Collection[str]) -> str:
    return f"no pad of this hall has a key {key!r} {nearest(key, known)}".strip()


def _problem(command: str, lines: Collection[str], windows: Collection[int]) -> str:
    name, _, target = command.partition(" ")
    target = target.strip()
    if name not in COMMANDS:
        return f"there is no command {name!r} {nearest(name, COMMANDS)}".strip()
    if name == "transfer_to_line" and target not in lines:
        return f"there is no line {target!r} {nearest(target, lines)}".strip()
    if name == "transfer_to_window" and target not in {str(window) for window in windows}:
        return f"there is no window {target!r}"
    if target and not name.startswith("transfer_to_"):
        return f"the command {name!r} takes no target"
    return ""


def _take_people(hall: Hall, press: Press) -> None:
    """Pads have no key that opens a window: calling says that somebody is there."""
    match hall.window(press.window).state:
        case WindowState.PAUSED:
            hall.resume(press.window, by=press.by)
        case WindowState.CLOSED:
            hall.open(press.window, by=press.by)


def _lines_of(hall: Hall, window: int) -> tuple[str, ...]:
    return hall.window(window).lines


def _typed(queue: QueueView, window: int, digits: str, lines: tuple[str, ...]) -> Ticket:
    """The ticket whose number has the typed digits. A pad has no letters: the window's first line wins."""
    fitting = [
        ticket
        for ticket in (*queue.waiting, *queue.held, *queue.no_shows)
        if _digits_of(ticket) == int(digits) and (ticket.line in lines or ticket.for_window == window)
    ]
    if not fitting or len(digits) > MOST_DIGITS:
        raise Refused("no_such_number", number=digits)
    return min(fitting, key=lambda ticket: lines.index(ticket.line) if ticket.line in lines else -1)


def _digits_of(ticket: Ticket) -> int:
    return int("".join(character for character in ticket.number if character.isdigit()))


def _last_put_aside(queue: QueueView, window: int) -> Ticket:
    aside = [ticket for ticket in (*queue.held, *queue.no_shows) if ticket.window == window]
    if not aside:
        raise Refused("nobody_to_call_back", window=window)
    return max(aside, key=lambda ticket: (ticket.called_at is not None, ticket.called_at, ticket.id))
