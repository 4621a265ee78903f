"""`kioskd user`, `kioskd token`, `kioskd audit`: who may come in, and who did what.

They write the hall's database themselves, whether its daemon runs or not; it notices at the next request.
"""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from kioskd.cli.ask import JSON
from kioskd.cli.group import Group, example, print_json
from kioskd.cli.store import STATE, open_store
from kioskd.staff.roles import SCOPES, SCREENS, STAFF

STDIN = click.option(
    "--stdin", "from_stdin", is_flag=True, help="Read the PIN or password from the first line of the input."
)


@click.group(cls=Group)
def user() -> None:
    """The accounts of the hall's staff."""


@user.command("add", epilog=example("  kioskd user add li --role clerk --clerk c01 --name 李丽"))
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(STAFF), help="May be given again."
)
@click.option("--clerk", help="Who they are at a window: a clerk's id in the hall file.")
@click.option(
    "--name", "display_name", default="", help="What they are called; the account's NAME otherwise."
)
@STDIN
@STATE
def add_user(
    name: str, roles: tuple[str, ...], clerk: str | None, display_name: str, from_stdin: bool, state: Path
) -> None:
    """Make the account NAME; its PIN (for clerks) or password is asked for."""
    from kioskd.staff import accounts

    store = open_store(state)
    secret = _ask_secret(from_stdin, pin_is_enough=accounts.pin_is_enough(roles))
    with _mistakes():
        made = accounts.add_account(
            store, name, roles, secret, by=who(), display_name=display_name, clerk=clerk
        )
    click.echo(f"account {made.name} is made: {', '.join(made.roles)}")


@user.command("list", epilog=example("  kioskd user list"))
@JSON
@STATE
def list_users(as_json: bool, state: Path) -> None:
    """List the accounts: name, roles, clerk, when they last signed in."""
    from kioskd.staff.accounts import accounts

    found = accounts(open_store(state))
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("there is no account yet: make one with kioskd user add")
    for one in found:
        seen = "disabled" if one.disabled else _when(one.signed_in_at)
        row = (one.name, ",".join(one.roles), one.clerk or "-", seen, one.display_name)
        click.echo("\t".join(row))


@user.command("password", epilog=example("  kioskd user password li"))
@click.argument("name")
@STDIN
@STATE
def change_password(name: str, from_stdin: bool, state: Path) -> None:
    """Give the account another PIN or password. Whoever is signed in by it is signed out."""
    from kioskd.staff import accounts

    store = open_store(state)
    with _mistakes():
        with store.read() as snapshot:
            roles = accounts.find(snapshot, name).roles
        secret = _ask_secret(from_stdin, pin_is_enough=accounts.pin_is_enough(roles))
        accounts.set_secret(store, name, secret, by=who())
    click.echo(f"account {name} has a new PIN or password")


@user.command("disable", epilog=example("  kioskd user disable li"))
@click.argument("name")
@STATE
def disable_user(name: str, state: Path) -> None:
    """Let nobody in by the account, from this moment, until it is enabled."""
    from kioskd.staff import accounts

    with _mistakes():
        accounts.disable(open_store(state), name, by=who())
    click.echo(f"account {name} is disabled")


@user.command("enable", epilog=example("  kioskd user enable li"))
@click.argument("name")
@STATE
def enable_user(name: str, state: Path) -> None:
    """Let the account in again, also when too many wrong PINs have locked it."""
    from kioskd.staff import accounts

    with _mistakes():
        accounts.enable(open_store(state), name, by=who())
    click.echo(f"account {name} is enabled")


@user.command("remove", epilog=example("  kioskd user remove li"))
@click.argument("name")
@STATE
def remove_user(name: str, state: Path) -> None:
    """Take the account away. What it did stays in the events and in the audit trail."""
    from kioskd.staff import accounts

    with _mistakes():
        accounts.remove(open_store(state), name, by=who())
    click.echo(f"account {name} is removed")


