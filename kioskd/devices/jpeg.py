"""The head of a JPEG: is it one, is it whole, how large is it. Nothing of it is believed before.

Marker numbers and the layout of the frame header are those of ITU-T T.81, tables B.1 and B.2.
"""

from __future__ import annotations

from kioskd.devices.kinds import Picture

LARGEST_BYTES = 32 * 2**20
LARGEST_PIXELS = 40_000_000
"""More than any document camera has; whoever claims more wants our memory."""
SMALLEST_SIDE_PX = 16

_START, _END = b"\xff\xd8", b"\xff\xd9"
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive: what decoders take
_TABLES, _SCAN = 0xC4, 0xDA
_BARE = {0x01, *range(0xD0, 0xD8)}  # markers without a length


def read_jpeg(data: bytes) -> Picture:
    """The frame as a picture, cut off after its end and with its Huffman tables.

    Cameras pad their frames, and many leave out the standard tables, as motion JPEG allows. Raises ValueError
    saying what is wrong with it.
    """
    if len(data) > LARGEST_BYTES:
        raise ValueError(f"{len(data)} bytes are more than {LARGEST_BYTES}")
    if not data.startswith(_START):
        raise ValueError("it does not begin as a JPEG does")
    end = data.rfind(_END)
    if end < 0:
        raise ValueError("its end is missing")
    width, height, scan_at, has_tables = _head(data[:end])
    _check_size(width, height)
    whole = data[: end + 2]
    if not has_tables:
        whole = whole[:scan_at] + _standard_tables() + whole[scan_at:]
    return Picture(whole, width, height)


def _head(data: bytes) -> tuple[int, int, int, bool]:
    """Width, height, where the first scan begins, and whether Huffman tables come before it."""
    size: tuple[int, int] | None = None
    has_tables = False
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise ValueError("its head is broken")
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2:
            raise ValueError("its head is broken")
        if marker == _SCAN:
            if size is None:
                raise ValueError("its size is missing")
            return (*size, at, has_tables)
        if marker in _FRAMES and length >= 8 and at + 9 <= len(data):
            height, width = (int.from_bytes(data[at + o : at + o + 2], "big") for o in (5, 7))
            size = width, height
        has_tables |= marker == _TABLES
        at += 2 + length
    raise ValueError("it ends before its picture begins")


def _check_size(width: int, height: int) -> None:
    if min(width, height) < SMALLEST_SIDE_PX or width * height > LARGEST_PIXELS:
        raise ValueError(f"{width}x{height} pixels is no size of a picture here")


def _standard_tables() -> bytes:
    """The Huffman tables of T.81 annex K, as Pillow writes them into every plain JPEG."""
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("YCbCr", (16, 16)).save(file, "JPEG")
    data, at, tables = file.getvalue(), 2, b""
    while data[at + 1] != _SCAN:
        length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == _TABLES:
            tables += data[at : at + length]
        at += length
    return tables
