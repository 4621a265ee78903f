"""The signs of the pages: one sprite, `static/signs.svg`, drawn for kioskd on one grid with one stroke."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from markupsafe import Markup

from web.static_files import static_url


@cache
def sign_names() -> tuple[str, ...]:
    """Every sign of the sprite, in its order."""
    sprite = resources.files("web").joinpath("static/signs.svg").read_text(encoding="utf-8")
    return tuple(re.findall(r'<symbol id="([a-z-]+)"', sprite))


def sign(name: str, label: str = "") -> Markup:
    """One sign, in the colour of the text around it. Raises KeyError for a name that is not drawn.

    label: what it says where no words stand beside it; without one it is only decoration.
    """
    if name not in sign_names():
        raise KeyError(f"no sign is called {name!r}: there are {', '.join(sign_names())}")
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="sign" focusable="false" {}><use href="{}#{}"/></svg>').format(
        spoken, static_url("signs.svg"), name
    )
