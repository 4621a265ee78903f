"""`kioskd device capture` and `kioskd profile replay`: a recorded conversation becomes a regression test."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from kioskd.cli.ask import JSON, Daemon, asks_daemon
from kioskd.cli.devices import NAME, device, path_of
from kioskd.cli.group import example, print_json
from kioskd.cli.profiles import profile

if TYPE_CHECKING:
    from kioskd.devices.recording import Line

ECHO = {True: "yes", False: "no", None: "unknown"}


@device.command(epilog=example("  kioskd device capture pad-3 pad-3.capture --seconds 60"))
@NAME
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--seconds", type=click.FloatRange(min=0.1), help="Stop after so long; otherwise with Ctrl-C.")
@asks_daemon("devices")
@JSON
def capture(name: str, file: Path, seconds: float | None, daemon: Daemon, as_json: bool) -> None:
    """Record what passes the port of the device NAME to FILE, a text that `profile replay` plays again.

    A card reader's conversation is a person's, and is not recorded.
    """
    if file.exists():
        raise click.ClickException(f"{file} is there already: a recording is not written over another")
    about = daemon.ask(path_of(name))
    if about["private"]:
        raise click.ClickException(f"{name} reads people's cards: its conversation is not recorded")
    if not as_json:
        click.echo(f"recording {name}; Ctrl-C ends it", err=True)
    counts = {"bytes": 0, "did": 0, "said": 0}
    with file.open("x", encoding="utf-8") as out:
        for line in _head(about):
            out.write(f"{line}\n")
        with suppress(KeyboardInterrupt):
            _record(daemon, name, seconds, out, counts)
    told = {"file": str(file), "pieces": counts["bytes"], "events": counts["said"]}
    if as_json:
        print_json(told)
    else:
        click.echo(f"{file}: {told['pieces']} pieces of bytes, {told['events']} events")


def _head(about: dict[str, Any]) -> list[str]:
    from kioskd.devices.recording import head_lines

    reasons = ",".join(reason["code"] for reason in about["reasons"])
    return head_lines(
        {
            "device": f"{about['name']} {about['title']}",
            "profile": about["profile"],
            "address": "" if about["address"] is None else str(about["address"]),
            "options": msgspec.json.encode(about["options"]).decode() if about["options"] else "",
            "port": f"{about['port']} {about['at']} {about['settings']}".strip(),
            "local_echo": ECHO[about["local_echo"]],
            "taken": datetime.now().astimezone().isoformat(timespec="seconds"),
            "health": f"{about['state']} {reasons}".strip(),
        }
    )


def _record(daemon: Daemon, name: str, seconds: float | None, out: Any, counts: dict[str, int]) -> None:
    began_s: float | None = None
    until_s = None if seconds is None else time.monotonic() + seconds
    shown_s = time.monotonic()
    for event, said in daemon.listen(f"{path_of(name)}/bytes"):
        if event in counts:
            at_s = datetime.fromisoformat(said["at"]).timestamp()
            began_s = at_s if began_s is None else began_s
            counts[event] += 1
            out.write(f"{_line(event, said, at_s - began_s)}\n")
            out.flush()
        elif event == "missed":
            raise click.ClickException(f"{said['count']} pieces were missed: the recording has a hole")
        if until_s is not None and time.monotonic() >= until_s:
            return
        if sys.stderr.isatty() and time.monotonic() - shown_s > 1:
            shown_s = time.monotonic()
            click.echo(f"\r{counts['bytes']} pieces, {counts['said']} events ", nl=False, err=True)


def _line(event: str, said: dict[str, Any], at_s: float) -> Line:
    from kioskd.devices.recording import Line

    if event == "bytes":
        return Line(at_s, said["direction"], bytes.fromhex(said["hex"]), words="; ".join(said["words"]))
    return Line(at_s, "did" if event == "did" else "said", text=said["text"])


@profile.command(epilog=example("  kioskd profile replay pad-3.capture"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--profile", "name", help="Play it to this profile, in place of the one it was recorded with.")
@JSON
def replay(file: Path, name: str | None, as_json: bool) -> None:
    """Play the recording FILE to the driver, and compare what comes of it with what came then.

    Ends with 0 when both agree, with 1 and the difference when they do not.
    """
    from kioskd.config import profile_folders
    from kioskd.devices.profile_files import load_profile
    from kioskd.devices.recording import differences, read_recording
    from kioskd.devices.replay import recorded_events, recorded_sent
    from kioskd.devices.replay import replay as play

    recording = read_recording(file)
    name = name or recording.head.get("profile", "")
    try:
        played = play(recording, load_profile(name, profile_folders()))
    except (ValueError, KeyError) as error:
        raise click.ClickException(f"{file}: cannot be played: {error}") from None
    different = differences(recorded_events(recording), played.events)
    sent = recorded_sent(recording)
    sent_differs = sent is not None and sent != played.sent
    if as_json:
        agree = not (different or sent_differs)
        print_json({"profile": name, "events": played.events, "agree": agree, "difference": different})
    else:
        _tell(file, name, played.events, different, sent_differs)
    if different or sent_differs:
        sys.exit(1)


def _tell(file: Path, name: str, events: tuple[str, ...], different: list[str], sent_differs: bool) -> None:
    for event in different or events:
        click.echo(f"  {event}")
    if different:
        click.echo(f"{file}: {name} makes other events of it: - recorded, + now")
    if sent_differs:
        click.echo(
            f"{file}: the driver sends other bytes than were recorded; the events tell what that means"
        )
    if not (different or sent_differs):
        click.echo(f"{file}: {name} makes the same {len(events)} events of it")
