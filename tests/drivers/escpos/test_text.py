"""Breaking text, for any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.escpos.text import Encoder


@given(st.text(), st.integers(4, 48), st.sampled_from(["gbk", "gb18030", "utf-8"]))
def test_every_line_fits_and_nothing_but_blanks_is_lost(text, columns, encoding):
    encoder = Encoder(encoding)
    cleaned, _ = encoder.clean(text)
    lines = encoder.wrap(cleaned, columns)
    assert all(encoder.columns(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(cleaned.split())


@given(st.text(), st.sampled_from(["gbk", "gb18030", "utf-8"]))
def test_cleaned_text_can_be_encoded_and_commands_nothing(text, encoding):
    encoder = Encoder(encoding)
    cleaned, _ = encoder.clean(text)
    assert not any(byte < 0x20 and byte != 0x0A for byte in encoder.encode(cleaned))


@given(st.text(alphabet=st.characters(max_codepoint=0x9FFF, categories=["Lo", "Po"])))
def test_a_character_of_gbk_takes_as_many_columns_as_bytes(text):
    encoder = Encoder("gbk")
    cleaned, _ = encoder.clean(text)
    assert encoder.columns(cleaned) == len(cleaned.encode("gbk"))
