"""What one ESC/POS model is and can: the [options] table of its profile."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class EscposOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Facts of one printer model, overridable per device in the hall file."""

    columns: Annotated[int, Meta(ge=16, le=96)] = 48
    """Narrow characters on one line: 48 on 80 mm paper, 32 on 58 mm. A Chinese character takes two."""
    dots: Annotated[int, Meta(ge=192, le=1152, multiple_of=8)] = 576
    """Dots across the printable width, at 8 dots a millimetre."""
    encoding: Literal["gbk", "gb18030", "utf-8"] = "gbk"
    """What the firmware's Chinese mode reads. Four-byte GB18030 breaks firmware that knows only GBK."""
    glyphs: Literal["gb2312", "gbk", "all"] = "gbk"
    """Which characters its own font has; all: every one that its encoding can write. Few have more than GBK,
    whatever they read: a manual may say GB18030 and mean its two-byte part."""
    rare: Literal["image", "defined", "line", "none"] = "image"
    """How a character that its font lacks comes onto paper. image: in its place in the line, as ESC * 33; a
    magnified line, which ESC * cannot do, goes whole as a picture. defined: as a user-defined character
    (FS 2, from FE A1), at every size. line: every such line goes whole as a picture. none: as 〓."""
    begin: Annotated[str, Meta(pattern="^([0-9A-Fa-f]{2} *)*$")] = ""
    """Bytes in hex, sent after ESC @, that only this model needs."""
    chinese_size: Literal["both", "gs", "fs"] = "both"
    """What magnifies Chinese characters: GS ! (up to 8 times), FS ! and FS W (double only), or both."""
    status: Literal["none", "dle_eot", "asb"] = "dle_eot"
    """How it tells its state: not at all, when asked (DLE EOT), or also by itself (automatic status back)."""
    confirm: Literal["none", "fence", "gs_h"] = "none"
    """How it says that all is on paper: not at all, by answering a queued GS r 1 (a fence), or GS ( H with
    the job's mark. With gs_h the fence is sent too, for a firmware that lacks GS ( H after all."""
    cut: Literal["full", "partial", "none"] = "full"
    feed_lines: Annotated[int, Meta(ge=0, le=20)] = 5
    """Lines fed before the cut, so that the last line passes the cutter or the tear bar."""
    qr: Literal["native", "raster"] = "native"
    """Whether the firmware draws QR codes itself (GS ( k) or is sent a picture."""
    identify: bool = False
    """Whether it may be asked for its model and firmware (GS I). Without GS I it may print the question."""
    recover: Literal["resume", "clear", "none"] = "resume"
    """What ends a cutter error once the paper is out of the cutter: DLE ENQ 1 (print on), DLE ENQ 2 (forget
    the rest of the ticket), or only switching it off and on."""
    recover_every_s: Annotated[float, Meta(gt=0)] = 10.0
    """How often recovery is tried while the error is reported and the cover is closed."""
    answer_s: Annotated[float, Meta(gt=0)] = 1.0
    """How long a status question waits for its answer."""
    late_s: Annotated[float, Meta(gt=0)] = 4.0
    """For how long an answer that missed answer_s may still arrive; nothing else is asked until then."""
    write_s: Annotated[float, Meta(gt=0)] = 3.0
    """How long the printer may stop taking bytes before its health says so."""
    confirm_s: Annotated[float, Meta(gt=0)] = 15.0
    """How long after the last byte, or after the last report of a fault, the printer may take to confirm."""
