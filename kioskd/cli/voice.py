"""`kioskd voice`: hear what a call sounds like, and check the clips that a hall has recorded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kioskd.cli.ask import Daemon, asks_daemon
from kioskd.cli.group import Group, example

if TYPE_CHECKING:
    from kioskd.config import HallFile
    from kioskd.voice.voice import Voice

HALL = click.option(
    "--hall",
    "hall_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The hall file, for its [voice], letters and windows.",
)
LANGUAGE = click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Chinese or English."
)
SIGNS = {"missing": "BAD ", "bad": "BAD ", "look": "look"}
ALL_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USUAL_WINDOWS = range(1, 31)


@click.group(cls=Group)
def voice() -> None:
    """The voice that calls numbers: try it, and check recorded clips."""


@voice.command(epilog=example("  kioskd voice say --ticket A012 --window 3 --out call.wav"))
@click.argument("text", required=False, default="")
@click.option("--ticket", default="", help="A ticket's number, such as A012: say its call.")
@click.option("--window", type=click.IntRange(1, 255), default=1, show_default=True, help="To this window.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write a WAV file instead of playing it."
)
@HALL
@LANGUAGE
@asks_daemon("devices")
def say(
    text: str,
    ticket: str,
    window: int,
    out: Path | None,
    hall_file: Path | None,
    language: Literal["zh", "en"],
    daemon: Daemon,
) -> None:
    """Say TEXT, or a ticket's call, on the loudspeakers of the running daemon; with --out into a file.

    A file needs no daemon: it is made with the [voice] of --hall, or with the built-in one.
    """
    if bool(text) == bool(ticket):
        raise click.UsageError("give a TEXT, or --ticket and --window")
    if out is None:
        body = {"text": text, "ticket": ticket, "window": window, "language": language}
        said = daemon.ask("voice/say", method="POST", body=body)
        click.echo(f"said on {', '.join(said['speakers'])}" if said["speakers"] else _no_speaker())
        sys.exit(0 if said["speakers"] else 1)
    _write(out, text, ticket, window, language, _hall(hall_file))


def _no_speaker() -> str:
    return 'this hall has no loudspeaker: add a [[devices]] with profile = "sound-card"'


def _write(
    out: Path, text: str, ticket: str, window: int, language: Literal["zh", "en"], hall: HallFile | None
) -> None:
    import tempfile

    from kioskd.voice.errors import VoiceFailed

    with tempfile.TemporaryDirectory() as cache:
        spoken = _voice(hall, Path(cache))
        try:
            if ticket:
                sound = spoken.call(ticket, window, chimes=True, volume=spoken.table.volume)
            else:
                sound = spoken.text(text, language)
        except VoiceFailed as error:
            raise click.ClickException(str(error)) from None
    out.write_bytes(sound.wav)
    click.echo(f"{out}: {sound.length_s:.1f} s")


@voice.command(epilog=example("  kioskd voice check clips --hall hall.toml"))
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@HALL
def check(folder: Path, hall_file: Path | None) -> None:
    """Say which clips in FOLDER are missing or wrong. With --hall only what this hall needs is asked for.

    Ends with 0 when every call can be joined from clips, with 1 when not.
    """
    from kioskd.voice.clips import ClipFolder, check_clips

    wanted = _wanted(_hall(hall_file))
    findings = check_clips(ClipFolder(folder), wanted)
    for finding in findings:
        part = f" ({finding.part})" if finding.part else ""
        click.echo(f"{SIGNS[finding.verdict]} {finding.name}{part} {finding.what}")
    bad = sum(finding.verdict != "look" for finding in findings)
    count = sum(len(parts) for parts in wanted.values())
    click.echo(f"{folder}: {count - bad} of {count} clips are good")
    sys.exit(1 if bad else 0)


@voice.command("list", epilog=example("  kioskd voice list --hall hall.toml"))
@HALL
def list_clips(hall_file: Path | None) -> None:
    """List the clips to record, with what to read aloud for each."""
    from kioskd.voice.clips import clip_names

    for language, parts in _wanted(_hall(hall_file)).items():
        for part in parts:
            folder = "en/" if language == "en" else ""
            click.echo(f"{folder + clip_names(part)[0] + '.wav':<28} {part}")


def _wanted(hall: HallFile | None) -> dict[Literal["zh", "en"], list[str]]:
    """The parts of every call of this hall; without one of a hall with every letter, in Chinese."""
    spoken = _voice(hall, Path("/nonexistent"))
    letters = sorted({letter for line in hall.plan.lines for letter in line.letter}) if hall else ALL_LETTERS
    windows = [window.number for window in hall.plan.windows] if hall else USUAL_WINDOWS
    languages = spoken.table.languages
    return {language: spoken.speaker.all_parts(language, letters, windows) for language in languages}


def _hall(hall_file: Path | None) -> HallFile | None:
    from kioskd.config import load_hall

    return None if hall_file is None else load_hall(hall_file)


def _voice(hall: HallFile | None, cache: Path) -> Voice:
    from kioskd.voice.table import VoiceTable
    from kioskd.voice.voice import Voice

    if hall is None:
        return Voice(VoiceTable(), Path.cwd(), cache)
    return Voice(hall.voice, hall.path.parent, cache)
