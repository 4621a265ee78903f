"""What went wrong, as a problem document (RFC 9457): for programs a code, for people both languages."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response

from kioskd.hall.model import NotFound, Refused
from kioskd.hall.refusals import refusal_text
from kioskd.sheets.press import PdfFailed
from web.words import Word, all_words, word

MEDIA_TYPE = "application/problem+json"

LARGEST_BODY_BYTES = 64 * 1024

# A refusal is a conflict with the hall's present state, but for these: what the request itself got wrong.
STATUS_OF_REFUSAL = {
    "key_reused": 422,
    "wrong_level": 422,
    "unknown_ticket": 404,
    "unknown_window": 404,
    "unknown_document": 404,
    "document_deleted": 404,
    "unknown_appointment": 404,
    "no_contact": 404,
    "unknown_case": 404,
    "wrong_reason": 422,
    "wrong_affair_no": 422,
    "nothing_written": 422,
    "too_much_written": 422,
    "not_later": 422,
    "no_handler": 422,
}


class BadField(msgspec.Struct, frozen=True):
    """One field of a request that is wrong. hint: the nearest right name, where there is one."""

    key: str
    problem: str
    hint: str = ""


class ProblemDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error as RFC 9457 writes it. `code` names the kind of problem and never changes."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    title_zh: str
    detail_zh: str
    facts: dict[str, Any] = {}
    mistakes: tuple[BadField, ...] = ()


class Problem(Exception):  # noqa: N818 - named as RFC 9457 names it
    """A request that is answered with a problem document.

    code: a key of [problem] in texts/problems.toml: the title; `<code>_detail`, if any, is the detail.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        mistakes: tuple[BadField, ...] = (),
        headers: dict[str, str] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.mistakes = mistakes
        self.headers = headers or {}
        self.facts = facts

    @property
    def title(self) -> Word:
        """What kind of problem it is."""
        return word(f"problem.{self.code}", **self.facts)

    @property
    def detail(self) -> Word:
        """What it is in this case and what to do now."""
        if self.mistakes:
            listed = "; ".join(
                f"{one.key}: {one.problem}" + (f" ({one.hint})" if one.hint else "") for one in self.mistakes
            )
            return Word(zh=listed, en=listed)
        name = f"{self.code}_detail"
        return word(f"problem.{name}", **self.facts) if name in all_words()["problem"] else self.title


class RefusedProblem(Problem):
    """The hall refused a command; nothing was changed."""

    def __init__(self, refused: Refused) -> None:
        default = 422 if isinstance(refused, NotFound) else 409
        super().__init__(STATUS_OF_REFUSAL.get(refused.code, default), refused.code, **refused.facts)

    @property
    def title(self) -> Word:
        """The hall's own words for it."""
        return Word(*refusal_text(self.code, self.facts))

    @property
    def detail(self) -> Word:
        """The hall's words say what and why already."""
        return self.title


def no_pdf(failed: PdfFailed) -> Problem:
    """No PDF came of it; where others were before, it may be asked for again soon."""
    headers = {"Retry-After": "5"} if failed.code == "pdf_busy" else {}
    return Problem(503, failed.code, headers=headers, why=str(failed))


def too_large() -> Problem:
    """A body beyond the limit. What is left of it is not read, so the connection ends with this answer."""
    return Problem(413, "too_large", headers={"Connection": "close"}, limit=LARGEST_BODY_BYTES)


def document(problem: Problem) -> ProblemDocument:
    """The problem as it goes over the wire."""
    title, detail = problem.title, problem.detail
    return ProblemDocument(
        type=f"/problems#{problem.code}",
        title=title.en,
        status=problem.status,
        detail=detail.en,
        code=problem.code,
        title_zh=title.zh,
        detail_zh=detail.zh,
        facts=problem.facts,
        mistakes=problem.mistakes,
    )


def response(problem: Problem) -> Response:
    """The HTTP answer to a request that has this problem."""
    body = msgspec.json.encode(document(problem), enc_hook=str)
    answer = Response(body, status=problem.status, content_type=MEDIA_TYPE)
    answer.headers.update(problem.headers)
    return answer
