"""How wide a text is written: 80 columns, or as many as are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

WIDTH = 80
NARROWEST = 40
"""The fewest columns that a text is wrapped to."""
_columns = ContextVar("columns", default=WIDTH)


def columns() -> int:
    """How wide a text is written now."""
    return _columns.get()


@contextmanager
def as_wide_as(width: int) -> Iterator[None]:
    """Write all texts inside in lines of at most so many columns, and at least 40.

    Parameters
    ----------
    width
        The number of columns.
    """
    before = _columns.set(max(width, NARROWEST))
    try:
        yield
    finally:
        _columns.reset(before)
