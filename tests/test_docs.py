"""What the pages say is true: their files are written, their commands run, their keys and commands exist."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest

from kioskd.cli import main
from kioskd.config import tables
from kioskd.floor.commands import COMMANDS
from kioskd.hall import plan
from kioskd.hall.calendar import Holiday
from kioskd.uplink.uplink import UplinkTable
from kioskd.voice.table import VoiceTable, VolumeHours

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("drivers/**/*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

TABLES = {
    "[hall]": tables.HallTable,
    "[ports.NAME]": tables.PortTable,
    "[[devices]]": tables.DeviceTable,
    "[[lines]]": plan.Line,
    "[[windows]]": tables.WindowTable,
    "[[clerks]]": tables.ClerkTable,
    "[[hours]]": plan.Hours,
    "[day]": plan.DayRules,
    "[rules]": plan.Rules,
    "[privacy]": plan.PrivacyRules,
    "[web]": tables.WebTable,
    "[board]": tables.BoardTable,
    "[staff]": tables.StaffTable,
    "[limits]": tables.LimitsTable,
    "[printing]": tables.PrintingTable,
    "[documents]": tables.DocumentsTable,
    "[voice]": VoiceTable,
    "[[voice.hours]]": VolumeHours,
    "[uplink]": UplinkTable,
    "[[holidays]]": Holiday,
    "[[matters]], in the matters file": plan.Matter,
    "A row of materials": plan.Material,
}


def name(page):
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if "```console" in page.read_text("utf-8")], ids=name
)
def test_the_commands_of_a_page_print_what_it_shows(page, tmp_path):
    """```toml blocks that begin with `# NAME.toml` are files; ```console blocks are commands and output."""
    for language, text in BLOCK.findall(page.read_text("utf-8")):
        if language == "toml" and (named := re.match(r"# ([\w-]+\.toml)\n", text)):
            (tmp_path / named[1]).write_text(text, encoding="utf-8")
        if language == "console":
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                printed = run(command, tmp_path)
                assert re.fullmatch(pattern(shown), printed), f"$ {command}\n{printed}"


def run(command, folder):
    """What a documented command prints, on either channel. The pages only run kioskd itself."""
    words = shlex.split(command)
    assert words[0] == "kioskd", command
    done = subprocess.run(
        words,
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return done.stdout


def pattern(shown):
    """A line `...` stands for any number of lines."""
    return "".join(
        "(?:.*\n)*" if line == "...\n" else re.escape(line) for line in shown.splitlines(keepends=True)
    )


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_links_of_a_page_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def sections():
    text = (ROOT / "docs/hall-file.md").read_text("utf-8")
    found = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


@pytest.mark.parametrize(("section", "table"), TABLES.items(), ids=TABLES.keys())
def test_the_hall_files_page_tells_every_key_and_no_other(section, table):
    first_cells = "".join(
        re.findall(r"^\| (.*?) \|", sections()[section].split("| `at` | is |")[0], re.MULTILINE)
    )
    assert set(re.findall(r"`(\w+)`", first_cells)) == set(table.__struct_fields__)


@pytest.mark.parametrize(("section", "table"), TABLES.items(), ids=TABLES.keys())
def test_the_hall_files_page_marks_what_is_needed(section, table):
    needed = {field.encode_name for field in msgspec.structs.fields(table) if field.required}
    rows = re.findall(r"^\| (.*?) \| \*needed\*", sections()[section], re.MULTILINE)
    marked = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert needed <= marked
    assert all(key in needed or key.endswith("_en") for key in marked)


def test_the_hall_files_page_tells_every_command_of_a_key():
    told = set(re.findall(r"`(\w+)(?: [A-Z]+)?`", sections()["[keys]"].split("Commands:")[1]))
    assert told == set(COMMANDS)


def commands(group, path=("kioskd",)):
    for each, command in group.commands.items():
        yield (*path, each), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, each))


COMMANDS_BY_PATH = {" ".join(path): command for path, command in commands(main)}


@pytest.mark.parametrize(("path", "command"), COMMANDS_BY_PATH.items(), ids=COMMANDS_BY_PATH.keys())
def test_every_command_says_what_it_does_with_an_example(path, command):
    assert command.help
    if not isinstance(command, click.Group):
        assert path in (command.epilog or "")


def test_every_command_that_a_page_mentions_exists():
    for page in PAGES:
        for mentioned in re.findall(
            r"(?:`|/bin/|^)kioskd ([a-z]+(?: [a-z]+)?)", page.read_text("utf-8"), re.MULTILINE
        ):
            first = mentioned.split()[0]
            assert {f"kioskd {mentioned}", f"kioskd {first}"} & COMMANDS_BY_PATH.keys(), (
                f"{name(page)}: {mentioned}"
            )


def test_every_display_that_is_known_is_in_the_technicians_table():
    page = (ROOT / "docs" / "technician.md").read_text("utf-8")
    known = [file.stem for file in sorted(ROOT.glob("profiles/displays/*.toml"))]

    assert [name for name in known if f"`{name}`" not in page] == []
