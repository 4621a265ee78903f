"""A paper's layout: a text template that a site may change, made into a document for any printer.

docs/ticket-layout.md tells the language: Jinja2 for the facts, one line a paragraph, tags in front of it.
"""

from __future__ import annotations

import re
import traceback
from importlib import resources
from pathlib import Path
from typing import Any, cast

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kioskd.devices.kinds import Align, Document, Feed, Pair, QrCode, Rule, Text
from kioskd.floor.papers import TICKET, Facts, Paper
from kioskd.hall.matter_checks import visible
from kioskd.reading import nearest

LONGEST_PAPER_LINES = 200
"""A paper with more lines than this is a mistake in the layout, and would empty the roll."""


class LayoutError(Exception):
    """A layout that cannot be printed. `problems`: one sentence a mistake, with its line where it has one."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Layout:
    """A checked layout. Raises LayoutError, naming every mistake, for a text that is none."""

    def __init__(self, text: str, paper: Paper = TICKET) -> None:
        problems = check_layout(text, paper)
        if problems:
            raise LayoutError(problems)
        self._template = _environment.from_string(text)

    def document(self, facts: Facts) -> Document:
        """The paper with these facts. Raises LayoutError when they do not fit the layout."""
        try:
            return _document(self._template.render(_variables(facts)))
        except LayoutError:
            raise
        except Exception as error:  # a template can raise anything its expressions can
            raise LayoutError([_at_line(_line_of(error), f"{error}")]) from error


def layout_text(name: str, folder: Path | None = None) -> str:
    """The text of a layout: a file of the site, relative to `folder`, or the name of one of kioskd's own.

    Raises FileNotFoundError when there is neither, UnicodeDecodeError when it is not UTF-8.
    """
    site = (folder or Path()) / name
    if site.is_file():
        return site.read_text(encoding="utf-8")
    built_in = resources.files("kioskd.floor").joinpath("layouts", f"{name}.txt")
    if "/" in name or not built_in.is_file():
        raise FileNotFoundError(f"no layout {name!r}: neither the file {site} nor one that comes with kioskd")
    return built_in.read_text(encoding="utf-8")


def check_layout(text: str, paper: Paper = TICKET) -> list[str]:
    """Every mistake of a layout, one sentence each, with its line; none for a good one."""
    try:
        tree = _environment.parse(text)
        template = _environment.from_string(text)
    except TemplateSyntaxError as error:
        return [_at_line(error.lineno, error.message or "is not a template")]
    problems = _unknown_names(tree, paper) + _wrong_tags(text)
    if problems:
        return problems
    for facts in paper.samples:
        try:
            document = _document(template.render(_variables(facts)))
        except LayoutError as error:
            return error.problems
        except Exception as error:  # a template can raise anything its expressions can
            return [_at_line(_line_of(error), f"{error}")]
        if not _mentions(document, getattr(facts, paper.shows)):
            missing = f"{{{{ {paper.shows} }}}} is missing"
            return [f"the {paper.name} does not show its {paper.shows}: {missing}"]
    return []


# --- facts into the template ---------------------------------------------------------------------------

# Markup inside a value is shielded while the lines are read, so that a matter named "[bold]" prints so.
_MARKUP = "[|-#"
_SHIELD = str.maketrans(_MARKUP, "\ufdd0\ufdd1\ufdd2\ufdd3")
_UNSHIELD = str.maketrans("\ufdd0\ufdd1\ufdd2\ufdd3", _MARKUP)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def _shielded(value: object) -> str:
    """A value as it goes into the text: one line, no control characters, nothing in it taken for markup."""
    text = "" if value is None else str(value)
    return visible(_CONTROL.sub(" ", text)).translate(_SHIELD)


_environment = ImmutableSandboxedEnvironment(
    line_statement_prefix="%",
    undefined=StrictUndefined,
    finalize=_shielded,
    autoescape=False,  # the output is paper, not HTML
)


def _variables(facts: Facts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in facts.__struct_fields__}


# --- lines into blocks ---------------------------------------------------------------------------------

_RULE = re.compile(r"\s*-{3,}\s*")
_TAG = re.compile(r"\s*\[([a-z]+)(?:=([^\]]*))?\]")
_SIZE = re.compile(r"([1-8])(?:x([1-8]))?")
_QR_DOTS = re.compile(r"[1-9]|1[0-6]")
_PLAIN_TAGS = ("left", "center", "right", "bold")
_TAGS = (*_PLAIN_TAGS, "size", "qr")

Block = Text | Pair | Rule | QrCode | Feed


def _document(rendered: str) -> Document:
    lines = rendered.splitlines()
    if len(lines) > LONGEST_PAPER_LINES:
        raise LayoutError([f"the paper has {len(lines)} lines, more than {LONGEST_PAPER_LINES}"])
    blocks = [block for line in lines if (block := _block(line)) is not None]
    return Document(tuple(_merged(blocks)))


def _block(line: str) -> Block | None:
    """One line's block; None for a comment and for a tagged line with nothing behind its tags."""
    if line.startswith("#"):
        return None
    if not line.strip():
        return Feed()
    if _RULE.fullmatch(line):
        return Rule()
    tags, text = _split_tags(line)
    if not _plain(text):
        return None
    if "qr" in tags:
        dots = tags["qr"]
        return QrCode(_plain(text), int(dots)) if dots else QrCode(_plain(text))
    if "||" in text:
        left, right = text.split("||", 1)
        return Pair(_plain(left), _plain(right))
    width, height = _size(tags.get("size", "1"))
    align = next((tag for tag in ("center", "right") if tag in tags), "left")
    return Text(_plain(text), cast(Align, align), width, height, "bold" in tags)


