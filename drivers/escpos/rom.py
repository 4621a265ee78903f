"""What an emulated printer's own font has, and what bytes mean in it."""

from __future__ import annotations

from drivers.escpos.options import EscposOptions

CODE_PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    15: "iso8859_7",
    16: "cp1252",
    17: "cp866",
    19: "cp858",
}
"""ESC t n, for bytes from 80 upwards while double-byte mode is off."""
KATAKANA = 1
"""The page of ESC t 1, which no codec has: lines and blocks, half-width katakana, signs."""
_LINES = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯"
_SIGNS = "═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▒ "
NO_GLYPH = "□"
"""Printed for a code that the font has nothing at."""


def decode(
    raw: bytes, options: EscposOptions, *, encoding: str, chinese: bool, code_page: int, country: int
) -> tuple[str, bool]:
    """One character as the font has it, and whether it takes a Chinese character's width.

    encoding: what bytes from 80 upwards are read as now; chinese: whether double-byte mode is on (UTF-8 needs
    none); code_page and country: as ESC t and ESC R set them.
    """
    if raw[0] < 0x80:
        dollar_is_yuan = raw == b"$" and country == 15
        return ("¥" if dollar_is_yuan else raw.decode("ascii")), False
    if encoding == "utf-8" or (chinese and len(raw) > 1):
        character = raw.decode(encoding, errors="replace")[:1]
        return (character if _has(character, options.glyphs) else NO_GLYPH), True
    if code_page == KATAKANA:
        return _katakana(raw[0]), False
    page = CODE_PAGES.get(code_page, "cp437")
    return raw.decode(page, errors="replace"), False


def _katakana(code: int) -> str:
    if code < 0xA0:
        return _LINES[code - 0x80]
    return chr(0xFF60 + code - 0xA0) if 0xA0 < code < 0xE0 else " " if code == 0xA0 else _SIGNS[code - 0xE0]


def _has(character: str, glyphs: str) -> bool:
    if glyphs == "all":
        return True
    try:
        character.encode(glyphs)
    except UnicodeEncodeError:
        return False
    return True
