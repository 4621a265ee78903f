"""python-escpos, for what it does well: the bytes of QR codes and of pictures.

It is imported at the first use, since that takes a quarter of a second; and its import calls
`logging.basicConfig()`, which must not decide how the daemon logs.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image


@cache
def _escpos() -> Any:
    """The package, imported without its effect on logging."""
    silencer = logging.NullHandler()  # basicConfig() does nothing where a handler is
    logging.root.addHandler(silencer)
    try:
        import escpos.image
        import escpos.printer
    finally:
        logging.root.removeHandler(silencer)
    return escpos


def native_qr(data: str, module_dots: int) -> bytes:
    """GS ( k: the printer draws the code itself, correction level M. module_dots: 1 to 16."""
    printer = _escpos().printer.Dummy()
    printer.qr(data, ec=1, size=module_dots, native=True)
    return bytes(printer.output)


def raster(picture: Image.Image, *, doubled: bool) -> bytes:
    """GS v 0: a picture in rows, black where it is dark; doubled: each dot two dots wide and high.

    Dummy.image() would do, but it prints a remark on standard output every time.
    """
    image = _escpos().image.EscposImage(picture)
    size = image.width_bytes.to_bytes(2, "little") + image.height.to_bytes(2, "little")
    return b"".join((b"\x1dv0", bytes([3 if doubled else 0]), size, image.to_raster_format()))


def qr_image(data: str) -> Image.Image:
    """A QR code, one dot a module, correction level M, in the quiet zone of four modules it needs."""
    from PIL import Image
    from qrcode import QRCode, constants

    code = QRCode(border=4, error_correction=constants.ERROR_CORRECT_M)
    code.add_data(data)
    matrix = code.get_matrix()
    image = Image.new("1", (len(matrix), len(matrix)), 1)
    image.putdata([0 if dark else 1 for row in matrix for dark in row])
    return image
