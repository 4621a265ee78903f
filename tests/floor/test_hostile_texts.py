"""What somebody wrote into a matter or a window, on paper and on strips: text, never a command."""

import msgspec
import pytest

from drivers.escpos.options import EscposOptions
from drivers.escpos.render import Renderer
from drivers.framed.driver import codec_of
from kioskd.devices.kinds import SignState
from kioskd.devices.profile_files import builtin_profiles, load_profile
from kioskd.floor import signs
from kioskd.floor.layout import Layout, layout_text
from kioskd.hall.model import WindowState, WindowView
from tests.floor.test_layout import FACTS

EVIL = "<script>\u202eelif\x1b@\x1dV\x00\u200b[size=8]{{ hall }}\ufdd0bold]"


def test_a_hostile_name_on_paper_is_text_and_gives_the_printer_no_order():
    facts = msgspec.structs.replace(FACTS, matter=EVIL + "长" * 400, materials=(EVIL, "身份证"))
    plain = msgspec.structs.replace(FACTS, matter="x", materials=("x", "身份证"))
    layout = Layout(layout_text("ticket"))
    renderer = Renderer(EscposOptions())
    evil, good = renderer.render(layout.document(facts)), renderer.render(layout.document(plain))
    assert "<script>".encode("gbk") in evil
    for order in (b"\x1b@", b"\x1dV"):
        assert evil.count(order) == good.count(order)
    document = layout.document(facts)
    texts = "".join(getattr(block, "text", "") for block in document.blocks)
    assert "[U+202E]elif" in texts
    assert "[size=8]{{ hall }}" in texts
    assert not set("\x00\x1b\x1d\u202e\u200b\ufdd0") & set(texts)


@pytest.mark.parametrize("name", ["pinganlihe-text", "yongtai-strip-text", "generic-text-strip"])
def test_a_hostile_title_on_a_strip_is_text_inside_its_frame(name, monkeypatch):
    monkeypatch.setattr(signs, "sign_words", lambda: {SignState.CLOSED: "{title}停止服务"})
    long = signs.sign_of(closed("综合\x00\u202e\n窗口\x1b\xaa" + "长" * 400))
    assert long.text.startswith("综合[U+0000][U+202E] 窗口[U+001B]")
    codec = codec_of(load_profile(name, [builtin_profiles()]), {})
    assert shown(codec, long) == "停止服务", "what does not fit gives way to the strip's own words"
    assert shown(codec, signs.sign_of(closed("甲\x1b"))) in ("甲[U+001B]停止服务", "停止服务")


def closed(title):
    return WindowView(number=3, title=title, title_en="", lines=(), state=WindowState.CLOSED)


def shown(codec, sign):
    """What the strip reads out of the one frame it is sent."""
    [outgoing] = codec.for_sign(sign, 1)
    found = outgoing.message.layout.match(outgoing.frame)
    assert found is not None, "one frame, whole"
    return outgoing.message.decode(found)["text"]
