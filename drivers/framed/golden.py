"""Proves a profile against the bytes of its maker's documents: both ways, encode and decode."""

from __future__ import annotations

from drivers.framed.codec import Codec, Message, understand
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
    problems = _differ(b"".join(each.frame for each in outgoing), want)
    heard = [understand(frame, codec.send.values()) for frame in _frames(codec, want)]
    names = [each.message.name if each else "nothing" for each in heard]
    sent = [each.message.name for each in outgoing]
    return problems + ([] if names == sent else [f"the bytes are understood as {names}, not as {sent}"])


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
    frames = _frames(codec, want)
    heard = understand(frames[0], table.values()) if len(frames) == 1 else None
    if heard is None or heard.message is not message:
        return [f"the bytes are not understood as {message.name}"]
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


def _frames(codec: Codec, data: bytes) -> list[Frame]:
    layouts = {
        message.layout.name: message.layout for message in [*codec.send.values(), *codec.receive.values()]
    }
    decoder = Decoder(layouts.values(), lambda _: None)
    return decoder.feed(data) + decoder.silence()


def _differ(got: bytes, want: bytes) -> list[str]:
    return [] if got == want else [f"gives {got.hex(' ').upper()}, not {want.hex(' ').upper()}"]
