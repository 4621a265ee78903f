"""Puts the frames on a line into words: which message, its values, whose address, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from drivers.framed.codec import Codec, Heard, Message, layouts_of, understand
from drivers.framed.decoder import Decoder
from drivers.framed.fieldtypes import Value, code
from drivers.framed.frame import Frame
from drivers.framed.spec import ReceiveSpec
from kioskd.devices.explain import Direction


class FramedExplainer:
    """Both directions of one line. Pure."""

    def __init__(self, codec: Codec, silence_s: float) -> None:
        """silence_s: the gap after which an unfinished frame will not be finished."""
        self._codec = codec
        self._silence_s = silence_s
        self._sides: dict[Direction, _Side] = {
            "sent": _Side([*codec.send.values(), *codec.receive.values()]),
            "received": _Side([*codec.receive.values(), *codec.send.values()]),
        }
        self._sent = b""
        self._echoed = b""
        """The last frame from the device that is acknowledged with the same bytes."""

    def explain(self, direction: Direction, data: bytes, at_s: float) -> list[str]:
        """One line for each frame that is complete, and for each thing that is wrong."""
        side = self._sides[direction]
        lines: list[str] = []
        for found in side.take(data, at_s, self._silence_s):
            lines.append(found if isinstance(found, str) else self._line(direction, *found))
        return lines

    def _line(self, direction: Direction, frame: Frame, heard: Heard | None) -> str:
        address = "" if frame.address is None else f", address {frame.address}"
        if heard is None:
            return f"a frame that means nothing to this profile{address}"
        if direction == "sent" and frame.raw == self._echoed:
            self._echoed, self._sent = b"", frame.raw
            return f"acknowledged with the same bytes{address}"
        again = " (our own bytes, read back)" if direction == "received" and frame.raw == self._sent else ""
        if direction == "sent":
            self._sent = frame.raw
        elif isinstance(heard.message.spec, ReceiveSpec) and heard.message.spec.acknowledge == "echo":
            self._echoed = frame.raw
        return f"{heard.message.name}{self._values(heard.values)}{address}{again}"

    def _values(self, values: Mapping[str, Value]) -> str:
        said = [
            f" {name}={self._value(name, value)}"
            for name, value in values.items()
            if name not in self._codec.constants
        ]
        return "".join(said)

    def _value(self, name: str, value: Value) -> str:
        if name == "key":
            return self._codec.keys.get(code(value), f"{code(value).hex(' ').upper()} (in no [wire.keys])")
        if name == "rating":
            level = self._codec.ratings.get(code(value))
            return f"{code(value).hex(' ').upper()} ({'in no [wire.ratings]' if level is None else level})"
        return value.hex(" ").upper() if isinstance(value, bytes) else str(value)


class _Side:
    """What goes one way: its frames, and the count of what was wrong, in order."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self._messages = list(messages)
        self._wrong: list[str] = []
        self._decoder = Decoder(layouts_of(self._messages), self._wrong.append)
        self._at_s = 0.0

    def take(self, data: bytes, at_s: float, silence_s: float) -> Iterable[str | tuple[Frame, Heard | None]]:
        if at_s - self._at_s > silence_s:
            yield from self._found(self._decoder.silence())
        self._at_s = at_s
        yield from self._found(self._decoder.feed(data))

    def _found(self, frames: list[Frame]) -> Iterable[str | tuple[Frame, Heard | None]]:
        yield from self._wrong
        self._wrong.clear()
        for frame in frames:
            yield frame, understand(frame, self._messages)
