"""An ESC/POS receipt printer that is not there: it has a buffer, a speed, sensors, a cutter, and bad days.

Bytes that arrive go into a receive buffer of a few KiB and are executed as fast as paper moves. Real-time
questions are answered when they arrive, whatever the printer is doing. Its paper outlives the daemon.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar

import msgspec

from drivers.escpos.accidents import ACTIONS
from drivers.escpos.commands import Character, Command, take
from drivers.escpos.condition import Condition
from drivers.escpos.drawing import picture_of
from drivers.escpos.fonts import font_file
from drivers.escpos.options import EscposOptions
from drivers.escpos.paper import Paper
from kioskd.devices.emulation import Action, EmulatedWire, Emulator
from kioskd.devices.profiles import Profile

DOTS_A_LINE = 30
BUFFER_BYTES = 4096
MID_TICKET_LINES = 3
"""After how many more lines a fault "in the middle of the next ticket" strikes."""


class EmulatedPrinter(Emulator):
    """One receipt printer of the profile's model."""

    line_s: ClassVar[float] = 0.06
    """How long one line of 30 dots takes."""
    late_s: ClassVar[float] = 3.0
    """How late it answers when it answers late."""
    blink_s: ClassVar[float] = 1.0
    """How long the power is away when it blinks."""
    tear_after_s: ClassVar[float] = 2.5
    """A printer without a cutter: somebody tears the ticket off once it has stood still for so long."""

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        super().__init__(wire, profile, address)
        self.options = msgspec.convert(profile.options, EscposOptions)
        self.paper = Paper(self.options)
        self.condition = Condition()
        self.powered = True
        self.answers: str = "answers"  # or silent, or late
        self.held = False
        self.jam_at_next_cut = False
        self._strikes: tuple[int, Callable[[], None]] | None = None
        """Lines still to print until a fault strikes in the middle of a ticket, and the fault."""
        self._power_returns_at_s: float | None = None
        self._acts = self._build_acts()
        self._start()

    def _start(self) -> None:
        """What power-on makes of everything that is not on paper."""
        self._buffer = bytearray()
        self._real_time_tail = b""
        self._late: deque[tuple[float, bytes]] = deque()
        self._asb_mask = 0
        self._asb_sent = b""
        self._starved = True
        """Whether the buffer holds nothing, or only the beginning of a command."""
        self._busy_until_s = self.wire.now_s()
        self._holding: bool | None = None
        self.paper.power_on()

    # --- the wire ---

    def received(self, data: bytes) -> None:
        """Bytes from the host: real-time commands work at once, all of it waits its turn in the buffer."""
        if not self.powered:
            return
        self._real_time(data)
        self._buffer += data
        self._work()

    def tick(self) -> None:
        """Let time pass: paper moves, late answers leave, the power comes back."""
        now_s = self.wire.now_s()
        if self._power_returns_at_s is not None and now_s >= self._power_returns_at_s:
            self._power_returns_at_s = None
            self.powered = True
            self._start()
        while self._late and self._late[0][0] <= now_s:
            self.wire.send(self._late.popleft()[1])
        self._work()

    def _send(self, data: bytes) -> None:
        if self.answers == "late":
            self._late.append((self.wire.now_s() + self.late_s, data))
        elif self.answers == "answers" and data:
            self.wire.send(data)

    # --- real-time commands ---

    def _real_time(self, data: bytes) -> None:
        """Find DLE EOT n and DLE ENQ n wherever they stand, also across two arrivals."""
        seen = self._real_time_tail + data
        position = 0
        while (position := seen.find(0x10, position)) >= 0 and position + 2 < len(seen):
            code, n = seen[position + 1], seen[position + 2]
            if code == 0x04 and self.options.status != "none":
                self._send(self.condition.real_time(n))
            elif code == 0x05:
                self._recover(n)
            position += 3 if code in (0x04, 0x05) else 1
        self._real_time_tail = seen[position:] if position >= 0 else b""

    def _recover(self, n: int) -> None:
        """DLE ENQ: after a cutter error, print on (1), or drop what was not printed yet (2)."""
        if not self.condition.cutter_error or n not in (1, 2):
            return
        if n == 2:
            self._buffer.clear()
            self.paper.drop_line()
        if not self.jam_at_next_cut:
            self.condition.cutter_error = False
            self._changed()

    # --- execution ---

    def _work(self) -> None:
        """Execute what the buffer holds for as long as the paper can move."""
        while self.powered and not self.condition.offline and self.wire.now_s() >= self._busy_until_s:
            modes = self.paper.modes
            chinese = modes.chinese or modes.chinese_utf8
            token = take(self._buffer, chinese=chinese, encoding=self.paper.encoding)
            self._starved = token is None
            if token is None:
                break
            if not self._execute(token):
                break
            del self._buffer[: len(token.raw)]
        self._tear_by_hand()
        self._flow_control()

    def _execute(self, token: Command | Character) -> bool:
        """Do one thing. False: it could not be done and stays in the buffer."""
        if isinstance(token, Command):
            if (
                token.code in (b"\x1dV", b"\x1bi", b"\x1bm")
                and self.jam_at_next_cut
                and self.options.cut != "none"
            ):
                self.condition.cutter_error = True
                self._changed()
                return False
            if token.code == b"\x1b@":
                self._initialise()
            if self._answer(token):
                return True
        dots = self.paper.run(token)
        if dots:
            self._paper_moved(dots)
        return True

    def _initialise(self) -> None:
        self._asb_mask = 0
        if self.options.cut == "none":
            self.paper.strip.tear()

    def _paper_moved(self, dots: int) -> None:
        # A tick comes some twenty times a second: what was due since the last one is caught up with.
        start_s = max(self._busy_until_s, self.wire.now_s() - 0.1)
        self._busy_until_s = start_s + dots / DOTS_A_LINE * self.line_s
        if self._strikes:
            lines, strike = self._strikes
            self._strikes = (lines - 1, strike) if lines > 1 else None
            if self._strikes is None:
                strike()
                self._changed()

    def _answer(self, command: Command) -> bool:
        """Questions that wait their turn among the data: answered once all before them is on paper."""
        if command.code == b"\x1da":
            self._asb_mask = command.args[0] if self.options.status == "asb" else 0
            self._asb_sent = b""
            self._changed()
        elif command.code == b"\x1dr":
            if self.options.confirm != "none":
                self._send(bytes([self.condition.sensor() if command.args[0] in (1, 49) else 0]))
        elif command.code == b"\x1dI":
            self._identify(command.args[0])
        elif command.code == b"\x1d(" and command.args[:1] == b"H":
            if self.options.confirm == "gs_h" and command.args[3:5] == b"00":
                self._send(b"\x37\x22" + command.args[5:9] + b"\x00")
        else:
            return False
        return True

    def _identify(self, n: int) -> None:
        texts = {65: "1.0", 66: "kioskd", 67: self.profile.name, 68: "EMULATED"}
        if self.options.identify and n in texts:
            self._send(b"_" + texts[n].encode("ascii", errors="replace") + b"\x00")

    def _changed(self) -> None:
        """Tell of a changed state by itself, where GS a asked for it."""
        packet = self.condition.automatic()
        if self.powered and self._asb_mask and packet != self._asb_sent:
            self._asb_sent = packet
            self._send(packet)

    def _flow_control(self) -> None:
        """Stop the host while the buffer is full, and until half of it is free again.

        A picture longer than the buffer is printed while it arrives: here, it may outgrow the buffer.
        """
        room = BUFFER_BYTES // 2 if self._holding else BUFFER_BYTES
        waiting_for_more = self._starved and not self.condition.offline
        holding = self.held or (len(self._buffer) >= room and not waiting_for_more)
        if holding != self._holding:
            self._holding = holding
            self.wire.hold(holding)

    def _tear_by_hand(self) -> None:
        still_s = self.wire.now_s() - self._busy_until_s
        if self.options.cut == "none" and still_s >= self.tear_after_s and not self._buffer:
            self.paper.strip.tear()

    # --- people and accidents ---

    def _lose_power(self) -> None:
        """All that is not on paper is gone. The USB cable of a printer without power is as good as pulled."""
        self.powered = False
        self._start()
        self.wire.unplug()

    def _power_on(self) -> None:
        if not self.powered:
            self.powered = True
            self.condition.cutter_error = self.jam_at_next_cut
            self._start()
            self.wire.plug()

    def _blink(self) -> None:
        self.powered = False
        self._start()
        self._power_returns_at_s = self.wire.now_s() + self.blink_s

    def _set(self, **changes: object) -> Callable[[], None]:
        def set_condition() -> None:
            for name, value in changes.items():
                setattr(self.condition, name, value)

        return set_condition

    def _set_self(self, **changes: object) -> Callable[[], None]:
        def set_attribute() -> None:
            for name, value in changes.items():
                setattr(self, name, value)

        return set_attribute

    def _in_mid_ticket(self, strike: Callable[[], None]) -> Callable[[], None]:
        def arm() -> None:
            self._strikes = (MID_TICKET_LINES, strike)

        return arm

    def _build_acts(self) -> dict[str, Callable[[], None]]:
        paper_out = self._set(paper="out")
        return {
            "paper_low": self._set(paper="low"),
            "paper_out": paper_out,
            "paper_out_mid": self._in_mid_ticket(paper_out),
            "paper_in": self._set(paper="ok"),
            "cover_open": self._set(cover_open=True),
            "cover_close": self._set(cover_open=False),
            "cutter_jam": self._set_self(jam_at_next_cut=True),
            "cutter_clear": self._set_self(jam_at_next_cut=False),
            "head_hot": self._set(head_hot=True),
            "head_cool": self._set(head_hot=False),
            "break": self._set(broken=True),
            "repair": self._set(broken=False),
            "feed_press": self._set(feeding=True),
            "feed_release": self._set(feeding=False),
            "silent": self._set_self(answers="silent"),
            "late": self._set_self(answers="late"),
            "answers": self._set_self(answers="answers"),
            "hold": self._set_self(held=True),
            "take": self._set_self(held=False),
            "power_off": self._lose_power,
            "power_on": self._power_on,
            "power_cut_mid": self._in_mid_ticket(self._lose_power),
            "power_blink_mid": self._in_mid_ticket(self._blink),
            "tear": self.paper.strip.tear,
        }

    def actions(self) -> list[Action]:
        """What a person can do to it; the names are the commands of `act`."""
        return list(ACTIONS)

    def act(self, action: str) -> None:
        """Do one of `actions`. Raises KeyError for an unknown one."""
        self._acts[action]()
        self._changed()
        self._work()

    # --- looking at it ---

    def view(self) -> dict[str, Any]:
        """Its lamps and its paper: the newest 20 tickets as text; `tickets_total` counts all of them."""
        strip = self.paper.strip
        return {
            "powered": self.powered,
            "state": self._state(),
            "paper": self.condition.paper,
            "faults": self._troubles(),
            "buffered_bytes": len(self._buffer),
            "dots": self.options.dots,
            "chinese_font": font_file() is not None,
            "not_understood": dict(self.paper.not_understood),
            "tickets_total": len(strip),
            "tickets": [
                {"index": index, "text": ticket.text, "complete": ticket.complete}
                for index, ticket in strip.newest(20)
            ],
        }

    def _state(self) -> str:
        if not self.powered:
            return "off"
        if self.condition.offline:
            return "offline"
        return "printing" if self._buffer or self.wire.now_s() < self._busy_until_s else "ready"

    def _troubles(self) -> list[str]:
        troubles = self.condition.words()
        if self.jam_at_next_cut and not self.condition.cutter_error:
            troubles.append("cutter_jam_next")
        if self.answers != "answers":
            troubles.append(self.answers)
        if self.held:
            troubles.append("hold")
        if self._strikes:
            troubles.append("accident_next")
        return troubles

    def picture(self, index: int = -1) -> bytes | None:
        """Ticket `index` as a PNG at 203 dots an inch, counted from the first, or from the last below 0."""
        return picture_of(self.paper.strip, index, self.options.dots)
