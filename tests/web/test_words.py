"""Every text is there in both languages, and every text a page asks for exists."""

import re
from pathlib import Path
from string import Formatter

import pytest

import web
from kioskd.devices.health import State
from kioskd.hall.model import PaperState, TicketState, WindowState
from kioskd.hall.refusals import refusal_catalogue
from web.pages import WORDS_OF_SCRIPTS
from web.words import all_words, say, word

FOLDER = Path(web.__file__).parent
TEXTS = [(f"{section}.{key}", text) for section, keys in all_words().items() for key, text in keys.items()]


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_both_languages_say_the_same_facts(name, text):
    assert text.zh.strip()
    assert text.en.strip()
    assert fields(text.zh) == fields(text.en)
    assert re.search(r"[\u4e00-\u9fff]", text.zh), name


def names_used(folder, pattern, call):
    for file in (FOLDER / folder).glob(pattern):
        for name in re.findall(call, file.read_text(encoding="utf-8")):
            yield file.name, name


def test_every_text_of_a_template_exists():
    used = list(names_used("templates", "*.html", r'(?:say|word)\(["\']([\w.-]+\.[\w-]+)["\'][,)]'))
    assert len(used) > 60
    for _, name in used:
        word(name)


def test_every_text_of_a_script_exists_and_reaches_it():
    used = list(names_used("static", "*.js", r'(?:say|word)\("([\w.-]+\.[\w-]+)"'))
    assert len(used) > 30
    for file, name in used:
        word(name)
        assert name.split(".")[0] in WORDS_OF_SCRIPTS, file


def test_every_state_has_a_text():
    for state in TicketState:
        word(f"ticket.{state}")
    for state in PaperState:
        word(f"paper.{state}")
    for state in WindowState:
        word(f"window.{state}")
    for state in State:
        word(f"tech.{state}")


def test_every_problem_the_code_raises_has_a_title():
    raised = set()
    for file in FOLDER.glob("*.py"):
        raised |= set(re.findall(r'Problem\(\s*\d+,\s*"(\w+)"', file.read_text(encoding="utf-8")))
    assert len(raised) > 15
    assert raised <= set(all_words()["problem"])
    assert not raised & set(refusal_catalogue())  # a code means one thing


def test_facts_are_escaped():
    assert "<b>" not in say("kiosk.remember", number="<b>")


def test_no_text_is_left_over():
    files = [file for folder in ("static", "templates", ".") for file in (FOLDER / folder).glob("*.*")]
    code = "".join(
        file.read_text(encoding="utf-8") for file in files if file.suffix in (".py", ".js", ".html")
    )
    put_together = set(re.findall(r"\"([a-z]+\.\w*)\" ~", code))  # such as say("page.for_" ~ name)
    for section in ("page", "kiosk", "matter", "board"):
        for key in all_words()[section]:
            name = f"{section}.{key}"
            assert name in code or any(name.startswith(start) for start in put_together), name
