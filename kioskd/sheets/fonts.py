"""The installed font with Chinese characters that a PDF takes its glyphs from."""

from __future__ import annotations

from pathlib import Path

from PIL import ImageFont

FILES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
"""Where Debian, UOS and Kylin keep theirs."""
_FACES = ("Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei")
"""Of a file with several: the one with the glyphs of the mainland."""


def chinese_font() -> tuple[str, int] | None:
    """A file and the number of the face in it; None when this machine has none."""
    file = next((file for file in FILES if Path(file).exists()), None)
    if file is None:
        return None
    faces = range(16) if file.endswith(".ttc") else ()
    return file, next((face for face in faces if _name(file, face) in _FACES), 0)


def _name(file: str, face: int) -> str:
    try:
        return ImageFont.truetype(file, 24, index=face).getname()[0] or ""
    except OSError:
        return ""
