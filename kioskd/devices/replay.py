"""Replays a recording: what the device said goes through the real driver, whose clock is the recording's.

The driver is asked to do what was done then (probe, poll, show, signal); its waits end when the recording
says that something came, or at their deadline. What was printed is not printed again: only what the printer
said is heard.
"""

from __future__ import annotations

import msgspec

from kioskd.devices.device import Device
from kioskd.devices.driver import Driver
from kioskd.devices.errors import CannotExpress, DeviceError, PortError
from kioskd.devices.health import Reason
from kioskd.devices.kinds import DeviceEvent, HealthChanged, Signal
from kioskd.devices.line import Line as PortLine
from kioskd.devices.link import DeviceLink
from kioskd.devices.profile_files import options_of
from kioskd.devices.profiles import Profile
from kioskd.devices.recording import Recording, health_in_words, said_of, sign_of, without_repeats
from kioskd.devices.registry import driver_class
from kioskd.devices.specs import DeviceSpec

BEGIN_S = 1000.0
"""The clock at the recording's 0: drivers may take 0 for never."""


class Replayed(msgspec.Struct, frozen=True):
    """What came of it. events: what was said, in order; sent: everything the driver wrote."""

    events: tuple[str, ...]
    sent: bytes


def recorded_events(recording: Recording) -> list[str]:
    """What was said when it was recorded."""
    return without_repeats(line.text for line in recording.of("said"))


def recorded_sent(recording: Recording) -> bytes | None:
    """What was sent when it was recorded; None where something was printed, which is not sent again."""
    if any(line.text == "print" for line in recording.of("did")):
        return None
    return b"".join(line.data for line in recording.of("sent"))


def replay(recording: Recording, profile: Profile) -> Replayed:
    """Play it to the driver of this profile. Raises reading.Mistakes (options), ValueError (a line)."""
    player = _Player(recording, profile)
    player.play()
    return Replayed(tuple(without_repeats(player.events)), bytes(player.sent))


class _Player:
    """Plays one recording. It is the port's owner, as far as a link knows (`link.Turns`)."""

    def __init__(self, recording: Recording, profile: Profile) -> None:
        head = recording.head
        driver = driver_class(profile.driver)
        overrides = msgspec.json.decode(head.get("options", "{}"), type=dict)
        spec = DeviceSpec(
            name="device", title="", profile=profile, port="wire",
            address=int(head["address"]) if "address" in head else None, options=overrides,
        )  # fmt: skip
        options = options_of(profile, driver, overrides)
        self.events: list[str] = []
        self.sent = bytearray()
        self.local_echo = {"yes": True, "no": False}.get(head.get("local_echo", ""))
        self._device = Device(spec, driver, options, self._emit)
        self._link = DeviceLink(self._device, self)
        self._driver: Driver | None = None
        self._lines = recording.lines
        self._at = 0
        self._now_s = BEGIN_S
        self._heard_s: float | None = None
        """When bytes last came, while the driver has yet to be told of the silence after them."""
        self._begin(head.get("health", ""))

    def _begin(self, health: str) -> None:
        """Be as the device was when the recording began."""
        state, _, reasons = health.partition(" ")
        if state in ("online", "degraded", "fault"):
            self._driver = self._device.make_driver(self._link)
            self._device.record.met()
            self._device.record.knows(tuple(Reason(code) for code in reasons.split(",") if code))
        self.events.clear()

    def _emit(self, event: DeviceEvent) -> None:
        text = health_in_words(self._device.health()) if isinstance(event, HealthChanged) else said_of(event)
        self.events.append(text)

    # --- what a link needs (link.Turns) ---

    @property
    def line(self) -> PortLine:
        """The line: this, as it sends and knows when it has sent."""
        return self  # type: ignore[return-value]

    @property
    def sent_until_s(self) -> float:
        """Everything has left at once."""
        return self._now_s

    @property
    def port(self) -> object:
        """There is none: a driver that asks for the port itself cannot be replayed."""
        raise PortError("port_missing", "a recording has no port")

    def send(self, data: bytes, timeout_s: float) -> None:
        """The driver writes."""
        self.sent += data

    def now_s(self) -> float:
        """The recording's clock."""
        return self._now_s

    def touch(self) -> None:
        """Nobody stops a replay."""

    def woken(self, device: Device) -> None:
        """Nothing waits for that here."""

    def turn(self, timeout_s: float) -> None:
        """Hand over what came next, if it came in time and before anything else was set about."""
        until_s = self._now_s + timeout_s
        while self._at < len(self._lines):
            line = self._lines[self._at]
            at_s = BEGIN_S + line.at_s
            if at_s > until_s or line.kind == "did":
                break
            self._at += 1
            if line.kind == "received":
                self._hear(line.data, at_s)
                return
        self._pass_time(until_s)

    # --- playing ---

    def play(self) -> None:
        """From the first line to the last."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if line.kind == "received":
                self._hear(line.data, BEGIN_S + line.at_s)
            else:
                self._pass_time(BEGIN_S + line.at_s)
            if line.kind == "did":
                self._do(line.text)
        self._pass_time(self._now_s + 60)

    def _hear(self, data: bytes, at_s: float) -> None:
        self._pass_time(at_s)
        self._heard_s = self._now_s
        if self._driver is not None:
            self._driver.received(data)

    def _pass_time(self, until_s: float) -> None:
        """Let the clock run, and tell the driver of a silence on the way."""
        silence_s = self._device.profile.timing.silence_s
        if self._heard_s is not None and until_s - self._heard_s >= silence_s:
            self._now_s = max(self._now_s, self._heard_s + silence_s)
            self._heard_s = None
            if self._driver is not None:
                self._driver.silence()
        self._now_s = max(self._now_s, until_s)

    def _do(self, what: str) -> None:
        word, _, rest = what.partition(" ")
        if word == "closed":
            self._driver = None
            self._device.record.port_closed(Reason(rest or "port_lost"))
        elif word in ("probe", "poll", "show", "signal"):
            self._attempt(word, what)

    def _attempt(self, word: str, what: str) -> None:
        """As the port's owner does it (`seat.py`), with what that does to the device's health."""
        if self._driver is None:
            self._driver = self._device.make_driver(self._link)
        try:
            match word:
                case "probe":
                    self._driver.probe()
                case "poll":
                    self._driver.poll()
                case "show":
                    self._driver.show(sign_of(what))
                case _:
                    self._driver.signal(Signal(what.partition(" ")[2]))
        except CannotExpress:
            self._device.record.met()
        except DeviceError as error:
            self._device.record.in_trouble(Reason("no_answer", str(error)))
        else:
            self._device.record.met()
