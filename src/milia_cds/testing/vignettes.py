"""Vignettes: cases as TOML, each with what must come out, why, and on what evidence.

The grammar of a file:

[base.NAME]     a case that vignettes of this file start from, with its sections (and
                `assume_absent`) as in JSON
[[case]]        one vignette
  id            its name, unique over all files
  title         what it claims, in a sentence
  base          the base it starts from; without it, nothing is known
  evidence      what it rests on: ids of sources or rules, a list of texts
  because       why that must come out
  facts         sections with facts, in place of those of the base
  unknown       facts of the base that are not stated here, by dotted name
  not_known     facts that were asked and are not known (JSON null), by dotted name
[case.expect]   what must come out; whatever is not named is not claimed. The keys are
                those of `Expect`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal

import attrs

from milia_cds.assessment.base import load_knowledge
from milia_cds.case.content import content_of
from milia_cds.case.strict_toml import parse_toml
from milia_cds.errors import CaseError, Problem, ProblemsError, nearest, quoted
from milia_cds.explanation.outcome import DispositionAction, Status
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Standing
from milia_cds.knowledge.tables import read_record, without_null


class VignetteError(ProblemsError):
    """Vignettes could not be read."""

    subject = "The folder of vignettes"


@attrs.frozen(kw_only=True)
class ExpectedDisposition:
    """What a disposition must be; `None` is not claimed.

    Parameters
    ----------
    action
        What to do.
    to, urgency
        Where to refer, and how soon.
    own
        Whether that is the operator's own specialty, and no sentence of it tells the
        operator to refer.
    """

    action: DispositionAction | None = None
    to: str | None = None
    urgency: Urgency | None = None
    own: bool | None = None


@attrs.frozen(kw_only=True)
class Expect:
    """What must come out; `None` is not claimed.

    Parameters
    ----------
    scenarios
        Exactly the scenarios that are possible.
    disposition
        The action, and where and how soon to refer; only what is given must match.
    alerts, alert_questions
        Alerts that are certain; alerts that are asked for. Others may be too.
    no_alert
        Alerts that are neither; "*" is every alert.
    no_text
        Words that stand nowhere in the short text, in lower case.
    status
        Determinate or indeterminate.
    first
        Exactly the options in the first place.
    order
        Options in the order in which they must be ranked, others between them or not.
    ranking_empty
        Whether nothing is ranked.
    offered, not_offered, not_indicated, unavailable
        Options with this verdict; others may have it too.
    withheld
        Options with facts that each must ask, at least.
    excluded
        Options with facts that the reasons of each must name, at least.
    standing, best_standing
        The standing of options that are offered or withheld.
    measures
        The verdict of supporting measures.
    cautions
        Options or measures with texts, in lower case, each part of some caution.
    not_cautioned
        Options or measures with texts, in lower case, none part of any caution.
    possible_first
        Options that must be able to come first.
    asks, not_asked
        Facts that the questions must hold, or must not.
    assumed, not_assumed
        Facts that must have been filled because they were screened for, or must not.
    warned
        Facts that the warnings must name; none: there must be no warning.
    contradiction
        Facts that the refusal must name; nothing else can be expected beside it.
    """

    scenarios: tuple[str, ...] | None = None
    disposition: ExpectedDisposition | None = None
    alerts: tuple[str, ...] | None = None
    no_alert: tuple[str, ...] | None = None
    alert_questions: tuple[str, ...] | None = None
    no_text: tuple[str, ...] | None = None
    status: Status | None = None
    first: tuple[str, ...] | None = None
    order: tuple[str, ...] | None = None
    ranking_empty: bool | None = None
    offered: tuple[str, ...] | None = None
    not_offered: tuple[str, ...] | None = None
    withheld: Mapping[str, tuple[str, ...]] | None = None
    excluded: Mapping[str, tuple[str, ...]] | None = None
    not_indicated: tuple[str, ...] | None = None
    unavailable: tuple[str, ...] | None = None
    standing: Mapping[str, Standing] | None = None
    best_standing: Mapping[str, Standing] | None = None
    measures: Mapping[str, Literal["offered", "withheld", "excluded"]] | None = None
    cautions: Mapping[str, tuple[str, ...]] | None = None
    not_cautioned: Mapping[str, tuple[str, ...]] | None = None
    possible_first: tuple[str, ...] | None = None
    asks: tuple[str, ...] | None = None
    not_asked: tuple[str, ...] | None = None
    assumed: tuple[str, ...] | None = None
    not_assumed: tuple[str, ...] | None = None
    warned: tuple[str, ...] | None = None
    contradiction: tuple[str, ...] | None = None

    def claims(self) -> dict[str, Any]:
        """What is claimed, by key."""
        every = attrs.asdict(self, recurse=False)
        return {key: claim for key, claim in every.items() if claim is not None}


@attrs.frozen(kw_only=True)
class Vignette:
    """A case, and what must come out of it.

    Parameters
    ----------
    id, title
        Its name, unique over all files, and what it claims.
    evidence, because
        What it rests on, and why that must come out.
    expect
        What must come out.
    case_data
        The case as plain JSON values, as `Knowledge.case` reads it.
    file
        The name of the file that it stands in.
    """

    id: str
    title: str
    evidence: tuple[str, ...]
    because: str
    case_data: Mapping[str, Any] = attrs.field(hash=False)
    expect: Expect = attrs.field(hash=False)
    file: str


@attrs.frozen(kw_only=True)
class _Entry:
    id: str
    title: str
    evidence: tuple[str, ...]
    because: str
    expect: Expect
    base: str | None = None
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    unknown: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class _File:
    base: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)
    case: tuple[_Entry, ...] = ()


def load_vignettes(
    folder: str | Path, knowledge: Knowledge | None = None
) -> tuple[Vignette, ...]:
    """Load every vignette of the TOML files in a folder.

    Parameters
    ----------
    folder
        The folder; folders in it are not searched.
    knowledge
        Whose cases they are; `None` is the one that comes with the library.

    Returns
    -------
    tuple
        The vignettes, by the name of their file and then in its order.

    Raises
    ------
    VignetteError
        With every problem at once, each with its file, its case and its key.
    """
    problems: list[Problem] = []
    paths = sorted(Path(folder).glob("*.toml"))
    if not paths:
        mend = "give the folder that holds the .toml files"
        problems.append(Problem(str(folder), "there are no vignettes here", mend))
    base = load_knowledge() if knowledge is None else knowledge
    vignettes = [each for path in paths for each in _read_file(path, base, problems)]
    problems += _twice(vignettes)
    if problems:
        raise VignetteError(problems)
    return tuple(vignettes)


def _read_file(
    path: Path, base: Knowledge, problems: list[Problem]
) -> Iterator[Vignette]:
    try:
        data = parse_toml(content_of(path), path.name, problems)
    except OSError as bad:
        message = f"it cannot be read: {bad.strerror or bad}"
        problems.append(Problem(path.name, message, "mend or remove it"))
        return
    if data is None:
        return
    file = read_record(_File, data, f"{path.name}: ", problems)
    if file is None:
        return
    for entry in file.case:
        found = list(_problems(entry, file.base, base))
        where = f"{path.name}: case.{entry.id}"
        problems += [attrs.evolve(each, path=f"{where}.{each.path}") for each in found]
        if not found:
            yield from _vignette(entry, file.base, path.name, base, problems)


def _problems(
    entry: _Entry, bases: Mapping[str, Mapping[str, Any]], base: Knowledge
) -> Iterator[Problem]:
    """What is wrong with a vignette, its case aside."""
    if not entry.evidence:
        yield Problem("evidence", "there is none", "name what the claim rests on")
    if not entry.because.strip():
        yield Problem("because", "there is no reason", "say why that must come out")
    claims = entry.expect.claims()
    if not claims:
        yield Problem("expect", "nothing is expected", "claim something")
    if "contradiction" in claims and len(claims) > 1:
        message = "a case that is refused has no other result"
        yield Problem("expect.contradiction", message, "expect one or the other")
    if entry.base is not None and entry.base not in bases:
        message = f"there is no base {quoted(entry.base)} in this file"
        yield Problem("base", message, nearest(entry.base, bases))
        return
    stated = bases.get(entry.base or "", {})
    yield from _nameless("unknown", entry.unknown, base)
    yield from _nameless("not_known", entry.not_known, base)
    for place, name in enumerate(entry.unknown):
        section, _, fact = name.partition(".")
        if name in base.kinds and fact not in stated.get(section, {}):
            message = f"the base does not state {name}"
            yield Problem(f"unknown[{place}]", message, "leave it out")


def _nameless(key: str, names: Iterable[str], base: Knowledge) -> Iterator[Problem]:
    for place, name in enumerate(names):
        if name not in base.kinds:
            message = f"{quoted(name)} is no fact"
            yield Problem(f"{key}[{place}]", message, nearest(name, base.kinds))


def _vignette(
    entry: _Entry,
    bases: Mapping[str, Mapping[str, Any]],
    file: str,
    base: Knowledge,
    problems: list[Problem],
) -> Iterator[Vignette]:
    data = _case_data(entry, bases)
    try:
        base.case(data)
    except CaseError as bad:
        where = f"{file}: case.{entry.id}, in the case: "
        problems += (
            attrs.evolve(without_null(each), path=f"{where}{each.path}")
            for each in bad.problems
        )
        return
    yield Vignette(
        id=entry.id,
        title=entry.title,
        evidence=entry.evidence,
        because=entry.because,
        case_data=data,
        expect=entry.expect,
        file=file,
    )


def _case_data(entry: _Entry, bases: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    data = deepcopy(dict(bases.get(entry.base or "", {})))
    for name in entry.unknown:
        section, _, fact = name.partition(".")
        del data[section][fact]
    data = _merged(data, entry.facts)
    for name in entry.not_known:
        section, _, fact = name.partition(".")
        data = _merged(data, {section: {fact: None}})
    return data


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Put one table over another: tables key by key, anything else as a whole."""
    merged = dict(under)
    for key, value in over.items():
        before = merged.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            merged[key] = _merged(before, value)
        else:
            merged[key] = deepcopy(value)
    return merged


def _twice(vignettes: Iterable[Vignette]) -> Iterator[Problem]:
    files: dict[str, str] = {}
    for each in vignettes:
        if each.id in files:
            message = f"the id {quoted(each.id)} stands in {files[each.id]} already"
            yield Problem(f"{each.file}: case.{each.id}", message, "choose another")
        files.setdefault(each.id, each.file)
