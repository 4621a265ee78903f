"""Characters that the printer's font lacks: 䶮 and 𬭎 in names, € in prices. Drawn by us, in their place."""

from __future__ import annotations

import pytest

from drivers.escpos import fonts, glyphs
from drivers.escpos.commands import take
from drivers.escpos.options import EscposOptions
from drivers.escpos.paper import Paper
from drivers.escpos.render import Renderer
from drivers.escpos.strip import Line, Picture, Span
from kioskd.devices.kinds import Document, Pair, Text

RARE = "䶮𬭎"


def printed(*blocks: Text | Pair, **facts: object) -> list[Line]:
    """The lines on the paper of an emulated printer with these facts."""
    options = EscposOptions(**facts)
    paper = Paper(options)
    data = Renderer(options).render(Document(blocks))
    while token := take(
        data, chinese=paper.modes.chinese or paper.modes.chinese_utf8, encoding=paper.encoding
    ):
        paper.run(token)
        data = data[len(token.raw) :]
    assert paper.not_understood == {}
    [ticket] = paper.strip.tickets
    return [line for line in ticket.lines if line.parts]


def dots_of(picture: Picture) -> list[str]:
    """A picture's rows, # where it is black."""
    columns, rows = picture.dots
    step = (columns + 7) // 8
    bits = ["".join(f"{byte:08b}" for byte in picture.rows[y * step : (y + 1) * step]) for y in range(rows)]
    return [row[:columns].replace("0", ".").replace("1", "#") for row in bits]


def test_a_rare_character_is_drawn_alone_in_its_place():
    [line] = printed(Text("张䶮先生"))
    before, rare, after = line.parts
    assert isinstance(before, Span)
    assert isinstance(after, Span)
    assert isinstance(rare, Picture)
    assert (before.text, after.text) == ("张", "先生")
    assert (before.x, rare.x, after.x) == (0, 24, 48)
    assert (rare.width, rare.height) == (24, 24)


@pytest.mark.parametrize("rare", ["image", "defined"])
@pytest.mark.parametrize("name", ["张三", "张䶮", "𬭎䶮"])
def test_pairs_with_rare_characters_end_at_the_same_column(rare, name):
    [line] = printed(Pair("申领人", name), rare=rare)
    last = line.parts[-1]
    assert last.x + last.width == 48 * 12


@pytest.mark.parametrize("character", RARE)
def test_they_are_legible_at_24_dots(character):
    """Enough ink to be seen, enough white to tell strokes apart, and as wide as its neighbours."""
    [line] = printed(Text(character))
    [picture] = line.parts
    assert isinstance(picture, Picture)
    rows = dots_of(picture)
    ink = sum(row.count("#") for row in rows)
    assert 0.2 < ink / 24**2 < 0.5
    widest = max(len(row.strip(".")) for row in rows)
    tallest = sum("#" in row for row in rows)
    assert widest >= 20
    assert tallest >= 20
    # No clot: nowhere a black square of five by five dots.
    black = [
        (x, y)
        for y in range(20)
        for x in range(20)
        if all(rows[y + d][x : x + 5] == "#" * 5 for d in range(5))
    ]
    assert black == []


def test_the_two_differ_and_neither_is_the_sign_for_none():
    drawn = {glyphs.columns(character) for character in RARE}
    assert len(drawn) == 2
    assert all(fonts.has_glyph(character) for character in RARE)
    assert not fonts.has_glyph("\ue000")


@pytest.mark.parametrize(("width", "height"), [(1, 2), (2, 2), (4, 4)])
def test_a_magnified_line_goes_whole_as_a_picture_as_large_as_the_text_would_be(width, height):
    [line] = printed(Text("李䶮A", width=width, height=height))
    [picture] = line.parts
    assert isinstance(picture, Picture)
    assert picture.width == -(-60 * width // 8) * 8
    assert picture.height == 24 * height


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 2), (2, 2), (4, 4)])
def test_a_printer_with_user_defined_characters_magnifies_them_itself(width, height):
    [line] = printed(Text("李䶮A", width=width, height=height), rare="defined")
    before, rare, after = line.parts
    assert isinstance(rare, Picture)
    assert (before.text, after.text) == ("李", "A")
    assert rare.x == 24 * width
    assert (rare.width, rare.height) == (24 * width, 24 * height)
    assert after.x == 48 * width


