"""python-escpos, for what it does well: the bytes of QR codes and of pictures.

It is imported at the first use, since that takes a quarter of a second; and its import calls `logging.basicConfig()`,
which must not decide how the daemon logs.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image


@cache
def _dummy_class() -> Any:
    """python-escpos's printer that only collects bytes."""
    silencer = logging.NullHandler()  # basicConfig() does nothing where a handler is
    logging.root.addHandler(silencer)
    try:
        from escpos.printer import Dummy
    finally:
        logging.root.removeHandler(silencer)
    return Dummy


def native_qr(data: str, module_dots: int) -> bytes:
    """GS ( k: the printer draws the code itself, correction level M. module_dots: 1 to 16."""
    printer = _dummy_class()()
    printer.qr(data, ec=1, size=module_dots, native=True)
    return bytes(printer.output)


def raster(picture: Image.Image) -> bytes:
    """GS v 0: a picture in rows, black where it is dark."""
    printer = _dummy_class()()
    printer.image(picture, impl="bitImageRaster")
    return bytes(printer.output)


def qr_image(data: str, module_dots: int) -> Image.Image:
    """A QR code as a picture, correction level M, with the four modules of quiet zone that readers need."""
    from qrcode import QRCode, constants

    code = QRCode(border=4, box_size=module_dots, error_correction=constants.ERROR_CORRECT_M)
    code.add_data(data)
    return code.make_image().get_image()
