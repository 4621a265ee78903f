"""Proves a profile against the bytes of its maker's documents: both ways, encode and decode."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.framed.codec import Codec, Message, layouts_of, understand
from drivers.framed.decoder import Decoder
from drivers.framed.fieldtypes import Unfit, Value, code
from drivers.framed.frame import Frame
from drivers.framed.spec import Golden
from kioskd.devices.errors import CannotExpress


def check_golden(golden: Golden, codec: Codec) -> list[str]:
    """Everything in which the profile and this vector differ; nothing when they agree."""
    try:
        want = bytes.fromhex(golden.bytes)
    except ValueError:
        return [f"{golden.bytes!r} is not bytes in hex"]
    if bool(golden.message) == bool(golden.sign):
        return ["say either a message with its values, or a sign"]
    if golden.sign is not None:
        return _check_sign(golden, codec, want)
    message = codec.send.get(golden.message) or codec.receive.get(golden.message)
    if message is None:
        return [f"there is no message {golden.message!r}"]
    return _check_encoding(golden, codec, message, want) + _check_decoding(golden, codec, message, want)


def _check_sign(golden: Golden, codec: Codec, want: bytes) -> list[str]:
    assert golden.sign is not None
    try:
        outgoing = codec.for_sign(golden.sign.sign(), golden.address)
    except CannotExpress as error:
        return [str(error)]
    sent = " + ".join(each.message.name for each in outgoing)
    heard = _heard(codec, codec.send, want)
    problems = _differ(b"".join(each.frame for each in outgoing), want)
    return problems + ([] if heard == sent else [f"the bytes are understood as {heard}, not as {sent}"])


def _check_encoding(golden: Golden, codec: Codec, message: Message, want: bytes) -> list[str]:
    values: dict[str, Value] = {**codec.constants, **golden.values}
    if "key" in golden.values:
        codes = {name: code for code, name in codec.keys.items()}
        values["key"] = codes.get(str(golden.values["key"]), b"")
    try:
        return _differ(message.encode(values, golden.address), want)
    except Unfit as unfit:
        return [f"cannot be encoded: {unfit}"]


def _check_decoding(golden: Golden, codec: Codec, message: Message, want: bytes) -> list[str]:
    table = codec.send if message.name in codec.send else codec.receive
    if (understood := _heard(codec, table, want)) != message.name:
        return [f"the bytes are understood as {understood}, not as {message.name}"]
    frames, _ = _frames(codec, want)
    heard = understand(frames[0], table.values())
    assert heard is not None
    if frames[0].address not in (None, golden.address):
        return [f"the bytes are for address {frames[0].address}, not {golden.address}"]
    meant = heard.values | (
        {"key": codec.keys.get(code(heard.values["key"]), "unknown")} if "key" in heard.values else {}
    )
    return [
        f"{name} is understood as {meant.get(name)!r}, not as {value!r}"
        for name, value in golden.values.items()
        if str(meant.get(name)) != str(value)
    ]


def _heard(codec: Codec, table: Mapping[str, Message], data: bytes) -> str:
    """The messages in `data` by name; nothing, and why, where there is none."""
    frames, wrong = _frames(codec, data)
    heard = [understand(frame, table.values()) for frame in frames]
    names = " + ".join(each.message.name if each else "an unknown message" for each in heard)
    return names or "nothing" + (f" ({', '.join(wrong)})" if wrong else "")


def _frames(codec: Codec, data: bytes) -> tuple[list[Frame], list[str]]:
    """The frames in `data`, and what the decoder counted as wrong."""
    wrong: list[str] = []
    decoder = Decoder(layouts_of([*codec.send.values(), *codec.receive.values()]), wrong.append)
    return decoder.feed(data) + decoder.silence(), wrong


def _differ(got: bytes, want: bytes) -> list[str]:
    return [] if got == want else [f"gives {got.hex(' ').upper()}, not {want.hex(' ').upper()}"]
