"""A matter's guide as a sheet of paper."""

from __future__ import annotations

from kioskd.hall.matter import Material, Matter
from kioskd.sheets.sheet import Block, Code, Facts, Heading, Sheet, Steps, Text
from web.words import word

FURTHER = ("department", "address", "hours", "fee", "fee_basis", "legal_limit", "contact", "complaints")
"""What is told behind the six data units, where the hall has said it."""


def guide_sheet(matter: Matter, hall: str, full: str, *, english: bool) -> Sheet:
    """The brief guide: the six data units, what else is known, and the way to the full guide."""

    def said(name: str) -> str:
        return word(name).en if english else word(name).zh

    name = matter.name_en if english and matter.name_en else matter.name
    blocks: list[Block] = [
        Facts(
            rows=tuple(
                (said(f"matter.{unit}"), getattr(matter, unit))
                for unit in ("name", "accept_condition", "handle_flow", "promise", "by_law")
            )
        ),
        Heading(text=said("matter.materials")),
    ]
    if matter.materials:
        blocks.append(
            Steps(items=tuple(material_text(row, english=english) for row in matter.materials), box=True)
        )
    else:
        blocks.append(Text(text=said("matter.none_needed")))
    further = tuple(
        (said(f"matter.{name}"), getattr(matter, name)) for name in FURTHER if getattr(matter, name)
    )
    if further:
        blocks += [Heading(text=said("guide.more")), Facts(rows=further)]
    if full:
        blocks.append(Code(content=full, caption=f"{said('guide.full')}\n{full}"))
    if matter.sample:
        blocks.append(Text(text=said("guide.sample"), small=True))
    return Sheet(
        title=name,
        subtitle=hall,
        foot=f"{hall} · {matter.code}",
        language="en" if english else "zh",
        blocks=tuple(blocks),
    )


def material_text(row: Material, *, english: bool) -> str:
    """One thing to bring with what there is to say about it, in a line."""
    copies = word("guide.copies", count=row.copies)
    if_needed = word("guide.if_needed")
    more = [
        row.type,
        row.format,
        (copies.en if english else copies.zh) if row.copies > 1 else "",
        "" if row.needed else if_needed.en if english else if_needed.zh,
        row.note,
    ]
    told = ("; " if english else "，").join(filter(None, more))
    if not told:
        return row.name
    return f"{row.name} ({told})" if english else f"{row.name}（{told}）"
