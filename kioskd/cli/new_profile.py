"""`kioskd profile new`: a few questions, and a profile to go on from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kioskd.cli.ask import JSON
from kioskd.cli.group import example, print_json
from kioskd.cli.profiles import new_file, profile


def hex_bytes(written: str) -> str:
    """Bytes in hex, as `AA 55`."""
    try:
        return bytes.fromhex(written).hex(" ").upper()
    except ValueError:
        raise click.BadParameter(f"{written!r} is not bytes in hex, such as AA 55") from None


def key_code(written: str) -> tuple[str, str]:
    """A key's name, and its code in hex."""
    name, _, code = written.partition("=")
    if not (name.strip() and code.strip()):
        raise click.BadParameter(f"{written!r} is not NAME=CODE, such as call=0C")
    return name.strip(), hex_bytes(code)


@profile.command(
    epilog=example("  kioskd profile new my-strip.toml --kind strip --head 7E --address --tail 0D")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(["strip", "pad"]), help="Without it all is asked, one by one.")
@click.option("--title", help="What people call this model.")
@click.option("--baud", type=int, default=9600, show_default=True)
@click.option(
    "--charset", type=click.Choice(["gbk", "gb2312", "gb18030", "ascii"]), default="gbk", show_default=True
)
@click.option("--head", type=hex_bytes, default="", help="The bytes a frame begins with.")
@click.option("--length", is_flag=True, help="A byte after the head counts those that follow.")
@click.option("--address", is_flag=True, help="A byte says which device is meant.")
@click.option(
    "--command", type=hex_bytes, default="", help="Bytes before the text or the key that never change."
)
@click.option("--check", default="", help="The checksum: sum, xor, or a CRC such as CRC-16/MODBUS.")
@click.option(
    "--check-from", type=click.Choice(["head", "length", "address", "command", "content"]), default=None,
    help="The checksum's first byte; otherwise the one after the head.",
)  # fmt: skip
@click.option("--modulo", type=click.IntRange(2), help="The checksum is the remainder of this division.")
@click.option("--tail", type=hex_bytes, default="", help="The bytes a frame ends with.")
@click.option("--acknowledge", is_flag=True, help="A pad repeats a key until the same bytes come back.")
@click.option(
    "--key", "keys", type=key_code, multiple=True, help="A pad's key, such as call=0C; again for each."
)
@click.option("--example", "sample", type=hex_bytes, default="", help="A whole frame from the maker's page.")
@click.option("--example-says", default="", help="The text, or the key, in it.")
@click.option("--example-address", type=click.IntRange(0, 255), default=1, help="The address in it.")
@JSON
def new(file: Path, kind: str | None, as_json: bool, **options: Any) -> None:
    """Write a profile for a strip or a pad to FILE (a name ending in .toml), as far as its page is known.

    Without --kind it asks. A pad without a page: `kioskd profile learn`.
    """
    from kioskd.config import profile_folders
    from kioskd.devices.new_profile import Answers, problem_of, profile_text
    from kioskd.devices.profile_files import read_profile

    new_file(file)
    answers = Answers(
        name=file.stem, **(_asked(file.stem) if kind is None else _given(kind, file.stem, options))
    )
    if problem := problem_of(answers):
        raise click.UsageError(problem)
    file.write_text(profile_text(answers), encoding="utf-8")
    found = read_profile(file, (file.parent, *profile_folders()))  # what is wrong is told; the file stays
    if as_json:
        print_json({"profile": str(file), "kinds": sorted(found.kinds), "proved": bool(answers.example)})
        return
    click.echo(f"{file}: good. {found.title}: driver {found.driver}, {', '.join(sorted(found.kinds))}")
    if not answers.example:
        click.echo(
            "  nothing proves yet that the page was read rightly: add its example, see the end of the file"
        )


def _given(kind: str, name: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options as answers."""
    said = dict(options)
    sample = said.pop("sample")
    return {
        **said,
        "kind": kind,
        "title": said["title"] or name,
        "check_from": said["check_from"] or "",
        "keys": dict(said["keys"]),
        "example": sample,
    }


def _asked(name: str) -> dict[str, Any]:
    """The same, asked one by one. An empty answer is none."""
    kind = click.prompt("A strip that shows text, or a pad with keys", type=click.Choice(["strip", "pad"]))
    answers: dict[str, Any] = {
        "kind": kind,
        "title": click.prompt("What people call it", default=name),
        "baud": click.prompt("Its speed in baud", default=9600, type=int),
        "head": _bytes("Bytes a frame begins with, in hex"),
        "length": click.confirm("Does a byte after them count what follows?"),
        "address": click.confirm("Does a byte say which device is meant?"),
        "command": _bytes("Bytes before the text or the key that never change"),
        "check": click.prompt("Checksum: sum, xor, a CRC's name, or nothing", default="", show_default=False),
        "tail": _bytes("Bytes a frame ends with"),
    }
    if kind == "pad":
        answers["acknowledge"] = click.confirm("Does it repeat a key until the same bytes come back?")
        answers["keys"] = dict(_keys())
    answers["example"] = _bytes("An example frame from the page")
    if answers["example"]:
        answers["example_says"] = click.prompt("What it says: the text, or the key's name")
        if answers["address"]:
            answers["example_address"] = click.prompt("The address in it", default=1, type=int)
    return answers


def _bytes(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False, value_proc=hex_bytes))


def _keys() -> list[tuple[str, str]]:
    click.echo("Its keys as NAME=CODE, such as call=0C; an empty line ends the list.")
    found = []
    while written := click.prompt("key", default="", show_default=False, value_proc=_key_or_end):
        found.append(written)
    return found


def _key_or_end(written: str) -> tuple[str, str] | None:
    return key_code(written) if written.strip() else None
