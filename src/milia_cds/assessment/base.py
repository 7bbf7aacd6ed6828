"""Knowledge bases for use: loaded, proved, and tightened by a local policy."""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path
from types import NoneType

from milia_cds.decision import all_cases
from milia_cds.errors import only
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.loading import proved
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.policy import with_policy
from milia_cds.logic.memory import one_of_each

_A = {"folder": "the path of a folder", "policy": "the path of a policy"}
_PATH = "give a text or a pathlib.Path"

_TYPED = {"milia": "milia_cds.assessment.typed"}
"""The module that holds a domain to its typed sections, where it has such.

It is imported with the first knowledge of the domain, so that no other domain pays for
sections that it does not use.
"""


def load_knowledge(
    folder: str | Path | None = None, *, policy: str | Path | None = None
) -> Knowledge:
    """Load a knowledge base and prove its triage.

    Its vocabulary is what its `facts.toml` declares. Knowledge of the domain "milia" is
    also held to the typed sections of `Case`.

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
    WrongTypeError
        When `folder` or `policy` is no path.
    """
    for key, given in {"folder": folder, "policy": policy}.items():
        only((str, PathLike, NoneType), given, f"load_knowledge takes {_A[key]}", _PATH)
    base = _shipped() if folder is None else proved(Path(folder), _held)
    if policy is None:
        return base
    return with_policy(base, Path(policy))


def knowledge_of(taker: str, given: Knowledge | None) -> Knowledge:
    """The knowledge that a function was given, or what comes with the library.

    Parameters
    ----------
    taker
        The name of the function.
    given
        The knowledge base; `None` is the one that comes with the library.

    Raises
    ------
    WrongTypeError
        When it is something else.
    """
    if given is None:
        return _shipped()
    only(Knowledge, given, f"{taker} takes a Knowledge", "use load_knowledge")
    return given


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
    base = knowledge_of("prepare", knowledge)
    all_cases.prepare(base)
    return base


@one_of_each(1)
def _shipped() -> Knowledge:
    return proved(SHIPPED, _held)


def shipped_by(digest: str) -> Knowledge | None:
    """The knowledge base that comes with the library, where this is its digest."""
    base = _shipped()
    return base if base.digest == digest else None


def _held(base: Knowledge) -> Knowledge:
    """Hold a knowledge base to the typed sections of its domain, where it has such."""
    typed = _TYPED.get(base.vocabulary.domain)
    if typed is None:
        return base
    held: Knowledge = import_module(typed).held_to_the_typed(base)
    return held
