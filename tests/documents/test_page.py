"""Pages drawn with known corners: are they found, and what becomes of them."""

import io
import math

import cv2
import numpy as np
import pytest
from PIL import Image

from drivers.v4l2 import desk
from kioskd.documents.page import find_page, straighten
from tests.documents.conftest import SIZE, photograph, turned


def as_opencv(image):
    return cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR)


def off_by_px(found, corners, size=SIZE):
    """How far the worst corner is from where it was drawn, whichever corner was called the first."""
    drawn = [(x * size[0], y * size[1]) for x, y in corners]
    ways = [drawn[step:] + drawn[:step] for step in range(4)]
    return min(max(math.dist(a, b) for a, b in zip(found.corners, way, strict=True)) for way in ways)


@pytest.mark.parametrize("degrees", [-40, -25, -10, -3, 0, 5, 15, 30, 44])
def test_a_page_is_found_however_it_is_turned(degrees):
    corners = turned(degrees)
    found = find_page(as_opencv(photograph(corners)))
    assert found is not None
    assert off_by_px(found, corners) < 12


@pytest.mark.parametrize("squeeze", [0.05, 0.15, 0.25])
def test_a_page_seen_from_the_side_is_found_and_becomes_a_rectangle(squeeze):
    corners = turned(6, squeeze=squeeze)
    image = as_opencv(photograph(corners))
    found = find_page(image)
    assert off_by_px(found, corners) < 12
    page = straighten(image, found)
    border = np.concatenate([page[3], page[-3], page[:, 3], page[:, -3]])
    assert (border.min(axis=1) < 150).mean() < 0.02, "no desk is left at its edges"


@pytest.mark.parametrize("page", range(3))
def test_the_emulated_desk_s_pages_are_found(page):
    image = as_opencv(desk.photograph(page, (2592, 1944)))
    assert off_by_px(find_page(image), desk.CORNERS[page], (2592, 1944)) < 20


@pytest.mark.parametrize(
    ("paper", "ground"),
    [
        ((238, 236, 230), (168, 160, 150)),
        ((226, 224, 220), (186, 182, 176)),
        ((120, 118, 112), (40, 38, 36)),
        ((70, 90, 160), (210, 205, 198)),
    ],
    ids=["pale desk", "paler desk", "little light", "blue form on a pale desk"],
)
def test_a_page_with_little_contrast_is_found(paper, ground):
    corners = turned(-8, squeeze=0.08)
    found = find_page(as_opencv(photograph(corners, paper=paper, ground=ground)))
    assert found is not None
    assert off_by_px(found, corners) < 14


def test_grain_does_not_hide_a_page():
    corners = turned(9)
    assert off_by_px(find_page(as_opencv(photograph(corners, noise=60))), corners) < 14


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", SIZE, (52, 48, 44)),
        Image.new("RGB", SIZE, (250, 250, 250)),
        Image.effect_noise(SIZE, 90).convert("RGB"),
        photograph(turned(0, scale=0.25)),
        photograph(turned(10, scale=1.6)),
    ],
    ids=["an empty desk", "white all over", "noise", "a card far away", "a page larger than the picture"],
)
def test_what_is_no_page_for_certain_is_left_alone(image):
    assert find_page(as_opencv(image)) is None


def test_a_straightened_page_has_the_shape_of_its_paper_and_can_be_read():
    image = as_opencv(desk.photograph(0, (2592, 1944)))
    page = straighten(image, find_page(image))
    height, width = page.shape[:2]
    assert 1.2 < height / width < 1.6
    done, png = cv2.imencode(".png", page)
    assert done
    sheet = Image.open(io.BytesIO(png.tobytes())).resize((310, 438)).convert("L")
    flat = desk.sheet(0).resize((310, 438)).convert("L")
    difference = np.abs(np.asarray(sheet, dtype=int) - np.asarray(flat, dtype=int))
    assert difference.mean() < 14
