"""`kioskd matters`: a hall's matters from other people's files, and into them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kioskd.cli.check import HALL_FILE
from kioskd.cli.group import Group, example
from kioskd.cli.store import STATE, open_store

if TYPE_CHECKING:
    from kioskd.hall.matter import Matter
    from kioskd.hall.matters import Changes
    from kioskd.hall.store import Store, Transaction

FILE = click.argument("file", type=click.Path(path_type=Path))
ENGLISH = click.option("--english", is_flag=True, help="Headers and explanations in English.")
REPLACE = click.option("--replace", is_flag=True, help="Withdraw the matters that FILE does not name.")
MANY_ROWS = 300
"""From so many rows on a bar shows how far the reading is."""
LONGEST_SHOWN = 60


@click.group(cls=Group)
def matters() -> None:
    """The matters that a hall offers: from a workbook to the kiosk, and back."""


@matters.command("list", epilog=example("  kioskd matters list /etc/kioskd/hall.toml"))
@HALL_FILE
def list_matters(hall_file: Path) -> None:
    """List the matters that HALL_FILE names: code, line, promised time, name."""
    from kioskd.config import load_hall

    for matter in load_hall(hall_file).plan.matters or ():
        click.echo("\t".join((matter.code, matter.line, matter.promise, matter.name)))


@matters.command(
    "import", epilog=example("  kioskd matters import matters.xlsx --apply --effective 2026-12-01")
)
@FILE
@click.option("--apply", "apply_it", is_flag=True, help="Do it; without this only the differences are shown.")
@click.option(
    "--effective",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The service day on which it begins; now if left out.",
)
@REPLACE
@STATE
def import_(file: Path, apply_it: bool, effective: datetime | None, replace: bool, state: Path) -> None:
    """Take over the matters of FILE (.xlsx, .csv or .json), also while the daemon runs.

    Shows what would change. With --apply it is done, all of it or nothing.
    """
    from kioskd.hall import matters as kept

    store = open_store(state)
    _refuse_a_second_truth(store)
    with store.read() as snapshot:
        lines, today = _lines(snapshot), _today(snapshot)
    begins = effective.date().isoformat() if effective else None
    if begins is not None and begins < today:
        raise click.UsageError(f"--effective {begins} is over: the service day is {today}")
    new = _read(file, lines)
    if apply_it:
        with store.transaction() as tx:
            found = kept.change(
                tx,
                new,
                at=datetime.now(UTC),
                service_day=_today(tx),
                effective_from=begins,
                replace=replace,
                by="matters import",
            )
    with store.read() as snapshot:
        if not apply_it:
            found = kept.compare(kept.on_day(snapshot, begins or today), new, replace=replace)
        later = [(day, many) for day, many in kept.to_begin(snapshot, begins or today)]
    _tell(found, new)
    for day, many in later:
        click.echo(
            f"Mind: {many} version{'s' * (many != 1)} imported earlier begin{'s' * (many == 1)} on {day}."
        )
    if found and not apply_it:
        click.echo("Nothing was changed. Do it with --apply.")
    elif found:
        click.echo(f"Done; in force {'from ' + begins if begins and begins > today else 'now'}.")


@matters.command(epilog=example("  kioskd matters diff matters.xlsx"))
@FILE
@REPLACE
@STATE
def diff(file: Path, replace: bool, state: Path) -> None:
    """Show how FILE differs from the matters in force."""
    from kioskd.hall import matters as kept

    with open_store(state).read() as snapshot:
        old, lines = kept.in_force(snapshot), _lines(snapshot)
    new = _read(file, lines)
    _tell(kept.compare({matter.code: matter for matter in old}, new, replace=replace), new)


@matters.command(epilog=example("  kioskd matters export matters.xlsx"))
@FILE
@click.option("--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), help="As they are on this service day.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@ENGLISH
@STATE
def export(file: Path, on_day: datetime | None, force: bool, english: bool, state: Path) -> None:
    """Write the matters to FILE: .xlsx, .csv or .json. What was changed there can be imported again."""
    from kioskd.hall import matters as kept

    _refuse_overwriting(file, force)
    with open_store(state).read() as snapshot:
        found = list(kept.in_force(snapshot))
        if on_day is not None:
            found = list(kept.on_day(snapshot, on_day.date().isoformat()).values())
        lines = _lines(snapshot)
    _write(file, found, lines, english=english)
    click.echo(f"{file}: {len(found)} matters")


@matters.command(epilog=example("  kioskd matters template matters.xlsx"))
@FILE
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@ENGLISH
@STATE
def template(file: Path, force: bool, english: bool, state: Path) -> None:
    """Write an empty workbook to FILE (.xlsx): an explanation of each column, and lists to choose from."""
    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise click.UsageError(f"{file}: a template is a workbook, .xlsx, or .csv")
    _refuse_overwriting(file, force)
    lines: dict[str, str] = {}
    with contextlib.suppress(click.ClickException), open_store(state).read() as snapshot:
        lines = _lines(snapshot)
    _write(file, [], lines, english=english)
    click.echo(f"{file}: fill it in, then `kioskd matters import {file.name}`")


@matters.command(epilog=example("  kioskd matters lint matters.xlsx"))
@click.argument("file", type=click.Path(path_type=Path), required=False)
@STATE
def lint(file: Path | None, state: Path) -> None:
    """Say what is wrong with FILE, or with the matters in force; and what could be better."""
    from kioskd.hall import matters as kept
    from kioskd.hall.matter_checks import problems
    from kioskd.matter_files.advice import advice

    with open_store(state).read() as snapshot:
        lines = _lines(snapshot)
        found = list(kept.in_force(snapshot))
    if file is not None:
        found = _read(file, lines)
    wrong = [f"{matter.code}: {field} {text}" for matter in found for field, text in problems(matter)]
    wrong += [f"{one.code}: there is no line {one.line}" for one in found if one.line not in lines]
    for line in (*wrong, *advice(found)):
        click.echo(line)
    click.echo(f"{len(found)} matters, {len(wrong)} mistake{'s' * (len(wrong) != 1)}")
    if wrong:
        raise SystemExit(1)


# --- reading and writing ------------------------------------------------------------------------------------


def _read(file: Path, lines: Mapping[str, str]) -> list[Matter]:
    from kioskd.matter_files.read import KINDS, read_file

    if file.suffix.lower() not in KINDS:
        raise click.UsageError(f"{file}: the name must end in {', '.join(KINDS)}")
    with contextlib.ExitStack() as stack:
        return read_file(file, lines, watch=lambda rows: _bar(stack, rows))


def _bar(stack: contextlib.ExitStack, rows: int) -> Callable[[int], object]:
    if rows < MANY_ROWS:
        return lambda done: None
    bar: Any = click.progressbar(length=rows, label="reading", file=sys.stderr)
    opened: Any = stack.enter_context(bar)
    return lambda done: opened.update(done)


def _write(file: Path, found: list[Matter], lines: Mapping[str, str], *, english: bool) -> None:
    from kioskd.matter_files.write import as_csv, as_json, write_workbook

    language: Any = "en" if english else "zh"
    match file.suffix.lower():
        case ".xlsx":
            write_workbook(file, found, lines, language)
        case ".csv":
            file.write_bytes(as_csv(found, language))
        case ".json":
            file.write_bytes(as_json(found))
        case _:
            raise click.UsageError(f"{file}: the name must end in .xlsx, .csv or .json")


def _refuse_overwriting(file: Path, force: bool) -> None:
    if file.exists() and not force:
        raise click.ClickException(f"{file} is there already: write over it with --force")


# --- the store ----------------------------------------------------------------------------------------------


def _refuse_a_second_truth(store: Store) -> None:
    """A hall whose file names a file of matters would take that again at its next start."""
    from kioskd.hall.matters import MATTERS_FILE

    with store.read() as snapshot:
        named = snapshot.value("SELECT value FROM meta WHERE key = ?", MATTERS_FILE)
    if named:
        raise click.ClickException(
            f"this hall's matters come from {named}, which would be taken again at the next start: edit that "
            "file, or rename it, take `matters` out of [hall] in the hall file and restart the daemon; "
            "the matters stay"
        )


def _lines(snapshot: Transaction) -> dict[str, str]:
    rows = snapshot.all("SELECT id, title FROM lines WHERE in_use ORDER BY rowid")
    if not rows:
        raise click.ClickException("this hall has no lines yet: start the daemon once with its hall file")
    return {row["id"]: row["title"] for row in rows}


def _today(snapshot: Transaction) -> str:
    from kioskd.hall.day import current_day

    return current_day(snapshot) or date.today().isoformat()


# --- telling ------------------------------------------------------------------------------------------------


def _tell(found: Changes, new: list[Matter]) -> None:
    names = {matter.code: matter.name for matter in new}
    for code in found.added:
        click.echo(f"+ {code} {names[code]}")
    for code, fields in found.changed.items():
        click.echo(f"~ {code} {names[code]}")
        for name, (old, now) in fields.items():
            for line in _field_lines(name, old, now):
                click.echo(f"    {line}")
    for code in found.withdrawn:
        click.echo(f"- {code}")
    kept = f", {len(found.kept)} not named are kept" if found.kept else ""
    same = len(new) - len(found.added) - len(found.changed)
    click.echo(
        f"{len(new)} matters: {len(found.added)} new, {len(found.changed)} changed, {same} the same, "
        f"{len(found.withdrawn)} withdrawn{kept}"
    )


def _field_lines(name: str, old: Any, new: Any) -> Iterator[str]:
    if name != "materials":
        yield f"{name}: {_short(old)} → {_short(new)}"
        return
    before, now = ({row.name: row for row in rows} for rows in (old, new))
    yield from (f"material + {row}" for row in now if row not in before)
    yield from (f"material - {row}" for row in before if row not in now)
    yield from (f"material ~ {row}" for row in now if row in before and before[row] != now[row])
    if set(before) == set(now) and list(before) != list(now):
        yield "materials: in another order"


def _short(value: object) -> str:
    text = "、".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return "(empty)" if not text else text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
