"""The clerks' photos: pictures beside the hall file, checked before anything is opened."""

from pathlib import Path

import pytest

from kioskd.config import load_hall
from kioskd.config.photos import LARGEST_BYTES
from kioskd.reading import Mistakes

HALL = """
[hall]
name = "青溪镇便民服务中心"
matters = "matters.toml"
[board]
messages = ["办事请带身份证原件"]
[[lines]]
id = "general"
title = "综合事务"
letter = "A"
[[windows]]
number = 1
title = "综合窗口"
lines = ["general"]
display = false
[[clerks]]
id = "c1"
name = "甲"
position = "综合受理岗"
photo = "{photo}"
"""
PICTURES = {
    "jpg": b"\xff\xd8\xff\xe0 a picture",
    "png": b"\x89PNG\r\n\x1a\n a picture",
    "webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
}


@pytest.fixture
def load(tmp_path):
    """The hall file with this photo of its clerk, which lies in `photos/`."""

    def load(photo, data=None):
        (tmp_path / "hall.toml").write_text(HALL.replace("{photo}", photo), encoding="utf-8")
        (tmp_path / "matters.toml").write_text("", encoding="utf-8")
        if data is not None:
            file = tmp_path / photo
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
        return load_hall(Path(tmp_path / "hall.toml"))

    return load


def mistakes(load, *arguments):
    with pytest.raises(Mistakes) as caught:
        load(*arguments)
    return [(mistake.key, mistake.problem) for mistake in caught.value.mistakes]


@pytest.mark.parametrize("ending", PICTURES)
def test_a_photo_is_known_by_its_content(load, ending):
    hall = load("photos/whatever.bin", PICTURES[ending])
    photo = hall.photos["c1"]
    assert photo.name.endswith(f".{ending}")
    assert len(photo.name) == 64 + 1 + len(ending)
    assert hall.board.messages == ("办事请带身份证原件",)
    assert not hasattr(hall.plan.clerks[0], "photo")


@pytest.mark.parametrize(
    ("photo", "data", "problem"),
    [
        ("photos/none.jpg", None, "cannot be read: No such file"),
        ("../elsewhere.jpg", None, "must lie beside the hall file"),
        ("/etc/passwd", None, "must lie beside the hall file"),
        ("photos/text.jpg", b"<svg onload=alert(1)>", "is no JPEG, PNG or WebP picture"),
        ("photos/large.jpg", b"\xff\xd8\xff" + bytes(LARGEST_BYTES), "make the picture smaller"),
    ],
)
def test_what_cannot_be_shown_is_told_with_the_clerk(load, photo, data, problem):
    ((key, said),) = mistakes(load, photo, data)
    assert key == "clerks[0].photo (c1)"
    assert problem in said
