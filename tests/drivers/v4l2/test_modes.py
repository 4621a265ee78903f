"""Which mode is taken of what a camera offers, and raw frames as JPEG."""

import io

import pytest
from PIL import Image

from drivers.v4l2 import desk
from drivers.v4l2.modes import preview_mode, still_mode
from drivers.v4l2.options import CameraOptions
from drivers.v4l2.yuyv import jpeg_of_yuyv
from kioskd.devices.jpeg import read_jpeg
from kioskd.devices.video_port import VideoMode


def modes(text):
    """`MJPG 2592x1944, YUYV 640x480` as modes."""
    found = []
    for one in text.split(", "):
        pixel_format, _, size = one.partition(" ")
        width, height = map(int, size.split("x"))
        found.append(VideoMode(pixel_format, width, height))
    return found


@pytest.mark.parametrize(
    ("offered", "options", "still", "live"),
    [
        ("MJPG 640x480, MJPG 2592x1944, MJPG 1280x960, YUYV 1280x960", {}, "MJPG 2592x1944", "MJPG 1280x960"),
        ("MJPG 4656x3496, MJPG 2592x1944", {"max_megapixels": 8}, "MJPG 2592x1944", "MJPG 2592x1944"),
        ("YUYV 1600x1200, YUYV 640x480", {}, "YUYV 1600x1200", "YUYV 640x480"),
        ("YUYV 1600x1200, MJPG 1280x960", {}, "MJPG 1280x960", "MJPG 1280x960"),
        ("YUYV 2592x1944, MJPG 640x480", {}, "YUYV 2592x1944", "MJPG 640x480"),
        ("MJPG 1920x1080, MJPG 1280x960, MJPG 1280x720", {}, "MJPG 1920x1080", "MJPG 1280x720"),
        ("MJPG 3264x2448, MJPG 1280x720, MJPG 640x480", {}, "MJPG 3264x2448", "MJPG 640x480"),
        ("MJPG 2048x1536, MJPG 1280x720", {}, "MJPG 2048x1536", "MJPG 1280x720"),
    ],
)
def test_the_modes_that_are_taken(offered, options, still, live):
    options = CameraOptions(**options)
    found = still_mode(modes(offered), options)
    assert str(found) == still
    assert str(preview_mode(modes(offered), found, options)) == live


def test_no_mode_is_small_enough_or_of_a_format_we_know():
    assert still_mode(modes("MJPG 2592x1944"), CameraOptions(max_megapixels=1)) is None
    assert still_mode(modes("H264 1920x1080"), CameraOptions()) is None


def test_a_raw_frame_becomes_a_jpeg_that_looks_the_same():
    seen = desk.photograph(0, (640, 480))
    jpeg = jpeg_of_yuyv(desk.yuyv(seen) + b"padding", VideoMode("YUYV", 640, 480), 92)
    picture = read_jpeg(jpeg)
    assert (picture.width_px, picture.height_px) == (640, 480)
    shown = Image.open(io.BytesIO(jpeg)).convert("RGB")
    for place in ((320, 240), (10, 10), (420, 380)):
        for a, b in zip(shown.getpixel(place), seen.getpixel(place), strict=True):
            assert abs(a - b) < 30


def test_half_a_raw_frame_is_none():
    with pytest.raises(ValueError, match="no frame of YUYV 640x480"):
        jpeg_of_yuyv(bytes(640 * 480), VideoMode("YUYV", 640, 480), 92)


def test_a_motion_jpeg_without_its_tables_gets_the_standard_ones():
    """Many cameras leave them out, and few decoders mind; those that do show nothing."""
    whole = desk.jpeg(desk.photograph(0, (320, 240)))
    bare = without_tables(whole)
    assert len(bare) < len(whole) - 300
    picture = read_jpeg(bare + b"\0" * 100)
    assert picture.data.count(b"\xff\xc4") >= 1
    Image.open(io.BytesIO(picture.data)).load()


def without_tables(data):
    """The same JPEG, its DHT segments cut out."""
    kept, at = data[:2], 2
    while data[at + 1] != 0xDA:
        length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] != 0xC4:
            kept += data[at : at + length]
        at += length
    return kept + data[at:]
