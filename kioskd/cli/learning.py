"""`kioskd profile learn`: work out an unknown pad's protocol by having its keys pressed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kioskd.cli.ask import JSON, Daemon, NoDaemon
from kioskd.cli.group import example, print_json
from kioskd.cli.profiles import new_file, profile
from kioskd.cli.store import STATE

if TYPE_CHECKING:
    from kioskd.devices.learning import Known, Learned

KIOSKD_MAY_HAVE_IT = "; if it is kioskd, stop it (systemctl stop kioskd) while you learn"
FEWEST_KEYS = 3
"""With fewer nobody can tell a key from a checksum."""


@profile.command(
    epilog=example("  kioskd profile learn my-pad.toml --port serial:/dev/ttyUSB0 --key call --key recall …")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--port", required=True, help="Where the pad is, such as serial:/dev/ttyUSB0.")
@click.option("--baud", type=int, help="Its speed; otherwise the usual ones are tried.")
@click.option("--key", "keys", multiple=True, help="The keys to press, in order; asked for otherwise.")
@click.option("--times", type=click.IntRange(1, 9), default=1, show_default=True, help="How often each.")
@click.option("--address", type=click.IntRange(0, 255), help="What its DIP switches say, if you know.")
@click.option("--title", help="What people call this model.")
@click.option("--even-if-known", is_flag=True, help="Write a profile even where a known one fits.")
@click.option("--patience", type=click.FloatRange(0.1, 10), help="Seconds of silence that end a press.")
@STATE
@JSON
def learn(
    file: Path, port: str, baud: int | None, keys: tuple[str, ...], times: int, address: int | None,
    title: str | None, even_if_known: bool, patience: float | None, state: Path, as_json: bool,
) -> None:  # fmt: skip
    """Work out how the pad at --port writes its keys, and write a profile to FILE (a name ending in .toml).

    Press each key when asked. Says what is sure and what is not. The pad needs the port to itself.
    """
    from kioskd.config import profile_folders
    from kioskd.devices.errors import PortError
    from kioskd.devices.learning import NotLearned
    from kioskd.devices.lesson import BAUDS, Lesson, Pace
    from kioskd.devices.profile_files import find_profiles, load_profile, read_profile
    from kioskd.devices.registry import learner_class

    new_file(file)
    _check_port(port)
    _refuse_if_owned(port, state)
    folders = profile_folders()
    lesson = Lesson(
        learner_class("framed")(),
        port,
        ask=lambda key: click.echo(f"Press {key} now.", err=as_json),
        tell=lambda what: click.echo(f"  {what}", err=as_json),
        pace=Pace(quiet_s=patience) if patience else Pace(),
    )
    names = list(keys) or list(_asked(as_json))
    if len(set(names)) < FEWEST_KEYS:
        raise click.UsageError(f"at least {FEWEST_KEYS} different keys are needed")
    try:
        lesson.find_speed(names[0], [baud] if baud else BAUDS)
        lesson.learn_keys(names[1:], times)
        known = lesson.known([load_profile(name, folders) for name in find_profiles(folders)])
        if known is not None and not even_if_known:
            _tell_known(known, lesson.baud, len(lesson.presses), as_json)
            return
        learned = lesson.learned(name=file.stem, title=title or file.stem, address=address)
    except NotLearned as error:
        raise click.ClickException(str(error)) from None
    except PortError as error:
        raise click.ClickException(f"{error}{KIOSKD_MAY_HAVE_IT if error.reason == 'busy' else ''}") from None
    file.write_text(learned.toml, encoding="utf-8")
    read_profile(file, (file.parent, *folders))
    _tell_learned(learned, file, lesson.baud, as_json)


def _check_port(port: str) -> None:
    from kioskd.devices.port_uri import parse_port

    try:
        scheme = parse_port(port).scheme
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if scheme not in ("serial", "tcp"):
        raise click.UsageError(f"{port}: a pad is learned on a serial: or a tcp: port")


def _asked(as_json: bool) -> Iterator[str]:
    """The keys' names, as the technician types them."""
    click.echo("Names of the keys, such as call, recall, digit_1; an empty line ends the list.", err=as_json)
    while name := click.prompt("key", default="", show_default=False, err=as_json).strip():
        yield name


def _refuse_if_owned(port: str, state: Path) -> None:
    """A port that the daemon has, or may open at any moment, is not ours to listen on."""
    daemon = Daemon(state)
    try:
        names = [entry["name"] for entry in daemon.ask("devices")["items"] if entry["state"] != "disabled"]
        owners = [name for name in names if _same(daemon.ask(f"devices/{name}")["at"], port)]
    except NoDaemon:
        return
    if owners:
        raise click.ClickException(
            f"{port} belongs to the running daemon, for {', '.join(owners)}: stop it (systemctl stop "
            "kioskd), or set disabled = true for these devices in the hall file and restart it"
        )


def _same(one: str, other: str) -> bool:
    return _real(one) == _real(other)


def _real(at: str) -> str:
    """The same port has many names: a link, a device file, what is plugged in."""
    from kioskd.devices.errors import PortError
    from kioskd.devices.port_uri import parse_port, resolve

    try:
        at = str(resolve(parse_port(at), "", None))
    except PortError:
        return at  # not there now, or emulated
    scheme, _, place = at.partition(":")
    return f"{scheme}:{os.path.realpath(place)}" if place.startswith("/") else at


def _tell_known(known: Known, baud: int, presses: int, as_json: bool) -> None:
    told: dict[str, Any] = {
        "known": known.profile.name, "address": known.address, "baud": baud,
        "presses": known.presses,
        "other_names": dict(known.others),
    }  # fmt: skip
    if as_json:
        print_json(told)
        return
    protocol = known.profile.wire.get("protocol") or known.profile.name
    address = "" if known.address is None else f", address {known.address}"
    click.echo(f"This speaks {protocol}: use profile {known.profile.name}{address}, {baud} baud.")
    click.echo(f"It understood {known.presses} of {presses} presses. No new profile is needed.")
    for ours, theirs in known.others:
        click.echo(f"  what you call {ours} is {theirs} there")


def _tell_learned(learned: Learned, file: Path, baud: int, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "profile": str(file), "frame": learned.frame, "baud": baud,
                "sure": learned.sure, "unsure": learned.unsure,
            }
        )  # fmt: skip
        return
    click.echo(f"The frame: {learned.frame}")
    for said in learned.sure:
        click.echo(f"  sure:     {said}")
    for said in learned.unsure:
        click.echo(f"  not sure: {said}")
    click.echo(f"{file} is written, and passes its check with every press as an example.")
