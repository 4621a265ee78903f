"""The language a page is shown in. Every page carries both; the style sheet shows the one chosen, or both."""

from __future__ import annotations

import enum

from flask import request

COOKIE = "kioskd-language"


class Language(enum.Enum):
    """A language of the pages; `tag` is what HTML calls it."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"

    @property
    def code(self) -> str:
        """As style sheets and the cookie name it."""
        return self.value

    @property
    def tag(self) -> str:
        """As HTML's `lang` names it."""
        return "en" if self is Language.EN else "zh-CN"


def language() -> Language:
    """The language that this browser chose; Chinese until it chooses."""
    try:
        return Language(request.cookies.get(COOKIE, ""))
    except ValueError:
        return Language.ZH
