"""Asking a running daemon over its API, for the commands that need one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

URL = click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where the daemon is.")


def token_option(scope: str) -> Callable[[Command], Command]:
    """The option for the caller's token, which needs this scope."""
    return click.option(
        "--token", envvar="KIOSKD_TOKEN", required=True, help=f"A token with the scope {scope}."
    )


def ask(url: str, path: str, token: str, *, method: str = "GET") -> Any:
    """What the daemon at `url` answers, or one clear line about why it does not."""
    import urllib.error
    import urllib.request

    import msgspec

    if not url.startswith(("http://", "https://")):
        raise click.ClickException(f"{url}: an address starts with http:// or https://")
    address = f"{url.rstrip('/')}/api/v1/{path}"
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(address, method=method, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return msgspec.json.decode(answer.read())
    except urllib.error.HTTPError as error:
        raise click.ClickException(f"{address}: the daemon answered {error.code} {_title(error)}") from None
    except urllib.error.URLError as error:
        raise click.ClickException(f"{address}: no daemon answers: {error.reason}") from None
    except msgspec.DecodeError:
        raise click.ClickException(f"{address}: what answers there is not kioskd") from None


def _title(error: Any) -> str:
    """The problem document's own words, or what HTTP says."""
    import msgspec

    try:
        return str(msgspec.json.decode(error.read())["detail"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return str(error.reason)
