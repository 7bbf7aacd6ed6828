"""What cannot be in an answer: parts that contradict one another, or their knowledge.

A stored answer is read by its form first. Here it is asked whether it could have come
out so: each option in one place, the order by rank and points, the urgency the highest,
and nothing that the knowledge does not have.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

import attrs

from milia_cds.decision.disposition import highest
from milia_cds.decision.ranking import BEST_LEVEL
from milia_cds.errors import Problem, Unreadable, described, name_in_path, nearest
from milia_cds.errors import quoted as _quoted
from milia_cds.explanation.lapses import OVERDUE
from milia_cds.explanation.outcome import Outcome, stamp
from milia_cds.explanation.places import Place
from milia_cds.knowledge.dangers import URGENCIES
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS

_VERDICTS = ("ranking", "withheld", "excluded", "not_indicated", "unavailable")
_REASONED = "the option has one verdict; assess the case again"
_AGAIN = "assess the case again"


class _Entry(NamedTuple):
    """An entry of an answer, and where it stands."""

    path: str
    said: Any


def unwritable(data: object, path: str) -> Iterator[Problem]:
    """What is no value of JSON, such as NaN, however deep it stands.

    Parameters
    ----------
    data
        What was read, or given as plain values.
    path
        Where it stands.
    """
    if isinstance(data, dict):
        for key, value in data.items():
            name = name_in_path(key)
            yield from unwritable(value, f"{path}.{name}" if path else name)
    elif isinstance(data, list | tuple):
        for place, value in enumerate(data):
            yield from unwritable(value, f"{path}[{place}]")
    elif isinstance(data, float) and not math.isfinite(data):
        yield Problem(path, f"{described(data)} is no number", _AGAIN)
    elif isinstance(data, Unreadable):
        yield Problem(path, f"{data.text} is no number", _AGAIN)
    elif not (data is None or isinstance(data, str | int | float)):
        yield Problem(path, f"{described(data)} is no JSON value", _AGAIN)


def discrepancies(outcome: Outcome, base: Knowledge | None) -> Iterator[Problem]:
    """What cannot be in an answer.

    Parameters
    ----------
    outcome
        What it says.
    base
        The knowledge base that gave it, where it is at hand.
    """
    yield from _verdicts(outcome)
    yield from _order(outcome.ranking)
    for place, each in enumerate(outcome.ranking):
        yield from _points(f"ranking[{place}]", each)
    yield from _standings(outcome)
    yield from _dangers(outcome)
    yield from _disposition(outcome)
    yield from _first_places(outcome)
    yield from _questions(outcome)
    yield from _overdue(outcome)
    if base is not None:
        yield from _other_knowledge(outcome, base)
        yield from _not_in(outcome, base)


def _listed(outcome: Outcome, *names: str) -> Iterator[_Entry]:
    for name in names:
        for place, each in enumerate(getattr(outcome, name)):
            yield _Entry(f"{name}[{place}]", each)


# -- verdicts and order ----------------------------------------------------------------


def _verdicts(outcome: Outcome) -> Iterator[Problem]:
    found: dict[str, str] = {}
    for path, each in _listed(outcome, *_VERDICTS):
        first = found.setdefault(each.option, path)
        if first != path:
            message = f"{_quoted(each.option)} stands in {first} too"
            yield Problem(f"{path}.option", message, _REASONED)
    for step in outcome.trace:
        option = step.node.split(".")[1] if step.node.count(".") > 1 else ""
        path = found.get(option, "")
        if step.kind == "forbid" and step.truth and path.startswith(_VERDICTS[:2]):
            message = f"{_quoted(option)} is forbidden by {step.node} of the trace"
            yield Problem(f"{path}.option", message, _REASONED)


def _order(ranking: tuple[Place, ...]) -> Iterator[Problem]:
    """The first rank or tie that no order gives."""
    wrong = [_misplaced(ranking, key) for key in (_usual, _own)]
    if all(wrong):
        yield from wrong[0][:1]


def _usual(place: Place) -> tuple[int, ...]:
    return STANDINGS.index(place.standing), place.points


def _own(place: Place) -> tuple[int, ...]:
    """By the patient's own values: what is acceptable, then the points."""
    return int(STANDINGS.index(place.standing) > 1), place.points


def _misplaced(ranking: tuple[Place, ...], key: Any) -> list[Problem]:
    found: list[Problem] = []
    ranks = [place.rank for place in ranking]
    for number, place in enumerate(ranking):
        path, before = f"ranking[{number}]", ranking[number - 1] if number else None
        level = before is not None and key(place) == key(before)
        may_be = {number + 1}
        if before is not None and level:
            may_be = {before.rank} if key is _usual else {before.rank, number + 1}
        if before is not None and key(place) > key(before):
            message = f"{_quoted(place.option)} stands behind what is worse"
            found.append(Problem(path, message, _AGAIN))
        elif place.rank not in may_be:
            message = f"the rank {place.rank} is not that of its place"
            found.append(Problem(f"{path}.rank", message, f"it is {max(may_be)}"))
        elif place.tied is not (ranks.count(place.rank) > 1):
            message = f"{described(place.tied)} does not fit the ranks"
            found.append(Problem(f"{path}.tied", message, _AGAIN))
    return found


