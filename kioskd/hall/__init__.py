"""What a service hall does. Knows no device, no thread, no HTTP."""

from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.store import Store

__all__ = ["Hall", "PaperJournal", "Store"]
