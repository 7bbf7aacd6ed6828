"""Knowledge bases for use: loaded, proved, and tightened by a local policy."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from milia_cds.knowledge.loading import proved
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.policy import with_policy
from milia_cds.knowledge.reading import SHIPPED


def load_knowledge(
    folder: str | Path | None = None, *, policy: str | Path | None = None
) -> Knowledge:
    """Load a knowledge base and prove its triage.

    Parameters
    ----------
    folder
        The folder with its files; `None` is the one that comes with the library,
        which is loaded once.
    policy
        The TOML file with the local policy of a clinic, which is laid over it and may
        only tighten it.

    Raises
    ------
    KnowledgeError
        With every problem, each with its file and key path.
    """
    base = _shipped() if folder is None else proved(Path(folder))
    if policy is None:
        return base
    return with_policy(base, Path(policy))


@cache
def _shipped() -> Knowledge:
    return proved(SHIPPED)


def shipped_by(digest: str) -> Knowledge | None:
    """The knowledge base that comes with the library, where this is its digest."""
    base = _shipped()
    return base if base.digest == digest else None