def _points(path: str, place: Place) -> Iterator[Problem]:
    given = place.contributions
    if not 0 <= place.points <= place.of:
        message = f"{place.points} is not within 0 to {place.of}"
        yield Problem(f"{path}.points", message, _AGAIN)
        return
    for number, each in enumerate(given):
        if not (0 <= each.level <= BEST_LEVEL and each.weight >= 0):
            message = f"the level {each.level} is not within 0 to {BEST_LEVEL}"
            yield Problem(f"{path}.contributions[{number}]", message, _AGAIN)
        elif each.points != each.level * each.weight:
            message = f"{each.points} is not {each.level} times {each.weight}"
            yield Problem(f"{path}.contributions[{number}].points", message, _AGAIN)
    total = sum(each.points for each in given)
    if total != place.points:
        message = f"{place.points} is not the sum of the contributions, {total}"
        yield Problem(f"{path}.points", message, _AGAIN)
    most = BEST_LEVEL * sum(each.weight for each in given)
    if most != place.of:
        message = f"{place.of} is not the most that there can be, {most}"
        yield Problem(f"{path}.of", message, _AGAIN)
    elif place.value != round(place.points / place.of, 2):
        message = f"{place.value} is not {place.points} of {place.of}"
        yield Problem(f"{path}.value", message, _AGAIN)


def _standings(outcome: Outcome) -> Iterator[Problem]:
    for path, each in _listed(outcome, "ranking", "withheld"):
        worst, best = map(STANDINGS.index, (each.standing, each.best_standing))
        if worst > best:
            message = f"{each.standing} is above the best, {each.best_standing}"
            yield Problem(f"{path}.standing", message, _AGAIN)
        if not worst and path.startswith("ranking"):
            message = "what is not recommended is not offered"
            yield Problem(f"{path}.standing", message, _AGAIN)


# -- what to do ------------------------------------------------------------------------


def _dangers(outcome: Outcome) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, each in _listed(outcome, "alerts"):
        if each.alert in seen:
            message = f"the alert {_quoted(each.alert)} is given twice"
            yield Problem(f"{path}.alert", message, _AGAIN)
        seen.add(each.alert)
        if each.certain is bool(each.asks or each.if_):
            message = "it is asked for, and lacks nothing"
            if each.certain:
                message = "it is certain, and lacks something"
            yield Problem(f"{path}.asks", message, _AGAIN)
    certain = [each.urgency for each in outcome.alerts if each.certain]
    most = highest([outcome.disposition.urgency, *certain])
    if outcome.urgency != most:
        message = f"{described(outcome.urgency)} is not the highest, {described(most)}"
        yield Problem("urgency", message, _AGAIN)


def _disposition(outcome: Outcome) -> Iterator[Problem]:
    said = outcome.disposition
    refers = said.action == "refer"
    for key in ("to", "urgency"):
        value = getattr(said, key)
        if (value is not None) is not refers:
            message = f"{described(value)} does not fit {_quoted(said.action)}"
            yield Problem(f"disposition.{key}", message, _AGAIN)
    if said.at_worst is not None and _rank(said.at_worst) <= _rank(said.urgency):
        message = f"{_quoted(said.at_worst)} is not above {described(said.urgency)}"
        yield Problem("disposition.at_worst", message, _AGAIN)
    if said.action == "treat" and not outcome.ranking:
        message = "nothing is offered that would treat"
        yield Problem("disposition.action", message, _AGAIN)


def _rank(urgency: str | None) -> int:
    return URGENCIES.index(urgency) if urgency in URGENCIES else -1


def _first_places(outcome: Outcome) -> Iterator[Problem]:
    first = {place.option for place in outcome.ranking if place.rank == 1}
    may_be = first.union(each.option for each in outcome.withheld)
    may_be.update(place.option for place in outcome.ranking)
    said = outcome.possible_first
    for place, option in enumerate(said):
        if option not in may_be:
            message = f"{_quoted(option)} is neither offered nor withheld"
            yield Problem(f"possible_first[{place}]", message, _AGAIN)
    missing = first.difference(said)
    if outcome.status == "determinate":
        missing = first.symmetric_difference(said)
    if missing:
        named = ", ".join(sorted(missing))
        message = f"it does not fit the first place of the ranking: {named}"
        yield Problem("possible_first", message, _AGAIN)
    if outcome.status == "determinate" and _still_asked(outcome):
        message = "what is determinate has no decisive question and no alert to ask for"
        yield Problem("status", message, _AGAIN)


def _still_asked(outcome: Outcome) -> bool:
    decisive = any(each.decisive for each in outcome.questions)
    return decisive or any(not each.certain for each in outcome.alerts)


