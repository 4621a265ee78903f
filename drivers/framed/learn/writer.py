"""Writes what was learned as a profile: commented, with every frame that was heard as a golden vector."""

from __future__ import annotations

from drivers.framed.learn.repeats import Repeats
from drivers.framed.learn.roles import Roles
from kioskd.devices.new_profile import bare_or_quoted, quoted

RESEND_S = 2.0
"""What `resend_s` is where the pad gives no reason for more."""


def layout_of(roles: Roles) -> list[str]:
    """The frame, a word or two hex digits for each place; a field of two bytes has one word."""
    names = names_of(roles)
    words = []
    for at in range(roles.size):
        word = names.get(at, f"{roles.pattern[at]:02X}")
        if word:
            words.append(word)
    return words


def names_of(roles: Roles) -> dict[int, str]:
    """The fields' names by their place; an empty one for the second byte of a field."""
    names = {roles.key_at: "KEY"}
    if roles.check:
        names[roles.check.at] = "CHECK"
        names |= {roles.check.at + more: "" for more in range(1, roles.check.size)}
    if roles.address_at is not None:
        names[roles.address_at] = "ADDR"
    for number, (at, _, _) in enumerate(roles.lengths):
        names.setdefault(at, "LEN" if number == 0 else f"LEN{number + 1}")
    if roles.address_at is not None and roles.key_at - 1 > roles.address_at:
        names.setdefault(roles.key_at - 1, "FUNC")
    ends = [(roles.check.first, roles.check.last)] if roles.check else []
    for at in {at for pair in (*ends, *((first, last) for _, first, last in roles.lengths)) for at in pair}:
        names.setdefault(at, _constant_name(roles, at))
    return names


def _constant_name(roles: Roles, at: int) -> str:
    if at == 0:
        return "HEAD"
    return "FUNC" if at == roles.key_at - 1 else f"BYTE{at}"


def toml_of(roles: Roles, repeats: Repeats, *, name: str, title: str, baud: int) -> str:
    """The whole profile."""
    names = names_of(roles)
    lines = [
        f"# Worked out by `kioskd profile learn` from {len(roles.samples)} presses. Look it over, above all",
        "# at what is marked [doubt], and put what the maker's papers say into source and notes.",
        f"name = {quoted(name)}",
        f"title = {quoted(title)}",
        'driver = "framed"',
        'kinds = ["keypad"]',
        'source = "learned from the pad itself; no document"',
        "",
        "[port]",
        f"baud = {baud}",
        "",
        *_options(repeats),
        "[wire.frames.pad]",
        f'layout = "{" ".join(layout_of(roles))}"',
        f"max_bytes = {roles.size}",
        "",
        "[wire.frames.pad.fields]",
        *_fields(roles, names),
        "",
        "[wire.receive.key]",
        'frame = "pad"',
        'fields = { KEY = "{key:u8}" }',
        *_acknowledge(repeats),
        "",
        "[wire.keys]",
        *(f'{bare_or_quoted(key)} = "{code:02X}"' for key, code in roles.keys.items()),
        "",
        *_golden(roles),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _options(repeats: Repeats) -> list[str]:
    if repeats.every_s is None:
        return []
    lasts_s = max(RESEND_S, round(repeats.copies * repeats.every_s + 0.3, 1))
    return [
        "[options]",
        f"resend_s = {lasts_s}    # it sent a key {repeats.copies} times when nobody answered",
        f"resend_every_s = {repeats.every_s}",
        "",
    ]


def _fields(roles: Roles, names: dict[int, str]) -> list[str]:
    lines = []
    counted = {at: (first, last) for at, first, last in roles.lengths}
    for at, word in sorted(names.items()):
        if not word:
            continue
        if word == "KEY":
            lines.append('KEY = { type = "u8" }')
        elif word == "ADDR":
            doubt = "" if roles.address_sure else "    # [doubt] always the same so far: the address?"
            lines.append(f'ADDR = {{ type = "u8", address = true }}{doubt}')
        elif word == "CHECK":
            lines.append(_check(roles, names))
        elif at in counted:
            first, last = counted[at]
            lines.append(
                f'{word} = {{ type = "u8", counts = "{_range(names, first, last)}" }}'
                "    # [doubt] always the same so far: a length?"
            )
        else:
            lines.append(f'{word} = {{ literal = "{roles.pattern[at]:02X}" }}')
    return lines


def _check(roles: Roles, names: dict[int, str]) -> str:
    check = roles.check
    assert check is not None
    over = _range(names, check.first, check.last)
    modulo = f", modulo = {check.modulo}" if check.modulo else ""
    return f'CHECK = {{ type = "{check.type}", check = "{check.check}", over = "{over}"{modulo} }}'


def _range(names: dict[int, str], first: int, last: int) -> str:
    return names[first] if first == last else f"{names[first]}..{names[last]}"


def _acknowledge(repeats: Repeats) -> list[str]:
    if repeats.echo_ends:
        return ['acknowledge = "echo"    # sending the same bytes back ended its resends']
    if repeats.every_s is None:
        return ["# It sends a key once and waits for nothing."]
    if repeats.echo_ends is None:
        return ['# [doubt] It repeats a key: an answer may end that. Try acknowledge = "echo".']
    return ["# [doubt] It repeats a key whatever is answered; the papers may name an answer."]


def _golden(roles: Roles) -> list[str]:
    lines = []
    for sample in {sample.key: sample for sample in roles.samples}.values():
        lines += ["[[wire.golden]]", f"says = {quoted(f'{sample.key}, as the pad sent it')}"]
        if roles.address_at is not None:
            lines.append(f"address = {sample.frame[roles.address_at]}")
        lines += [
            'message = "key"',
            f"values = {{ key = {quoted(sample.key)} }}",
            f'bytes = "{sample.frame.hex(" ").upper()}"',
            "",
        ]
    return lines
