"""Finds the page in a photograph of a desk and straightens it, with OpenCV. Runs in a child process only.

The way: grey, blur, edges (Canny) or brightness (Otsu), the largest outline that is nearly a rectangle, and
the perspective that makes it one. What is no page for certain stays as it was photographed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec

LOOK_AT_PX = 1000
"""The longer side of the picture that is searched: a page's edges need no more."""
SMALLEST_PART = 0.12
"""A page covers at least this part of the picture."""
LARGEST_PART = 0.985
"""Larger, and it is the picture's own frame."""
BORDER_PART = 0.006
"""So near to the picture's border a corner counts as cut off."""
TOLERANCE = 0.02
"""How far an outline may stray from its four corners, as a part of its length."""
SQUAREST, NARROWEST_DEGREES = 0.15, 60
"""A page is no thinner than this, and none of its corners is sharper."""
QUALITY = 90

Corner = tuple[float, float]


class Found(msgspec.Struct, frozen=True):
    """A page in a picture. corners: top left, top right, bottom right, bottom left, in pixels."""

    corners: tuple[Corner, Corner, Corner, Corner]


def find_page(image: Any) -> Found | None:
    """The page in a picture (as OpenCV has it: rows, columns, BGR); None when there is none for certain."""
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, LOOK_AT_PX / max(height, width))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    area = small.shape[0] * small.shape[1]
    for rim_px, outlines in _outlines(small):
        candidates = [corners for outline in outlines if (corners := _four_corners(outline, area))]
        whole = [corners for corners in candidates if not _is_cut_off(corners, small)]
        if whole:
            best = _without_rim(max(whole, key=_area), rim_px)
            a, b, c, d = ((x / scale, y / scale) for x, y in best)
            return Found((a, b, c, d))
    return None


def straighten(image: Any, found: Found) -> Any:
    """The page alone, as if it had been photographed from straight above."""
    import cv2
    import numpy as np

    top, right, bottom, left = _sides(found.corners)
    width, height = round(max(top, bottom)), round(max(left, right))
    target = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], dtype=np.float32)
    source = np.array(found.corners, dtype=np.float32)
    how = cv2.getPerspectiveTransform(source, target)
    return cv2.warpPerspective(
        image, how, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def _outlines(small: Any) -> Iterator[tuple[float, list[Any]]]:
    """Outlines by edges first, which a page on a pale desk still has; then by brightness; then by weak edges.

    With each kind comes by how many pixels it lies outside the page.
    """
    import cv2
    import numpy as np

    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    kernel = np.ones((5, 5), np.uint8)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    weak_edges = cv2.dilate(cv2.Canny(grey, 20, 60), kernel)
    edges = cv2.dilate(cv2.Canny(grey, 75, 200), kernel)
    for rim_px, picture in ((3.0, edges), (1.0, _closed(bright, kernel)), (3.0, weak_edges)):
        outlines, _ = cv2.findContours(picture, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        yield rim_px, sorted(outlines, key=cv2.contourArea, reverse=True)[:5]


def _closed(bright: Any, kernel: Any) -> Any:
    """Without the holes that writing makes at the edge."""
    import cv2

    return cv2.morphologyEx(bright, cv2.MORPH_CLOSE, kernel, iterations=2)


def _four_corners(outline: Any, area: int) -> tuple[Corner, ...] | None:
    """The outline as four corners, if it is a sheet of paper."""
    import cv2

    hull = cv2.convexHull(outline)
    near = cv2.approxPolyDP(hull, TOLERANCE * cv2.arcLength(hull, True), True)
    if len(near) != 4 or not SMALLEST_PART * area <= cv2.contourArea(near) <= LARGEST_PART * area:
        return None
    corners = _in_order([(float(x), float(y)) for [[x, y]] in near.tolist()])
    sides = _sides(corners)
    if min(sides) < SQUAREST * max(sides) or min(map(math.degrees, _angles(corners))) < NARROWEST_DEGREES:
        return None
    return corners


def _is_cut_off(corners: tuple[Corner, ...], small: Any) -> bool:
    """Whether two corners lie on the picture's own border: the page goes on outside."""
    height, width = small.shape[:2]
    near_px = BORDER_PART * max(height, width)
    at_border = [min(x, y, width - 1 - x, height - 1 - y) <= near_px for x, y in corners]
    return at_border.count(True) >= 2


def _without_rim(corners: tuple[Corner, ...], rim_px: float) -> list[Corner]:
    """The corners moved towards their middle, so that no desk is left around the page."""
    middle = (sum(corner[0] for corner in corners) / 4, sum(corner[1] for corner in corners) / 4)
    inside = []
    for x, y in corners:
        part = rim_px * math.sqrt(2) / math.dist((x, y), middle)
        inside.append((x + (middle[0] - x) * part, y + (middle[1] - y) * part))
    return inside


def _in_order(points: list[Corner]) -> tuple[Corner, Corner, Corner, Corner]:
    """Top left, top right, bottom right, bottom left: around their middle, nearest the origin first."""
    middle_x, middle_y = (sum(point[axis] for point in points) / 4 for axis in (0, 1))
    around = sorted(points, key=lambda point: math.atan2(point[1] - middle_y, point[0] - middle_x))
    first = min(range(4), key=lambda index: sum(around[index]))
    a, b, c, d = (around[(first + step) % 4] for step in range(4))
    return a, b, c, d


def _sides(corners: tuple[Corner, ...]) -> tuple[float, ...]:
    """The lengths of top, right, bottom and left."""
    return tuple(math.dist(corners[index], corners[(index + 1) % 4]) for index in range(4))


def _angles(corners: tuple[Corner, ...]) -> list[float]:
    found = []
    for index in range(4):
        (x, y), before, after = corners[index], corners[index - 1], corners[(index + 1) % 4]
        first = math.atan2(before[1] - y, before[0] - x)
        second = math.atan2(after[1] - y, after[0] - x)
        turn = abs(first - second)
        found.append(min(turn, 2 * math.pi - turn))
    return found


def _area(corners: tuple[Corner, ...]) -> float:
    return abs(
        sum(
            corners[index][0] * corners[(index + 1) % 4][1] - corners[(index + 1) % 4][0] * corners[index][1]
            for index in range(4)
        )
    )
