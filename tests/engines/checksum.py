"""One number for a table of decisions, whoever wrote it and in whatever order."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def checksum(table: Any) -> str:
    """The checksum of all values, the rows in the order of their `id`.

    Parameters
    ----------
    table
        A table of PyArrow.
    """
    rows = table.sort_by("id").to_pylist()
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
