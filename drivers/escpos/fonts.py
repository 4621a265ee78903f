"""A font with Chinese glyphs, where this machine has one: for what a printer lacks, and for the emulator."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

FONT_FILES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
"""Where Debian, UOS and Kylin keep theirs. Noto comes first: it has the rare characters too."""
FONT_NAMES = ("Noto Sans Mono CJK SC", "WenQuanYi Micro Hei Mono", "WenQuanYi Zen Hei Mono")
NOBODYS = "\uffff"
"""No font has a glyph for it, so it is drawn as the font draws what it lacks."""


@cache
def font_file() -> tuple[str, int] | None:
    """A file with Chinese glyphs and the face to use in it; None when this machine has none."""
    file = next((file for file in FONT_FILES if Path(file).exists()), None)
    if file is None:
        return None
    return file, next((face for face in range(16) if _face_name(file, face) in FONT_NAMES), 0)


@cache
def font_name() -> str:
    """What that font is called; empty when this machine has none."""
    file = font_file()
    return _face_name(*file) if file else ""


def _face_name(file: str, face: int) -> str:
    try:
        return ImageFont.truetype(file, 24, index=face).getname()[0] or ""
    except OSError:
        return ""


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font at so many dots. Only where `font_file` has found one."""
    file = font_file()
    assert file is not None
    return ImageFont.truetype(file[0], size, index=file[1])


@lru_cache(maxsize=4096)
def has_glyph(character: str) -> bool:
    """Whether the font has this character; never where there is no font."""
    if font_file() is None:
        return False
    sample = font(24)
    return bytes(sample.getmask(character)) != bytes(sample.getmask(NOBODYS))
