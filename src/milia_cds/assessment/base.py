"""Knowledge bases for use: loaded, proved, and tightened by a local policy."""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from milia_cds.case.content import content_of
from milia_cds.decision import all_cases
from milia_cds.errors import KnowledgeError, Problem, only
from milia_cds.knowledge.contents import Contents
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.loading import proved
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.policy import with_policy, with_policy_of
from milia_cds.logic.memory import one_of_each

if TYPE_CHECKING:  # the command does not wait for importlib.resources
    from importlib.resources.abc import Traversable

_BUNDLES = "milia_cds.knowledge.bundles"
"""The module that reads zips and packages, imported when there is one to read."""
_A = {"folder": "the path of a folder", "policy": "the path of a policy"}
_PATH = "give a text or a pathlib.Path"

_TYPED = {"milia": "milia_cds.assessment.typed"}
"""The module that holds a domain to its typed sections, where it has such.

It is imported with the first knowledge of the domain, so that no other domain pays for
sections that it does not use.
"""


def load_knowledge(
    folder: str | Path | Traversable | bytes | None = None,
    *,
    policy: str | Path | None = None,
) -> Knowledge:
    """Load a knowledge base and prove its triage.

    Its vocabulary is what its `facts.toml` declares. Knowledge of the domain "milia" is
    also held to the typed sections of `Case`.

    Parameters
    ----------
    folder
        The folder with its files, of the disk or of a package (a `Traversable`), or a
        bundle that `Knowledge.bundle` made: the zip, by its path or as bytes. `None` is
        the one that comes with the library, which is loaded once. A bundle whose facts
        are not those of the typed sections is read by its own, its cases by
        `Knowledge.case`.
    policy
        The TOML file with the local policy of a clinic, which is laid over it and may
        only tighten it.

    Raises
    ------
    KnowledgeError
        With every problem, each with its file and key path.
    KnowledgeFormatError
        When it is of a format that another version of the library reads.
    WrongTypeError
        When `folder` or `policy` is no path.
    """
    if not isinstance(folder, bytes) and not _is_tree(folder):
        takes = f"load_knowledge takes {_A['folder']}"
        only((str, PathLike, NoneType), folder, takes, _PATH)
    only(
        (str, PathLike, NoneType),
        policy,
        f"load_knowledge takes {_A['policy']}",
        _PATH,
    )
    base = _shipped() if folder is None else _loaded(folder)
    if policy is None:
        return base
    if base.policy is not None:
        message = f"the bundle holds a policy already: {base.policy.name}"
        mend = "give the folder of the knowledge, or leave the policy out"
        raise KnowledgeError([Problem(str(policy), message, mend)])
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


def _is_tree(given: object) -> bool:
    """Whether something is a folder that need not be one of the disk."""
    return all(hasattr(given, name) for name in ("iterdir", "is_dir", "read_bytes"))


def _loaded(source: Any) -> Knowledge:
    """The knowledge of a folder, a bundle or a package."""
    if isinstance(source, bytes):
        return _of_bundle(source, "bundle")
    if not isinstance(source, str | PathLike):
        contents: Contents = import_module(_BUNDLES).read_tree(source)
        return proved(contents, _held)
    path = Path(source)
    if path.is_file():
        return _of_bundle(_content(path), str(path))
    return proved(path, _held)


def _content(path: Path) -> bytes:
    try:
        return content_of(path)
    except OSError as bad:
        message = f"it cannot be read: {bad.strerror or bad}"
        mend = "give the folder that holds facts.toml, or a bundle of it"
        raise KnowledgeError([Problem(str(path), message, mend)]) from None


def _of_bundle(content: bytes, name: str) -> Knowledge:
    """The knowledge of a bundle, with the policy in it.

    What it holds may be older than the typed sections, and is then read as any other
    domain is.
    """
    contents: Contents = import_module(_BUNDLES).read_zip(content, name)
    base = proved(contents, _held_if_it_fits)
    return base if contents.policy is None else with_policy_of(base, contents.policy)


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


def _held_if_it_fits(base: Knowledge) -> Knowledge:
    """Held to the typed sections where it has their facts, and as it is elsewhere."""
    try:
        return _held(base)
    except KnowledgeError:
        return base
