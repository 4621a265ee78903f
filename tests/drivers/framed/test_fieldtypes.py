"""Values on the wire, each type both ways; nothing is shortened or changed to make it fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.framed.fieldtypes import Unfit, field_type

FITS = [
    ("u8", 3, "03", 3),
    ("u8", "3", "03", 3),
    ("u16be", 300, "01 2C", 300),
    ("u16le", 300, "2C 01", 300),
    ("pairs:2", "1234", "0C 22", "1234"),
    ("pairs:2", "0007", "00 07", "0007"),
    ("digits:3:0A", "012", "00 01 02", "012"),
    ("digits:3:0A", 7, "0A 0A 07", "7"),
    ("digits:3:0A", 0, "0A 0A 0A", ""),
    ("digits:3:0A", "0", "0A 0A 00", "0"),
    ("digits:3:0A", "", "0A 0A 0A", ""),
    ("digits:3", "012", "00 01 02", "012"),
    ("ascii", "A012", "41 30 31 32", "A012"),
    ("ascii:6:20", "A012", "41 30 31 32 20 20", "A012"),
    ("gb2312", "请", "C7 EB", "请"),
    ("gbk", "请A", "C7 EB 41", "请A"),
    ("gbk", "龍", "FD 88", "龍"),
    ("gbk:4:20", "请", "C7 EB 20 20", "请"),
    ("gb18030", "㐀", "81 39 EE 39", "㐀"),
    ("gbk", "请<1>8", "C7 EB 38", "请8"),
    ("gbk+00", "请<1>8", "C7 EB 00 38 01", "请<1>8"),
    ("gbk+02", "<2>请8", "C7 EB 02 38 02", "请8"),
    ("gb18030+00", "㐀<3>8", "81 39 EE 39 00 38 03", "㐀<3>8"),
    ("bytes", b"\x06\x0f", "06 0F", b"\x06\x0f"),
    ("bytes:1", "0C", "0C", b"\x0c"),
]


@pytest.mark.parametrize(("written", "value", "wire", "back"), FITS)
def test_a_value_goes_out_and_comes_back(written, value, wire, back):
    type_ = field_type(written)

    assert type_.encode(value).hex(" ").upper() == wire
    assert type_.decode(bytes.fromhex(wire)) == back


UNFIT = [
    ("u8", 256), ("u8", "A"), ("u8", ""), ("u8", "²"), ("u16be", 65536),
    ("pairs:2", "012"), ("pairs:2", "12345"), ("pairs:2", ""), ("pairs:1", "A1"),
    ("digits:3:0A", "0123"), ("digits:3:0A", 1000), ("digits:3", "12"), ("digits:3:0A", "1A"),
    ("ascii", "请"), ("ascii", "A\r"), ("ascii:1", "AB"), ("ascii:1", ""), ("ascii:2:20", "ABC"),
    ("gb2312", "龍"), ("gbk", "㐀"), ("gbk", "请\x1b"), ("gbk:3:20", "请请"), ("gbk+00", "<256>请"),
    ("bytes:2", b"\x06"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "value"), UNFIT)
def test_what_does_not_fit_exactly_is_unfit(written, value):
    with pytest.raises(Unfit):
        field_type(written).encode(value)


@pytest.mark.parametrize(
    ("written", "wire"),
    [("pairs:1", "64"), ("digits:2:0A", "0B 01"), ("digits:2:0A", "01 0A"), ("ascii", "80"), ("gbk", "FF"),
     ("gbk", "1B"), ("gbk+00", "C7 EB"), ("gbk+00", "C7")],
)  # fmt: skip
def test_bytes_that_are_no_such_value_are_unfit(written, wire):
    with pytest.raises(Unfit):
        field_type(written).decode(bytes.fromhex(wire))


@pytest.mark.parametrize(
    "written",
    ["", "u9", "u8:2", "pairs", "digits", "digits:0:0A", "gbk:16:2", "gbk:16:20:20", "u8+00", "ascii+0"],
)
def test_a_type_that_is_none_is_refused(written):
    with pytest.raises(ValueError, match=r"is |only text"):
        field_type(written)


@given(text=st.text(alphabet="请到号窗口ABC0123456789龘〇", max_size=40), attribute=st.integers(0, 255))
def test_marked_up_text_survives_the_wire(text, attribute):
    marked = f"前<{attribute}>{text}" if text and attribute else f"前{text}"
    type_ = field_type("gb18030+00")

    assert type_.decode(type_.encode(marked)) == marked


@given(data=st.binary(max_size=40), written=st.sampled_from([entry[0] for entry in FITS]))
def test_bytes_are_read_or_unfit_and_nothing_else(data, written):
    type_ = field_type(written)
    if type_.size is not None:
        data = data.ljust(type_.size, b"\0")[: type_.size]
    try:
        type_.decode(data)
    except Unfit:
        return
