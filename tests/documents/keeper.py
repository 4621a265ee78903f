"""A process that keeps and deletes documents until it is killed: keeper.py STATE PLAN_JSON TICKET.

Each document that the store acknowledged is printed: "kept ID" or "deleted ID".
"""

import random
import sys
from pathlib import Path

import msgspec

from kioskd.documents.child import PageMade
from kioskd.documents.desk import DocumentDesk, Page
from kioskd.documents.folder import Folder
from kioskd.hall.hall import Hall
from kioskd.hall.plan import Plan
from kioskd.hall.store import Store


class QuickWorkshop:
    """For tests of how files and rows come and go: the page is the picture, the PDF only some bytes."""

    def page(self, source, target, *, crop=True):
        target.write_bytes(source.read_bytes())
        return PageMade(found=False, width_px=1280, height_px=960)

    def pdf(self, target, pages):
        target.write_bytes(b"%PDF-1.3 " + random.randbytes(3000))


def main(state, plan_file, ticket):
    plan = msgspec.json.decode(Path(plan_file).read_bytes(), type=Plan)
    folder = Folder(Path(state) / "documents")
    desk = DocumentDesk(
        Hall(Store(Path(state) / "hall.db"), plan), folder, keep_days=30, workshop=QuickWorkshop()
    )
    dice, kept = random.Random(), []
    while True:
        if kept and dice.random() < 0.45:
            print("deleted", desk.delete(kept.pop(dice.randrange(len(kept)))).id, flush=True)
            continue
        file = folder.new_page()
        folder.write_page(file, b"page")
        desk._pages[file.stem] = Page(
            id=file.stem, ticket=int(ticket), camera="camera", width_px=1, height_px=1, bytes=4,
            found=True, note="", steps_ms={}, made_at_s=0.0,
        )  # fmt: skip
        kept.append(desk.finish(int(ticket), 1, [file.stem]).id)
        print("kept", kept[-1], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
