"""The ticket's layout: what a site may write, what it gets, and how a mistake is told."""

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kioskd.devices.kinds import Feed, Pair, QrCode, Rule, Text
from kioskd.floor.layout import Layout, LayoutError, check_layout, layout_text
from kioskd.floor.papers import NOTICE, TicketFacts

FACTS = TicketFacts(
    hall="青溪镇便民服务中心",
    number="A012",
    matter="社会保障卡申领",
    line="社保医保",
    windows=("1", "3"),
    window_titles=("综合窗口", "社保窗口"),
    ahead=3,
    wait=12,
    date="2026-03-02",
    time="09:41",
    materials=("居民身份证原件", "近期免冠照片"),
    url="https://hall.example/t/abc",
    reprint=False,
)


def blocks(text, **changes):
    return Layout(text).document(msgspec.structs.replace(FACTS, **changes)).blocks


def words(text, **changes):
    """All that a layout prints, one string."""
    found = []
    for block in blocks(text, **changes):
        match block:
            case Text(text=one):
                found.append(one)
            case Pair(left=left, right=right):
                found.append(f"{left} {right}")
            case QrCode(data=data):
                found.append(data)
    return "\n".join(found)


class TestTheLanguage:
    def test_tags_say_where_how_large_and_how_bold(self):
        assert blocks("[center][bold][size=4] {{ number }}\n[right][size=1x2]x") == (
            Text("A012", "center", 4, 4, bold=True),
            Text("x", "right", 1, 2),
        )

    def test_pairs_rules_codes_and_empty_lines(self):
        assert blocks("{{ number }}\n\n\n前面 || {{ ahead }} 人\n---\n[qr=8] {{ url }}\n[qr]x") == (
            Text("A012"),
            Feed(2),
            Pair("前面", "3 人"),
            Rule(),
            QrCode("https://hall.example/t/abc", 8),
            QrCode("x"),
        )

    def test_a_tagged_line_with_nothing_behind_its_tags_prints_nothing(self):
        assert blocks("{{ number }}\n[qr] {{ url }}\n[bold]", url="") == (Text("A012"),)

    def test_statements_and_notes_leave_no_empty_line(self):
        text = "# the number\n{{ number }}\n% for one in materials\n{{ loop.index }}. {{ one }}\n% endfor"
        assert words(text) == "A012\n1. 居民身份证原件\n2. 近期免冠照片"
        assert not any(isinstance(block, Feed) for block in blocks(text))

    def test_brackets_that_are_no_tag_are_text(self):
        assert blocks("[样例] {{ number }}") == (Text("[样例] A012"),)


class TestWhatStandsInAFactIsNeverMarkup:
    @pytest.mark.parametrize(
        "matter", ["[bold][size=8] x", "---", "a || b", "# x", "[qr] https://evil.example"]
    )
    def test_it_prints_as_it_stands(self, matter):
        assert blocks("{{ number }}\n{{ matter }}", matter=matter)[1] == Text(matter)

    def test_control_bytes_of_a_printer_language_do_not_pass(self):
        assert blocks("{{ number }}\n{{ matter }}", matter="卡\x1b@\nB")[1] == Text("卡 @ B")

    @given(st.text(max_size=40))
    def test_no_matter_can_make_more_than_one_line_of_text(self, matter):
        printed = blocks("{{ number }}\n[center]> {{ matter }}", matter=matter)
        assert len(printed) == 2
        assert isinstance(printed[1], Text)
        assert not re.search(r"[\x00-\x1f\x7f]", printed[1].text)


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("ok\n{{ numbr }}", "line 2: there is no 'numbr' on a ticket. did you mean 'number'?"),
            ("{{ number }}\n[blod] x", "line 2: there is no tag [blod]. did you mean 'bold'?"),
            ("[size=9] {{ number }}", "line 1: [size=9]: a size is 1 to 8"),
            ("[size] {{ number }}", "line 1: [size]: a size is 1 to 8"),
            ("[qr=99] {{ number }}", "line 1: [qr=99]: a QR code's modules are 1 to 16"),
            ("[bold=2] {{ number }}", "line 1: [bold] takes no value"),
            ("{{ number }}\n% for one in materials\n{{ one }}", "line 3: Unexpected end of template"),
            ("{{ number", "line 1: unexpected end of template"),
            ("{{ number }}\n{{ number | nofilter }}", "line 2: No filter named 'nofilter'"),
            ("{{ number }}\n{{ 1 / 0 }}", "line 2: division by zero"),
            ("{{ number }}\n{{ hall.__class__ }}", "line 2: access to attribute '__class__'"),
            ("{{ hall }}", "the ticket does not show its number"),
            ("", "the ticket does not show its number"),
            ("{{ number }}\n% for x in range(300)\nx\n% endfor", "the paper has 301 lines"),
        ],
    )
    def test_each_is_told_with_its_line(self, text, told):
        assert any(told.lower() in problem.lower() for problem in check_layout(text)), check_layout(text)
        with pytest.raises(LayoutError):
            Layout(text)

    def test_all_wrong_names_and_tags_come_in_one_go(self):
        problems = check_layout("{{ numbr }}\n[blod] {{ hal }}")
        assert [problem.split(":")[0] for problem in problems] == ["line 1", "line 2", "line 2"]

    def test_facts_that_do_not_fit_a_good_layout_are_a_layout_error(self):
        layout = Layout("{{ number }}\n% if ahead == 99\n{{ 1 / 0 }}\n% endif")
        assert layout.document(FACTS)
        with pytest.raises(LayoutError, match="line 3: division by zero"):
            layout.document(msgspec.structs.replace(FACTS, ahead=99))

    @given(st.text(alphabet="{}%[]|#-=x1 \nnumber", max_size=60))
    def test_checking_answers_for_any_text(self, text):
        assert isinstance(check_layout(text), list)


