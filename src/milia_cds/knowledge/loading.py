"""Loading a knowledge base: reading its files, and proving what they say."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from milia_cds.errors import KnowledgeError
from milia_cds.knowledge.contents import Contents
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.shape import structural_problems
from milia_cds.knowledge.triage_proof import triage_problems


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the garbage collector: what loading makes is there to stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def proved(
    folder: Path | Contents = SHIPPED,
    admit: Callable[[Knowledge], Knowledge] | None = None,
) -> Knowledge:
    """Read a knowledge base, and prove that its triage is exclusive and complete.

    Parameters
    ----------
    folder
        The folder with its files, or what they hold.
    admit
        What it must pass before it is proved; it gives the base that goes on.

    Raises
    ------
    KnowledgeError
        With every problem, each with its file and key path.
    """
    with _uncollected():
        base = read_knowledge(folder)
        if admit is not None:
            base = admit(base)
        problems = structural_problems(base) or triage_problems(base)
    if problems:
        raise KnowledgeError(problems)
    return base
