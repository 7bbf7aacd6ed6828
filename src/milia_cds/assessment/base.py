"""Knowledge bases for use: loaded, proved, and tightened by a local policy."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from weakref import WeakSet

import attrs

from milia_cds.decision import all_cases
from milia_cds.knowledge.loading import proved
from milia_cds.knowledge.model import Knowledge, Measure, Option, Scenario
from milia_cds.knowledge.policy import with_policy
from milia_cds.knowledge.reading import SHIPPED

_LOADED: WeakSet[Knowledge] = WeakSet()


def home_of(record: Option | Measure | Scenario) -> Knowledge | None:
    """Give the loaded knowledge base that holds this very record, if one does."""
    for base in tuple(_LOADED):
        held = (base.options, base.measures, base.scenarios)
        if any(each.get(record.id) is record for each in held):
            return base
    return None


def at_hand(digest: str) -> Knowledge | None:
    """Give a loaded knowledge base by its digest, if there is one."""
    return next((base for base in tuple(_LOADED) if base.digest == digest), None)


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
    base = _shipped() if folder is None else _loaded(Path(folder))
    if policy is None:
        return base
    tightened = _of_its_own(with_policy(base, Path(policy)))
    _LOADED.add(tightened)
    return tightened


def prepare(knowledge: Knowledge | None = None) -> Knowledge:
    """Make ready for many cases: what every case shares is worked out now.

    It takes as long as a few dozen answers; every answer after it is faster, above all
    where little is known. Answers are the same with and without it.

    Parameters
    ----------
    knowledge
        The knowledge base; `None` is the one that comes with the library.

    Returns
    -------
    Knowledge
        The same knowledge base.

    Examples
    --------
    >>> from milia_cds import load_knowledge, prepare
    >>> prepare() is load_knowledge()
    True
    """
    base = load_knowledge() if knowledge is None else knowledge
    all_cases.prepare(base)
    return base


def _of_its_own(base: Knowledge) -> Knowledge:
    """Give a knowledge base records that no other has, so that they lead to it."""
    return attrs.evolve(
        base,
        options={name: attrs.evolve(each) for name, each in base.options.items()},
        measures={name: attrs.evolve(each) for name, each in base.measures.items()},
        scenarios={name: attrs.evolve(each) for name, each in base.scenarios.items()},
    )


@cache
def _shipped() -> Knowledge:
    return _loaded(SHIPPED)


def _loaded(folder: Path) -> Knowledge:
    base = proved(folder)
    _LOADED.add(base)
    return base
