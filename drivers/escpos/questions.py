"""What a printer may be asked, and whether it has answered: facts of its health, lines of its test page."""

from __future__ import annotations

from drivers.escpos.options import EscposOptions
from kioskd.devices.test_page import Answer

AUTOMATIC, PROCESSED, FENCE, IDENTITY = "GS a", "GS ( H", "GS r 1", "GS I"

ABOUT = {
    "DLE EOT 1": "打印机",
    "DLE EOT 2": "脱机",
    "DLE EOT 3": "错误",
    "DLE EOT 4": "纸张",
    AUTOMATIC: "自动上报",
    PROCESSED: "打印完成",
    FENCE: "排队询问",
    IDENTITY: "型号",
}


def real_time(n: int) -> str:
    """The name of DLE EOT n."""
    return f"DLE EOT {n}"


def at_first(options: EscposOptions) -> dict[str, str]:
    """What is known of each question before any was asked: only whether it will be."""
    asked = dict.fromkeys(ABOUT, options.status != "none")
    asked[AUTOMATIC] = options.status == "asb"
    asked[PROCESSED] = options.confirm == "gs_h"
    asked[FENCE] = options.confirm != "none"
    asked[IDENTITY] = options.status != "none" and options.identify
    return {question: "unknown" if is_asked else "not asked" for question, is_asked in asked.items()}


def answers(facts: dict[str, str], options: EscposOptions) -> tuple[Answer, ...]:
    """What the test page says, from the facts of its health."""
    known = at_first(options) | facts
    return tuple(Answer(question, about, known[question]) for question, about in ABOUT.items())
