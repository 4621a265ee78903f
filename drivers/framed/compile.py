"""Makes a codec of a [wire] table, or tells every mistake in it by its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from drivers.framed.codec import SEQUENCE, Codec, Message
from drivers.framed.frame import Layout
from drivers.framed.layouts import compile_layout
from drivers.framed.spec import ReceiveSpec, SendSpec, WireSpec
from drivers.framed.template import Template
from kioskd.devices.kinds import Signal, SignState
from kioskd.devices.sentences import SIGN_VALUES, places
from kioskd.reading import Mistake, nearest, read_as

K = TypeVar("K")
E = TypeVar("E", bound=StrEnum)

_FROM_KEYS = ("key", "rating")
"""The values that only a device says; an acknowledgement may repeat them."""


def compile_wire(
    wire: Mapping[str, Any], constants: dict[str, int], file: str, mistakes: list[Mistake]
) -> Codec | None:
    """The codec of a profile's [wire] table, or None after adding what is wrong to `mistakes`.

    constants: the profile's `options.values`. file: named in the mistakes.
    """
    before = len(mistakes)
    spec = read_as(wire, WireSpec, file=file, key="wire", mistakes=mistakes)
    if spec is None:
        return None
    compiler = _Compiler(spec, constants, file, mistakes)
    codec = compiler.codec()
    return codec if len(mistakes) == before else None


class _Compiler:
    """Walks one table; goes on after a mistake to find the others."""

    def __init__(self, spec: WireSpec, constants: dict[str, int], file: str, mistakes: list[Mistake]) -> None:
        self.spec = spec
        self.constants = constants
        self.file = file
        self.mistakes = mistakes
        own = [name for name in spec.texts if name not in set(SignState)]
        self.names = [*SIGN_VALUES, SEQUENCE, *own, *constants, *_FROM_KEYS]

    def note(self, key: str, problem: str, hint: str = "") -> None:
        self.mistakes.append(Mistake(self.file, f"wire.{key}", problem, hint))

    def codec(self) -> Codec:
        self.layouts = {name: self.layout(name) for name in self.spec.frames}
        self.check_texts()
        send = self.messages("send", self.spec.send)
        receive = self.messages("receive", self.spec.receive)
        self.check_answers(send, receive)
        return Codec(
            send=send,
            receive=receive,
            show=self.alternatives(send),
            signals=self.signals(send),
            start=self.by_itself("start", self.spec.start, send),
            poll=self.by_itself("poll", self.spec.poll, send),
            keys=self.codes("keys", ((code, name) for name, code in self.spec.keys.items())),
            ratings=self.codes("ratings", self.spec.ratings.items()),
            texts=self.spec.texts,
            constants=self.constants,
        )

    def layout(self, name: str) -> Layout | None:
        def note(key: str, problem: str, hint: str) -> None:
            self.note(f"frames.{name}.{key}", problem, hint)

        return compile_layout(name, self.spec.frames[name], note)

    def check_texts(self) -> None:
        for name, text in self.spec.texts.items():
            for place in places(text):
                if place not in SIGN_VALUES:
                    self.note(
                        f"texts.{name}", f"{{{place}}} is no value of a sign", nearest(place, SIGN_VALUES)
                    )

    # --- messages ---

    def messages(self, table: str, specs: Mapping[str, SendSpec | ReceiveSpec]) -> dict[str, Message]:
        read = {name: self.message(f"{table}.{name}", name, spec) for name, spec in specs.items()}
        return {name: message for name, message in read.items() if message is not None}

    def message(self, key: str, name: str, spec: SendSpec | ReceiveSpec) -> Message | None:
        if spec.frame not in self.layouts:
            self.note(f"{key}.frame", f"there is no frame {spec.frame!r}", nearest(spec.frame, self.layouts))
            return None
        layout = self.layouts[spec.frame]
        # A frame with mistakes of its own has told them; what its messages hold is still read.
        open_fields = dict.fromkeys(spec.fields) if layout is None else layout.open_fields
        for field in spec.fields:
            if field not in open_fields:
                hint = nearest(field, open_fields)
                self.note(f"{key}.fields.{field}", f"the frame {spec.frame} has no such open field", hint)
        templates: dict[str, Template] = {}
        for field, size in open_fields.items():
            template = self.template(f"{key}.fields.{field}", spec.fields.get(field), size)
            if template is not None:
                templates[field] = template
        return None if layout is None else Message(name, layout, templates, spec)

    def template(self, key: str, written: str | None, size: int | None) -> Template | None:
        if written is None:
            self.note(key, "is missing: what does this field hold?")
            return None
        try:
            template = Template(written)
        except ValueError as error:
            self.note(key, str(error))
            return None
        if size is not None and template.size != size:
            self.note(key, f"is {template.size or 'any number of'} bytes, the field has {size}")
        for name in template.names:
            if name not in self.names:
                hint = nearest(name, self.names) or f"values are {', '.join(self.names)}, or options.values"
                self.note(key, f"there is no value {name!r}", hint)
        return template

    def check_answers(self, send: dict[str, Message], receive: dict[str, Message]) -> None:
        for name, sent in self.spec.send.items():
            if sent.expect:
                self.find(f"send.{name}.expect", sent.expect, receive, self.spec.receive)
        for name, received in self.spec.receive.items():
            if received.acknowledge in ("", "echo"):
                continue
            key = f"receive.{name}.acknowledge"
            answer = self.find(key, received.acknowledge, send, self.spec.send)
            if answer is not None and name in receive:
                for value in sorted(answer.names - receive[name].names - {SEQUENCE, *self.constants}):
                    self.note(key, f"{answer.name} needs the value {value!r}, which {name} does not bring")

    # --- what the messages are for ---

    def find(
        self, key: str, name: str, messages: dict[str, Message], written: Iterable[str]
    ) -> Message | None:
        """The message of that name. One that is `written` but has mistakes of its own is passed over."""
        if name not in written:
            self.note(key, f"there is no message {name!r}", nearest(name, written))
        return messages.get(name)

    def chosen(self, key: str, names: Iterable[str], send: dict[str, Message]) -> list[Message]:
        found = [self.find(key, name, send, self.spec.send) for name in names]
        return [message for message in found if message is not None]

    def by_itself(self, key: str, names: Iterable[str], send: dict[str, Message]) -> list[Message]:
        """Messages sent when there is no sign: only `options.values` can be in them."""
        messages = self.chosen(key, names, send)
        for message in messages:
            for name in sorted(message.names - {SEQUENCE, *self.constants}):
                self.note(key, f"{message.name} needs the value {name!r}, which only a sign has")
        return messages

    def alternatives(self, send: dict[str, Message]) -> dict[SignState, list[list[Message]]]:
        states = self.known("show", self.spec.show, SignState)
        return {
            state: [
                self.chosen(f"show.{state}[{index}]", (name.strip() for name in written.split("+")), send)
                for index, written in enumerate(self.spec.show[state])
            ]
            for state in states
        }

    def signals(self, send: dict[str, Message]) -> dict[Signal, Message]:
        return {
            signal: message
            for signal in self.known("signals", self.spec.signals, Signal)
            for message in self.by_itself(f"signals.{signal}", [self.spec.signals[signal]], send)
        }

    def known(self, table: str, written: Iterable[str], words: type[E]) -> list[E]:
        """The words of an enum that are written, after noting those that are none."""
        choices = [str(word) for word in words]
        for word in written:
            if word not in choices:
                self.note(f"{table}.{word}", f"is none of {', '.join(choices)}", nearest(word, choices))
        return [words(word) for word in written if word in choices]

    def codes(self, table: str, pairs: Iterable[tuple[str, K]]) -> dict[bytes, K]:
        codes: dict[bytes, K] = {}
        for written, meaning in pairs:
            try:
                code = bytes.fromhex(written)
            except ValueError:
                code = b""
            if not code:
                self.note(f"{table}.{meaning}", f"{written!r} is not a code in hex, such as 0C or 06 0F")
            elif code in codes:
                self.note(f"{table}.{meaning}", f"{written} means {codes[code]} already")
            codes[code] = meaning
        return codes
