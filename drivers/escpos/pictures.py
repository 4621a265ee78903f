"""Reads the pictures in ESC/POS commands: rasters, bit columns, stored graphics, QR codes."""

from __future__ import annotations

import msgspec

from drivers.escpos.strip import Picture


def raster(args: bytes) -> Picture:
    """GS v 0: mode, width in bytes, height, rows of dots."""
    mode, width = args[1] % 48, int.from_bytes(args[2:4], "little") * 8
    scale = (2 if mode & 1 else 1, 2 if mode & 2 else 1)
    return Picture(0, (width, int.from_bytes(args[4:6], "little")), args[6:], scale)


def graphics(body: bytes) -> Picture:
    """GS ( L function 112: scale, colour, size in dots, rows of dots. Raises ValueError, IndexError."""
    size = (int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little"))
    scale = (body[3], body[4])
    if len(body) - 10 < (size[0] + 7) // 8 * size[1] or max(scale) > 2:
        raise ValueError("less picture than was announced")
    return Picture(0, size, body[10:], scale)


def columns(args: bytes, x: int, room: int) -> Picture:
    """ESC *: columns of 8 or 24 dots, at x dots from the beginning of the line; what has no room is lost."""
    deep, data = args[0] >= 32, args[3:]
    step = 3 if deep else 1
    scale = (1 if args[0] & 1 else 2, 1 if deep else 3)
    parts = [data[i : i + step] for i in range(0, len(data), step)][: max(0, room) // scale[0]]
    bits = [[part[y >> 3] >> (7 - y % 8) & 1 for part in parts] for y in range(8 * step)]
    return Picture(x, (len(parts), 8 * step), pack(bits), scale)


def character(dots: bytes, x: int, scale: tuple[int, int], *, bold: bool) -> Picture:
    """A character defined by FS 2: 24 columns of three bytes, at x dots from the beginning of the line."""
    values = [int.from_bytes(dots[i : i + 3], "big") for i in range(0, 72, 3)]
    if bold:  # struck twice, a dot apart
        values = [value | before for value, before in zip(values, [0, *values], strict=False)]
    bits = [[value >> (23 - y) & 1 for value in values] for y in range(24)]
    return Picture(x, (24, 24), pack(bits), scale)


class QrSymbol(msgspec.Struct):
    """GS ( k: the symbol that is being prepared."""

    module_dots: int = 3
    correction: int = 0x30
    data: bytes = b""


def pack(bits: list[list[int]]) -> bytes:
    """Rows of ones and zeros as rows of bytes, the first dot in the highest bit."""
    rows = b""
    for row in bits:
        padded = row + [0] * (-len(row) % 8)
        rows += int("".join(map(str, padded)), 2).to_bytes(len(padded) // 8, "big")
    return rows


def qr_picture(symbol: QrSymbol) -> Picture:
    """The QR code a printer would draw, its modules as single dots to be scaled."""
    # Only a printer that is sent a QR code pays for these.
    from qrcode import QRCode, constants
    from qrcode.exceptions import DataOverflowError

    levels = {
        0x30: constants.ERROR_CORRECT_L,
        0x31: constants.ERROR_CORRECT_M,
        0x32: constants.ERROR_CORRECT_Q,
        0x33: constants.ERROR_CORRECT_H,
    }
    code = QRCode(border=0, error_correction=levels.get(symbol.correction, constants.ERROR_CORRECT_L))
    code.add_data(symbol.data)
    try:
        code.make()
    except DataOverflowError as error:
        raise ValueError("too much for a QR code") from error
    matrix = [[int(bool(dot)) for dot in row] for row in code.get_matrix()]
    scale = (symbol.module_dots, symbol.module_dots)
    label = f"[QR {symbol.data.decode('utf-8', errors='replace')}]"
    return Picture(0, (len(matrix), len(matrix)), pack(matrix), scale, label)