def test_defined_characters_are_sent_once_a_line_column_by_column():
    data = Renderer(EscposOptions(rare="defined")).render(Document((Text("䶮䶮"),)))
    lesson = bytes.fromhex("1C 32 FE A1") + glyphs.columns("䶮")
    assert data.count(b"\x1c2") == 1
    assert lesson + bytes.fromhex("FE A1 FE A1 0A") in data


def test_a_line_with_more_rare_characters_than_can_be_defined_is_drawn_in_place():
    [line] = printed(Text("䶮𬭎㐂𠮷𬇙𬣙𬍛"), rare="defined")
    assert [part.x for part in line.parts] == [24 * n for n in range(7)]


def test_emphasis_is_drawn_too():
    [plain] = printed(Text("䶮"))
    [bold] = printed(Text("䶮", bold=True))
    assert isinstance(plain.parts[0], Picture)
    assert isinstance(bold.parts[0], Picture)
    assert bold.parts[0].rows != plain.parts[0].rows


def test_a_printer_without_column_pictures_gets_the_line_whole():
    first, second = printed(Text("张䶮先生"), Text("张三先生"), rare="line")
    assert [type(part) for part in first.parts] == [Picture]
    assert [type(part) for part in second.parts] == [Span]
    assert first.height == second.height


def test_gbk_firmware_is_never_sent_four_bytes():
    """Their last two bytes would be taken for digits and for half of the next character."""
    data = Renderer(EscposOptions(encoding="gb18030")).render(Document((Text("𠮷"),)))
    assert "𠮷".encode("gb18030") not in data
    data = Renderer(EscposOptions(encoding="gb18030", glyphs="all")).render(Document((Text("𠮷"),)))
    assert "𠮷".encode("gb18030") in data


def test_gb2312_fonts_get_the_rest_of_gbk_drawn():
    [line] = printed(Text("镕"), glyphs="gb2312")
    assert isinstance(line.parts[0], Picture)


def test_utf8_firmware_prints_what_it_has_and_is_helped_with_the_rest():
    [line] = printed(Text("张䶮"), encoding="utf-8")
    assert [type(part) for part in line.parts] == [Span, Picture]


def test_utf8_firmware_is_never_taught_characters_whose_codes_it_cannot_read():
    """A hall file may set encoding = "utf-8" for one printer of a model that is taught them."""
    [line] = printed(Text("张䶮"), encoding="utf-8", rare="defined")
    assert [type(part) for part in line.parts] == [Span, Picture]
    data = Renderer(EscposOptions(encoding="utf-8", rare="defined")).render(Document((Text("䶮"),)))
    assert b"\x1c2" not in data


def test_what_no_font_here_has_is_visibly_missing_and_counted():
    renderer = Renderer(EscposOptions())
    data = renderer.render(Document((Text("市\ue000长"),)))
    assert "市〓长".encode("gbk") in data
    assert renderer.missing == 1


def test_without_a_font_they_are_visibly_missing_and_counted(monkeypatch):
    monkeypatch.setattr(fonts, "font_file", lambda: None)
    fonts.has_glyph.cache_clear()
    renderer = Renderer(EscposOptions())
    data = renderer.render(Document((Text("张䶮"),)))
    fonts.has_glyph.cache_clear()
    assert "张〓".encode("gbk") in data
    assert renderer.missing == 1


def test_pictures_of_characters_hold_no_real_time_command():
    assert glyphs.harmless(bytes.fromhex("10 04 01 10 05 10 14")) == bytes.fromhex("18 04 01 18 05 18 14")
    every = [chr(code) for code in range(0x3400, 0x4DC0, 7)]
    for character in every:
        data = glyphs.columns(character)
        assert not any(command in data for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


def test_a_glyph_is_drawn_once():
    glyphs.columns.cache_clear()
    for _ in range(3):
        Renderer(EscposOptions()).render(Document((Text("䶮"),)))
    assert glyphs.columns.cache_info().misses == 1
