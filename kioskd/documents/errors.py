"""What can go wrong between a camera's frame and a kept document."""

# ruff: noqa: N818 - it says what happened


class DocumentFailed(Exception):
    """No page, or no document, came of it. The message says why and what to do; it names nobody.

    code: a key of the pages' words: page_broken, page_slow, no_pdf_library, page_gone, too_many_pages …
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