def _split_tags(line: str) -> tuple[dict[str, str], str]:
    """The tags in front of a line, each with what follows its `=`, and the rest of the line."""
    tags: dict[str, str] = {}
    while (match := _TAG.match(line)) and match[1] in _TAGS:
        tags[match[1]] = match[2] or ""
        line = line[match.end() :]
    return tags, line


def _size(text: str) -> tuple[int, int]:
    match = _SIZE.fullmatch(text)
    if not match:
        raise LayoutError([f"[size={text}]: a size is 1 to 8, or WIDTHxHEIGHT such as 1x2"])
    return int(match[1]), int(match[2] or match[1])


def _plain(text: str) -> str:
    return text.strip().translate(_UNSHIELD)


def _merged(blocks: list[Block]) -> list[Block]:
    """The blocks with neighbouring empty lines made one feed."""
    merged: list[Block] = []
    for block in blocks:
        if isinstance(block, Feed) and merged and isinstance(merged[-1], Feed):
            merged[-1] = Feed(merged[-1].lines + block.lines)
        else:
            merged.append(block)
    return merged


# --- checking ------------------------------------------------------------------------------------------


def _unknown_names(tree: nodes.Template, paper: Paper) -> list[str]:
    known = paper.facts
    unknown = meta.find_undeclared_variables(tree) - set(known)
    seen: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            seen.setdefault(name.name, name.lineno)
    return [
        _at_line(
            line, " ".join(filter(None, (f"there is no {name!r} on a {paper.name}.", nearest(name, known))))
        )
        for name, line in sorted(seen.items(), key=lambda item: item[1])
    ]


def _wrong_tags(text: str) -> list[str]:
    return [
        _at_line(number, problem)
        for number, line in enumerate(text.splitlines(), 1)
        for problem in _tag_problems(line)
    ]


def _tag_problems(line: str) -> list[str]:
    problems = []
    while match := _TAG.match(line):
        name, value = match[1], match[2]
        if name not in _TAGS:
            problems.append(
                " ".join(filter(None, (f"there is no tag {match[0].strip()}.", nearest(name, _TAGS))))
            )
        elif name in _PLAIN_TAGS and value is not None:
            problems.append(f"[{name}] takes no value")
        elif name == "size" and not _SIZE.fullmatch(value or ""):
            problems.append(f"{match[0].strip()}: a size is 1 to 8, or WIDTHxHEIGHT such as [size=1x2]")
        elif name == "qr" and value is not None and not _QR_DOTS.fullmatch(value):
            problems.append(f"{match[0].strip()}: a QR code's modules are 1 to 16 dots wide, such as [qr=6]")
        line = line[match.end() :]
    return problems


def _mentions(document: Document, text: str) -> bool:
    return any(text in part for block in document.blocks for part in _texts(block))


def _texts(block: Block) -> tuple[str, ...]:
    match block:
        case Text():
            return (block.text,)
        case Pair():
            return (block.left, block.right)
        case _:
            return ()


def _line_of(error: BaseException) -> int | None:
    """The template's line where a rendering failed."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return frames[-1].lineno if frames else None


def _at_line(line: int | None, problem: str) -> str:
    return f"line {line}: {problem}" if line else problem
