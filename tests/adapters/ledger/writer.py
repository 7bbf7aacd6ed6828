"""A process that records decisions as fast as it can, and says each that is kept.

python writer.py KNOWLEDGE LEDGER NAME [COUNT]
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import count, islice

from milia_cds import assess, load_knowledge
from milia_cds.adapters.ledger import Ledger


def main(folder: str, path: str, name: str, most: str | None = None) -> None:
    """Record decisions, each with a key of its own."""
    base = load_knowledge(folder)
    said = assess(base.case({}), base)
    with Ledger.open(path) as ledger:
        for number in islice(count(), None if most is None else int(most)):
            key = f"{name}.{number}"
            kept = ledger.record(said, at=datetime.now(UTC), key=key)
            sys.stdout.write(f"{key} {kept}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
