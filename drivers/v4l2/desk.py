"""What an emulated camera sees: a sheet on a dark desk, a little turned, in perspective. Pillow draws it."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from drivers.escpos.fonts import font_file

Point = tuple[float, float]

A4_PX = (1240, 1754)
"""At 150 dots an inch."""
DESK, SHADOW, NIGHT = (52, 48, 44), (16, 15, 14), (2, 2, 2)
PAPER, INK, STAMP = (246, 244, 238), (38, 38, 46), (196, 44, 40)
CORNERS: tuple[tuple[Point, ...], ...] = (
    ((0.285, 0.085), (0.712, 0.055), (0.760, 0.935), (0.262, 0.955)),
    ((0.255, 0.120), (0.690, 0.050), (0.775, 0.900), (0.325, 0.965)),
    ((0.300, 0.050), (0.735, 0.110), (0.700, 0.960), (0.235, 0.890)),
)
"""Where each page lies, as parts of the frame: top left, top right, bottom right, bottom left."""
TITLES = ("便民服务事项申请表", "材料清单与承诺书", "委托办理授权书")
LINES = (
    "申请事项：居民身份证换领（样例）",
    "申请人：样例甲　　联系电话：见登记簿",
    "户籍地址：样例省样例县青溪镇样例村",
    "一、本人承诺所提供的材料真实、完整、有效。",
    "二、本人知晓办理程序、办理时限和收费标准。",
    "三、需要补正材料的，同意在五个工作日内补齐。",
    "四、同意窗口工作人员对材料拍照存档，用于办理本事项。",
    "五、材料到期后由系统自动删除，查阅留有记录。",
    "SAMPLE  This sheet is drawn by a program and names nobody.",
)


@lru_cache(maxsize=3)
def sheet(page: int) -> Image.Image:
    """The page as it would be printed: upright, flat, 150 dots an inch."""
    image = Image.new("RGB", A4_PX, PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((620, 150), TITLES[page], fill=INK, font=_font(64), anchor="mm")
    pen.line((160, 215, 1080, 215), fill=INK, width=4)
    for index, line in enumerate(LINES):
        pen.text((150, 300 + index * 92), line, fill=INK, font=_font(36))
    for row in range(6):
        pen.rectangle((150, 1180 + row * 62, 1090, 1242 + row * 62), outline=INK, width=3)
    pen.line((470, 1180, 470, 1552), fill=INK, width=3)
    pen.ellipse((790, 1380, 1060, 1650), outline=STAMP, width=9)
    pen.text((925, 1515), "样例", fill=STAMP, font=_font(76), anchor="mm")
    pen.text((1090, 1700), f"第 {page + 1} 页", fill=INK, font=_font(30), anchor="rm")
    return image


def photograph(page: int | None, size: tuple[int, int], *, dark: bool = False) -> Image.Image:
    """The frame that a camera of this size takes. page: None for an empty desk; dark: without light."""
    if dark:
        return Image.new("RGB", size, NIGHT)
    frame = Image.new("RGB", size, DESK)
    if page is not None:
        corners = [(x * size[0], y * size[1]) for x, y in CORNERS[page]]
        frame.paste(SHADOW, mask=_shadow(page, size))
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon(corners, fill=255)
        seen = sheet(page).transform(
            size, Image.Transform.PERSPECTIVE, _perspective(corners, A4_PX), Image.Resampling.BILINEAR
        )
        frame.paste(seen, mask=mask)
    return frame


def _shadow(page: int, size: tuple[int, int]) -> Image.Image:
    """A soft edge beside the sheet, drawn small: it has no detail."""
    small = (size[0] // 8, size[1] // 8)
    mask = Image.new("L", small, 0)
    corners = [(x * small[0] + 1.5, y * small[1] + 2) for x, y in CORNERS[page]]
    ImageDraw.Draw(mask).polygon(corners, fill=170)
    return mask.filter(ImageFilter.GaussianBlur(1.5)).resize(size)


def jpeg(image: Image.Image) -> bytes:
    """As the camera's own chip would make it."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()


def yuyv(image: Image.Image) -> bytes:
    """As a camera sends it that makes no JPEG: Y0 Cb Y1 Cr for each two pixels."""
    luma, blue, red = image.convert("YCbCr").split()
    half = (image.width // 2, image.height)
    data = bytearray(image.width * image.height * 2)
    data[0::2] = luma.tobytes()
    data[1::4] = blue.resize(half, Image.Resampling.BOX).tobytes()
    data[3::4] = red.resize(half, Image.Resampling.BOX).tobytes()
    return bytes(data)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    file = font_file()
    return ImageFont.truetype(file[0], size, index=file[1]) if file else ImageFont.load_default()


def _perspective(corners: list[Point], sheet_px: tuple[int, int]) -> list[float]:
    """Pillow's eight coefficients: from a point of the frame to the point of the sheet seen there."""
    width, height = sheet_px
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solve(rows)


def _solve(rows: list[list[float]]) -> list[float]:
    """The linear equations, by Gauss and Jordan with the largest pivot."""
    for column in range(len(rows)):
        best = max(range(column, len(rows)), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        pivot = rows[column][column]
        rows[column] = [value / pivot for value in rows[column]]
        for other in range(len(rows)):
            if other != column:
                factor = rows[other][column]
                rows[other] = [
                    value - factor * own for value, own in zip(rows[other], rows[column], strict=True)
                ]
    return [row[-1] for row in rows]