def _questions(outcome: Outcome) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, each in _listed(outcome, "questions"):
        for fact in each.facts:
            if fact in seen:
                message = f"{_quoted(fact)} is asked for twice"
                yield Problem(f"{path}.facts", message, _AGAIN)
            seen.add(fact)
    if len(outcome.scenarios) != len(outcome.situations):
        message = "there is not one for each scenario"
        yield Problem("situations", message, _AGAIN)


def _overdue(outcome: Outcome) -> Iterator[Problem]:
    """Knowledge that is overdue is warned of, and no other."""
    warned = any(each.rule == OVERDUE for each in outcome.warnings)
    if warned is not outcome.knowledge.overdue:
        message = "it is not what the warnings say"
        yield Problem("knowledge.overdue", message, _AGAIN)


# -- beside its knowledge --------------------------------------------------------------


def _other_knowledge(outcome: Outcome, base: Knowledge) -> Iterator[Problem]:
    """Where the stamp is not that of the knowledge that it names."""
    given = outcome.knowledge
    known = stamp(base, overdue=given.overdue)
    for field in attrs.fields(type(known)):
        said, is_ = getattr(given, field.name), getattr(known, field.name)
        if said != is_:
            message = f"{_shown(said)} is not what its knowledge says"
            yield Problem(f"knowledge.{field.name}", message, f"it says {_shown(is_)}")


def _shown(value: Any) -> str:
    return (
        ", ".join(value) or "nobody" if isinstance(value, tuple) else described(value)
    )


def _not_in(outcome: Outcome, base: Knowledge) -> Iterator[Problem]:
    """Every name in an answer that its knowledge does not have."""
    for noun, known, named in _names(outcome, base):
        for path, name in named:
            if name not in known:
                message = f"there is no {noun} {_quoted(name)}"
                yield Problem(path, message, nearest(name, known))
    said = {each.option for _, each in _listed(outcome, *_VERDICTS)}
    for name in base.options:
        if name not in said:
            yield Problem("ranking", f"{_quoted(name)} has no verdict", _AGAIN)
    yield from _unlike(outcome, base)


Named = Iterable[tuple[str, str]]


def _names(
    outcome: Outcome, base: Knowledge
) -> Iterator[tuple[str, Collection[str], Named]]:
    """What is named: its noun, the names that there are, and those in the answer."""
    asking = _listed(outcome, "alerts", "withheld", "measures")
    facts = (
        *_all(_listed(outcome, "questions"), "facts"),
        *_all(asking, "asks"),
        *_each(_listed(outcome, "assumptions"), "fact"),
    )
    yield "option", base.options, [*_each(_listed(outcome, *_VERDICTS), "option")]
    yield "measure", base.measures, _each(_listed(outcome, "measures"), "measure")
    yield "scenario", base.scenarios, _all([_Entry("", outcome)], "scenarios")
    yield "alert", base.alerts, _each(_listed(outcome, "alerts"), "alert")
    yield "fact", base.kinds, facts
    yield "screen", base.screens, _each(_listed(outcome, "questions"), "screen")
    gated = {**base.options, **base.measures}
    yield "option", gated, _all(_listed(outcome, "questions"), "affects")
    yield "alert", base.alerts, _all(_listed(outcome, "questions"), "alerts")
    weighed = chain.from_iterable(
        (_Entry(f"{path}.contributions[{n}]", each) for n, each in enumerate(given))
        for path, place in _listed(outcome, "ranking")
        if (given := place.contributions)
    )
    yield "criterion", base.criteria, _each(weighed, "criterion")


def _each(entries: Iterable[_Entry], key: str) -> Named:
    return [(f"{path}.{key}", getattr(each, key)) for path, each in entries]


def _all(entries: Iterable[_Entry], key: str) -> Named:
    return [
        (f"{path}.{key}[{place}]".removeprefix("."), name)
        for path, each in entries
        for place, name in enumerate(getattr(each, key))
    ]


def _unlike(outcome: Outcome, base: Knowledge) -> Iterator[Problem]:
    """What an answer says of an option, a scenario or an alert that is not so."""
    tables: tuple[tuple[Iterator[_Entry], Mapping[str, Any], str, tuple[str, ...]], ...]
    tables = (
        (_listed(outcome, *_VERDICTS), base.options, "option", ("label",)),
        (_listed(outcome, "measures"), base.measures, "measure", ("label",)),
        (_listed(outcome, "alerts"), base.alerts, "alert", ("urgency", "to")),
    )
    for entries, known, by, keys in tables:
        for path, each in entries:
            entry = known.get(getattr(each, by))
            for key in keys if entry else ():
                said, is_ = getattr(each, key), getattr(entry, key)
                if said != is_:
                    message = f"{_shown(said)} is not what its knowledge says"
                    mend = f"it says {_shown(is_)}"
                    yield Problem(f"{path}.{key}", message, mend)
    labels = [base.scenarios[n].label for n in outcome.scenarios if n in base.scenarios]
    if len(labels) == len(outcome.situations) and labels != [*outcome.situations]:
        message = "they are not in the words of its knowledge"
        yield Problem("situations", message, _AGAIN)
