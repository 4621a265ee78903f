"""How every command answers mistakes: a clear line, an exit code, the nearest right command, no traceback."""

from __future__ import annotations

from typing import Any

import click

from kioskd.devices.errors import DeviceError
from kioskd.hall.store import StoreFailed
from kioskd.reading import Mistakes, nearest
from kioskd.state import StateBusy


class Group(click.Group):
    """Commands. An unknown one is answered with the nearest; known errors become one line and exit code 1."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which was probably meant."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            hint = nearest(name, self.list_commands(ctx)) or f"`{ctx.command_path} --help` lists all"
            raise click.UsageError(f"there is no command {name!r}: {hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is a mistake of the user or the machine is told, not traced."""
        try:
            return super().invoke(ctx)
        except Mistakes as wrong:
            count = len(wrong.mistakes)
            raise click.ClickException(f"{count} mistake{'s' * (count != 1)}\n{wrong}") from None
        except (DeviceError, StateBusy, StoreFailed) as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:  # `… | head`: nobody reads on; click ends quietly
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}") from None


def example(text: str) -> str:
    """An epilog with an example, kept as it is written."""
    return f"\b\nExample:\n{text}"


def print_json(value: Any) -> None:
    """Print a value as JSON, indented, Chinese as it is."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
