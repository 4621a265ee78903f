"""The JSON API's route about the standard: which clauses this hall meets."""

from __future__ import annotations

from kioskd.conform.report import Verdict
from web.conform import conform
from web.declare import Call, Declarations
from web.shapes_conform import ClauseJson, ConformJson

conformity = Declarations()


@conformity.route("GET", "/conform", scope="desk")
def show_conform(call: Call) -> ConformJson:
    """Each clause of the standard that a system can witness: met or not, the evidence, and what to do.

    `conforms` is false when a "shall" is not met.
    """
    found = conform(call.rooms)
    return ConformJson(
        hall=found.hall,
        at=found.at,
        conforms=found.conforms,
        items=tuple(
            ClauseJson(
                number=line.clause.number,
                reconstructed=line.clause.reconstructed,
                level=line.clause.level,
                title=line.clause.zh,
                title_en=line.clause.en,
                verdict=str(line.verdict),
                evidence=line.zh,
                evidence_en=line.en,
                todo=line.clause.todo_zh if line.verdict is Verdict.NOT_MET else "",
                todo_en=line.clause.todo_en if line.verdict is Verdict.NOT_MET else "",
            )
            for line in found.lines
        ),
    )
