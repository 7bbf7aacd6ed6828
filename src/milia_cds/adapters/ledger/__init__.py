"""A ledger: decisions kept so that they can be made again, and checked, years later.

`Ledger.open` opens one. It keeps the case, the digests of what was said, and the bundle
of the knowledge that said it.
"""

from milia_cds.adapters.ledger.entries import (
    Head,
    KeyTakenError,
    LedgerEntry,
    LedgerError,
    NoEntryError,
    Recording,
    Replay,
    Verification,
)
from milia_cds.adapters.ledger.ledger import Ledger

__all__ = [
    "Head",
    "KeyTakenError",
    "Ledger",
    "LedgerEntry",
    "LedgerError",
    "NoEntryError",
    "Recording",
    "Replay",
    "Verification",
]