@click.group(cls=Group)
def token() -> None:
    """Tokens, with which other programs speak to the daemon, and screens elsewhere are let in."""


@token.command(
    "add",
    epilog=example(
        "  kioskd token add numbers-on-the-website --scope read\n  kioskd token add tv-2 --role display"
    ),
)
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, help=f"What a program may do: {', '.join(SCOPES)}.")
@click.option("--role", help="In place of scopes: kiosk or display for a screen, integrator for a program.")
@STATE
def add_token(name: str, scopes: tuple[str, ...], role: str | None, state: Path) -> None:
    """Give the program or screen NAME a token and print it, once: the database keeps only its digest.

    A screen opens its page once with ?device=TOKEN behind the address, such as /board?device=TOKEN.
    """
    from kioskd.staff import tokens
    from kioskd.staff.roles import ROLES

    if bool(scopes) == bool(role):
        raise click.UsageError("give --scope, once or several times, or else --role")
    store = open_store(state)
    with _mistakes(click.UsageError):
        if role in SCREENS:
            click.echo(tokens.add_device_token(store, name, role, by=who()))
        elif role not in (None, "integrator"):
            raise ValueError(f"no such role: {role}; kiosk, display, integrator")
        else:
            wanted = ROLES["integrator"] if role else frozenset(scopes)
            click.echo(tokens.add_token(store, name, wanted, by=who()))


@token.command("list", epilog=example("  kioskd token list"))
@JSON
@STATE
def list_tokens(as_json: bool, state: Path) -> None:
    """List who has a token: name, role or program, scopes, since when."""
    from kioskd.staff.tokens import tokens

    found = tokens(open_store(state))
    if as_json:
        print_json(found)
        return
    for one in found:
        row = (one.name, one.role or "program", ",".join(sorted(one.scopes)), _when(one.created_at))
        click.echo("\t".join(row))


@token.command("remove", epilog=example("  kioskd token remove tv-2"))
@click.argument("name")
@STATE
def remove_token(name: str, state: Path) -> None:
    """Take the token of NAME away: from this moment it opens nothing."""
    from kioskd.staff import tokens

    with _mistakes():
        tokens.remove_token(open_store(state), name, by=who())
    click.echo(f"token {name} is removed")


@click.command(epilog=example("  kioskd audit --days 7"))
@click.option(
    "--days", type=click.FloatRange(min=0), default=30, show_default=True, help="So many days back."
)
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="At most so many.")
@JSON
@STATE
def audit(days: float, limit: int, as_json: bool, state: Path) -> None:
    """Show who signed in, failed, was locked out, changed accounts and tokens, exported: the oldest first."""
    from kioskd.staff.audit import notes

    found = notes(open_store(state), since=datetime.now(UTC) - timedelta(days=days), limit=limit)
    if as_json:
        print_json(found)
        return
    for one in found:
        facts = " ".join(f"{name}={value}" for name, value in one.facts.items() if value)
        row = (_when(one.at), one.by or "-", one.action, one.subject or "-", one.address or "-", facts)
        click.echo("\t".join(row).rstrip())


def who() -> str:
    """Who gives this command, for the audit trail: through sudo, whoever called it."""
    try:
        return f"local:{os.environ.get('SUDO_USER') or pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"local:{os.getuid()}"


def _when(moment: datetime | None) -> str:
    return "never" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _ask_secret(from_stdin: bool, *, pin_is_enough: bool) -> str:
    """The PIN or password, never from an argument: others can read those."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("the PIN or password is asked for on a terminal; in a script use --stdin")
    what = "PIN (6 digits or more) or password" if pin_is_enough else "Password (10 characters or more)"
    secret: str = click.prompt(what, hide_input=True, confirmation_prompt=True)
    return secret


@contextmanager
def _mistakes(told_as: type[click.ClickException] = click.ClickException) -> Iterator[None]:
    """What is wrong with a name, a role or a PIN is told, not traced."""
    try:
        yield
    except ValueError as error:
        raise told_as(str(error)) from None