class TestTheBuiltInTicket:
    def test_is_good(self):
        assert check_layout(layout_text("ticket")) == []

    def test_says_all_that_a_citizen_needs(self):
        printed = words(layout_text("ticket"))
        for fact in (FACTS.hall, FACTS.number, FACTS.matter, "3 人", "09:41", *FACTS.materials, FACTS.url):
            assert fact in printed

    def test_the_number_is_the_largest_thing_on_it(self):
        sizes = {
            block.text: block.height for block in blocks(layout_text("ticket")) if isinstance(block, Text)
        }
        assert max(sizes, key=sizes.__getitem__) == "A012"

    def test_without_a_public_address_it_has_no_code(self):
        assert not any(isinstance(block, QrCode) for block in blocks(layout_text("ticket"), url=""))

    def test_only_a_reprint_says_so(self):
        assert "补打" not in words(layout_text("ticket"))
        assert "补打" in words(layout_text("ticket"), reprint=True)

    def test_an_unknown_wait_is_not_made_up(self):
        assert "预计等候" not in words(layout_text("ticket"), wait=None)


class TestWhereLayoutsAreFound:
    def test_a_site_has_its_own_beside_the_hall_file(self, tmp_path: Path):
        (tmp_path / "ours.txt").write_text("{{ number }} 号", encoding="utf-8")
        assert layout_text("ours.txt", tmp_path) == "{{ number }} 号"

    def test_a_missing_one_is_named(self, tmp_path: Path):
        with pytest.raises(FileNotFoundError, match=r"no layout 'ours\.txt'"):
            layout_text("ours.txt", tmp_path)

    def test_the_documented_example_is_good(self):
        page = (Path(__file__).parents[2] / "docs" / "ticket-layout.md").read_text(encoding="utf-8")
        example = page.rsplit("```", 2)[1]
        assert check_layout(example) == []
        assert words(example).startswith(FACTS.hall)

    def test_every_fact_is_documented(self):
        page = (Path(__file__).parents[2] / "docs" / "ticket-layout.md").read_text(encoding="utf-8")
        assert [name for name in TicketFacts.__struct_fields__ if f"`{name}`" not in page] == []


class TestANotice:
    def test_the_built_in_one_is_good(self):
        assert not check_layout(layout_text("notice"), NOTICE)

    def test_it_must_say_for_which_matter_it_is_and_knows_no_ticket(self):
        assert check_layout("{{ hall }}", NOTICE) == [
            "the notice does not show its matter: {{ matter }} is missing"
        ]
        assert check_layout("{{ number }}", NOTICE) == ["line 1: there is no 'number' on a notice."]
