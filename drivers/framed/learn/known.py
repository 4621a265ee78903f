"""Whether some profile speaks already what a pad says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from drivers.framed.codec import Codec, Heard, Message, layouts_of, understand
from drivers.framed.decoder import Decoder
from drivers.framed.driver import codec_of
from drivers.framed.fieldtypes import code
from drivers.framed.learn.windows import bursts
from kioskd.devices.kinds import Kind
from kioskd.devices.learning import Known, Press
from kioskd.devices.profiles import Profile

SHARE = 0.7
"""A profile is the pad's when it understands so many of the presses."""
PRESSED = {Kind.KEYPAD, Kind.EVALUATOR}


def known(presses: Sequence[Press], profiles: Sequence[Profile]) -> Known | None:
    """The profile that understands most; of equals the one that promises least beside keys."""
    found: list[tuple[tuple[int, int, int], Known]] = []
    for profile in profiles:
        if profile.driver == "framed" and profile.kinds & PRESSED:
            understood = _understood(presses, profile)
            if understood is not None:
                fewest = (understood.presses, -len(understood.others), -len(profile.kinds))
                found.append((fewest, understood))
    return max(found, key=lambda one: one[0])[1] if found else None


def _understood(presses: Sequence[Press], profile: Profile) -> Known | None:
    codec = codec_of(profile, {})
    messages = [message for message in codec.receive.values() if _is_press(message, profile)]
    addresses: Counter[int | None] = Counter()
    others: dict[str, str] = {}
    count = 0
    for press in presses:
        heard = _first_key(press, codec, messages)
        if heard is not None:
            count += 1
            address, name = heard
            addresses[address] += 1
            if name != press.key:
                others[press.key] = name
    if count < max(2, SHARE * len(presses)):
        return None
    address = addresses.most_common(1)[0][0]
    return Known(profile, count, address, tuple(others.items()))


def _is_press(message: Message, profile: Profile) -> bool:
    """Whether this message tells of a key or a rating, and the model has such keys."""
    key = "key" in message.names and Kind.KEYPAD in profile.kinds
    return key or ("rating" in message.names and Kind.EVALUATOR in profile.kinds)


def _first_key(press: Press, codec: Codec, messages: list[Message]) -> tuple[int | None, str] | None:
    """The address and the name of the first key or rating in what was heard."""
    for burst in bursts(press):
        decoder = Decoder(layouts_of(messages), lambda _: None)
        for frame in decoder.feed(burst) + decoder.silence():
            heard = understand(frame, messages)
            name = heard and _name(heard, codec)
            if name:
                return frame.address, name
    return None


def _name(heard: Heard, codec: Codec) -> str:
    if "rating" in heard.values:
        level = codec.ratings.get(code(heard.values["rating"]))
        return "" if level is None else f"rate_{level}"
    return codec.keys.get(code(heard.values["key"]), "")
