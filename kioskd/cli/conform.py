"""`kioskd conform`: whether the running hall meets the standard."""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import click

from kioskd.cli.ask import JSON, Daemon, asks_daemon
from kioskd.cli.group import example, print_json

SIGNS = {"met": ("met", "green"), "not_met": ("NOT MET", "red"), "for_people": ("people", "white")}
WIDTH = 88
INDENT = " " * 11


@click.command(epilog=example("  kioskd conform\n  kioskd conform --zh"))
@asks_daemon("desk")
@click.option("--zh", "chinese", is_flag=True, help="In Chinese.")
@JSON
def conform(daemon: Daemon, chinese: bool, as_json: bool) -> None:
    """Hold the running hall against the standard, clause by clause, with the evidence and what to do.

    Ends with 1 when a clause that says "shall" is not met. What is not for a machine to say is listed too.
    The same as a page to print: /desk/conform.
    """
    report = daemon.ask("conform")
    if as_json:
        print_json(report)
    else:
        for clause in report["items"]:
            _tell(clause, "" if chinese else "_en")
    sys.exit(0 if report["conforms"] else 1)


def _tell(clause: dict[str, Any], language: str) -> None:
    sign, colour = SIGNS[clause["verdict"]]
    head = f"{clause['number']:<9}  {clause['title' + language]} ({clause['level']})"
    click.echo(f"{click.style(f'{sign:<8}', fg=colour)} {head}")
    for key in ("evidence", "todo"):
        for line in textwrap.wrap(clause[key + language], WIDTH - len(INDENT)):
            click.echo(INDENT + " " * 9 + (click.style(line, bold=True) if key == "todo" else line))
