"""Photographs of pages whose corners are known."""

import io
import math

from PIL import Image, ImageDraw, ImageFilter

from drivers.v4l2 import desk

SIZE = (1600, 1200)


def photograph(corners, *, paper=(244, 242, 236), ground=(52, 48, 44), size=SIZE, noise=0):
    """A page with text at these corners (parts of the frame), on a desk of this colour."""
    points = [(x * size[0], y * size[1]) for x, y in corners]
    frame = Image.new("RGB", size, ground)
    sheet = Image.new("RGB", desk.A4_PX, paper)
    pen = ImageDraw.Draw(sheet)
    for row in range(24):
        pen.line((150, 200 + row * 60, 1090 - (row % 5) * 120, 200 + row * 60), fill=(60, 60, 70), width=12)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).polygon(points, fill=255)
    coefficients = desk._perspective(points, desk.A4_PX)
    frame.paste(
        sheet.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR), mask=mask
    )
    if noise:
        grain = Image.effect_noise(size, noise).convert("RGB")
        frame = Image.blend(frame, grain, 0.12)
    return frame.filter(ImageFilter.GaussianBlur(0.8))


def jpeg(image, **options):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88, **options)
    return file.getvalue()


def turned(degrees, *, scale=0.62, squeeze=0.0):
    """The corners of a page turned by so many degrees; squeeze: how much narrower its far edge is."""
    half_h = scale / 2
    half_w = half_h * 210 / 297
    far_w = half_w * (1 - squeeze)
    flat = [(-far_w, -half_h), (far_w, -half_h), (half_w, half_h), (-half_w, half_h)]
    a = math.radians(degrees)
    aspect = SIZE[0] / SIZE[1]
    return [
        (0.5 + (x * math.cos(a) - y * math.sin(a)) / aspect, 0.5 + x * math.sin(a) + y * math.cos(a))
        for x, y in flat
    ]
