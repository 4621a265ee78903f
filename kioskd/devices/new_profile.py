"""Writes the beginning of a profile for a strip or a pad, from what its maker's page says about the frame."""

from __future__ import annotations

import msgspec

FROM = ("head", "length", "address", "command", "content")
"""Where a checksum may begin; those that the frame has, in this order."""


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says. head, command, tail: bytes in hex that are always the same; empty for none.

    kind: strip or pad. check: sum, xor or a catalogued CRC; check_from: its first byte, one of FROM, or
    empty for the one after the head. keys: each key's name and its code in hex. example: a frame in hex, and
    what it says: a strip's text, a pad's key; address: the one in it.
    """

    name: str
    title: str
    kind: str
    baud: int = 9600
    charset: str = "gbk"
    head: str = ""
    length: bool = False
    address: bool = False
    command: str = ""
    check: str = ""
    check_from: str = ""
    modulo: int | None = None
    tail: str = ""
    acknowledge: bool = False
    keys: dict[str, str] = {}
    example: str = ""
    example_says: str = ""
    example_address: int = 1


def problem_of(answers: Answers) -> str:
    """Why these answers make no profile; empty when they do."""
    pad = answers.kind == "pad"
    if not (answers.head or answers.tail or answers.length):
        return "nothing tells where a frame begins or ends: say --head, --tail or --length"
    if not pad and not (answers.tail or answers.length):
        return "nothing tells where the text ends: say --tail or --length"
    if pad and not answers.head:
        return "a pad's frame begins with bytes that are always the same: say --head"
    if pad and not answers.keys:
        return "a pad has keys: say --key NAME=CODE, or let `kioskd profile learn` find them out"
    if answers.check_from and answers.check_from not in _parts(answers):
        return f"the frame has no {answers.check_from} for the checksum to begin at"
    return ""


def profile_text(answers: Answers) -> str:
    """The profile as TOML, commented."""
    pad = answers.kind == "pad"
    if not pad and not (
        answers.head or answers.length or answers.address or answers.command or answers.check
    ):
        return _plain_strip(answers)
    lines = [
        "# Made by `kioskd profile new`. Every key is told in drivers/framed/README.md; docs/new-strip.md",
        "# walks through writing one. After a change: `kioskd profile check` this file.",
        f"name = {quoted(answers.name)}",
        f"title = {quoted(answers.title)}",
        'driver = "framed"',
        f'kinds = ["{"keypad" if pad else "display"}"]',
        'source = ""    # the document and page these facts are from',
        "",
        *_port(answers),
        *_frame(answers),
        *(_pad(answers) if pad else _strip(answers)),
        *_golden(answers),
    ]
    return "\n".join(lines).rstrip() + "\n"


def quoted(text: str) -> str:
    """A TOML string."""
    escaped = "".join(
        f"\\u{ord(character):04X}" if ord(character) < 0x20 or character in '"\\\x7f' else character
        for character in text
    )
    return f'"{escaped}"'


def bare_or_quoted(name: str) -> str:
    """A key of a TOML table: bare where it may be."""
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else quoted(name)


def _plain_strip(answers: Answers) -> str:
    """Text and an end: the built-in start says all the rest."""
    lines = [
        "# Made by `kioskd profile new`: text, then its end. Everything else is the built-in profile's.",
        f"name = {quoted(answers.name)}",
        f"title = {quoted(answers.title)}",
        'inherits = "generic-text-strip"',
        'source = ""    # the document and page these facts are from',
        "",
        *_port(answers),
        "[wire]",
        "golden = []    # the parent's example may have another end",
        "",
        "[wire.frames.line]",
        f'layout = "TEXT {_hex(answers.tail)}"',
        "",
        "[wire.send.text]",
        f'fields = {{ TEXT = "{{text:{answers.charset}}}" }}',
        "",
        *_golden(answers),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _port(answers: Answers) -> list[str]:
    refresh = [
        "[timing]",
        "refresh_s = 60    # it cannot tell that it lost its power: show it its text again",
        "",
    ]
    return [
        "[port]",
        f"baud = {answers.baud}",
        'format = "8N1"',
        "",
        *(refresh if answers.kind == "strip" else []),
    ]


def _parts(answers: Answers) -> dict[str, str]:
    """The parts of the frame that a checksum can begin at, and the field of each."""
    content = "KEY" if answers.kind == "pad" else "TEXT"
    parts = {
        "head": "HEAD" if answers.head else "",
        "length": "LEN" if answers.length else "",
        "address": "ADDR" if answers.address else "",
        "command": "CMD" if answers.command else "",
        "content": content,
    }
    return {part: field for part, field in parts.items() if field}


def _frame(answers: Answers) -> list[str]:
    parts = _parts(answers)
    begins = answers.check_from or next(part for part in parts if part != "head")
    head_is_checked = bool(answers.check) and begins == "head"
    words = [] if not answers.head else ["HEAD"] if head_is_checked else [_hex(answers.head)]
    words += [field for part, field in parts.items() if part != "head"]
    words += ["CHECK"] if answers.check else []
    words += [_hex(answers.tail)] if answers.tail else []
    fields = []
    if head_is_checked:
        fields.append(f'HEAD = {{ literal = "{_hex(answers.head)}" }}')
    if answers.length:
        counted = [field for part, field in parts.items() if part not in ("head", "length")]
        over = counted[0] if len(counted) == 1 else f"{counted[0]}..{counted[-1]}"
        fields.append(f'LEN = {{ type = "u8", counts = "{over}" }}    # does it count more? change the range')
    if answers.address:
        fields.append('ADDR = { type = "u8", address = true }')
    if answers.command:
        fields.append(f'CMD = {{ literal = "{_hex(answers.command)}" }}')
    if answers.kind == "pad":
        fields.append('KEY = { type = "u8" }')
    if answers.check:
        fields.append(_check(answers, parts[begins], parts["content"]))
    table = ["[wire.frames.frame.fields]", *fields, ""] if fields else []
    return [
        "# The bytes in order: two hex digits are always the same, a word is a field.",
        "[wire.frames.frame]",
        f'layout = "{" ".join(words)}"',
        "max_bytes = 64",
        "",
        *table,
    ]


def _check(answers: Answers, first: str, last: str) -> str:
    over = first if first == last else f"{first}..{last}"
    size = "u16le" if answers.check.upper().startswith("CRC-16") else "u8"
    modulo = f", modulo = {answers.modulo}" if answers.modulo else ""
    return f'CHECK = {{ type = "{size}", check = "{answers.check}", over = "{over}"{modulo} }}'


def _strip(answers: Answers) -> list[str]:
    states = ("welcome", "call", "serving", "paused", "closed")
    return [
        "[wire.send.text]",
        'frame = "frame"',
        f'fields = {{ TEXT = "{{text:{answers.charset}}}" }}',
        "",
        "# What each state of a window shows: a message of [wire.send], the best first.",
        "[wire.show]",
        *(f'{state} = ["text"]' for state in states),
        "",
    ]


def _pad(answers: Answers) -> list[str]:
    echo = ['acknowledge = "echo"    # the same bytes back'] if answers.acknowledge else []
    return [
        "[wire.receive.key]",
        'frame = "frame"',
        'fields = { KEY = "{key:u8}" }',
        *echo,
        "",
        "[wire.keys]",
        *(f'{bare_or_quoted(name)} = "{_hex(code)}"' for name, code in answers.keys.items()),
        "",
    ]


def _golden(answers: Answers) -> list[str]:
    if not answers.example:
        return [
            "# Add an example of the maker's page: `kioskd profile check` then proves your reading of it.",
            "# [[wire.golden]]",
            '# says = "what the example means"',
            f'# message = "{"key" if answers.kind == "pad" else "text"}"',
            '# bytes = "…"',
        ]
    value = "key" if answers.kind == "pad" else "text"
    address = [f"address = {answers.example_address}"] if answers.address else []
    return [
        "[[wire.golden]]",
        f"says = {quoted(answers.example_says)}",
        *address,
        f'message = "{value}"',
        f"values = {{ {value} = {quoted(answers.example_says)} }}",
        f'bytes = "{_hex(answers.example)}"',
    ]


def _hex(written: str) -> str:
    return bytes.fromhex(written).hex(" ").upper()
