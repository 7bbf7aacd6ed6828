"""Whether a vignette comes out as expected: each difference, as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from milia_cds.assessment.assessment import assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.errors import CaseError, ContradictionError, nearest, quoted
from milia_cds.explanation.outcome import Outcome
from milia_cds.explanation.places import Reason
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.text import text_of
from milia_cds.testing.vignettes import Expect, ExpectedDisposition, Vignette

_FACT_KEYS = frozenset(
    {"asks", "not_asked", "assumed", "not_assumed", "warned", "contradiction"}
)
_ALERT_KEYS = frozenset({"alerts", "no_alert", "alert_questions"})
_EVERY_ALERT = "*"
_Lists: TypeAlias = Mapping[str, tuple[str, ...]]


def check_vignette(vignette: Vignette, knowledge: Knowledge | None = None) -> list[str]:
    """Assess a vignette, and say everything that differs from what is expected.

    Parameters
    ----------
    vignette
        The vignette, as `load_vignettes` gives it.
    knowledge
        The knowledge base; `None` is the one that comes with the library.

    Returns
    -------
    list
        A sentence for each difference; none if all is as expected.
    """
    base = load_knowledge() if knowledge is None else knowledge
    expect = vignette.expect
    misnamed = list(_misnamed(expect, base))
    if misnamed:
        return misnamed
    try:
        outcome = assess(base.case(vignette.case_data), base).outcome
    except ContradictionError as refusal:
        return list(_refused(expect, refusal))
    except CaseError as refusal:
        return [f"the case is refused: {each}" for each in refusal.problems]
    if expect.contradiction is not None:
        named = " and ".join(expect.contradiction)
        return [f"the case is accepted, expected a contradiction of {named}"]
    return list(differences(expect, outcome))


def _misnamed(expect: Expect, base: Knowledge) -> Iterator[str]:
    """The names that stand for nothing, lest a claim about them pass for true."""
    owners = (*base.options, *base.measures)
    for key, claim in expect.claims().items():
        if key in {"disposition", "status", "ranking_empty", "no_text"}:
            continue
        known: Iterable[str] = base.options
        noun = "option"
        if key in _FACT_KEYS:
            known, noun = base.kinds, "fact"
        elif key in _ALERT_KEYS:
            known, noun = (*base.alerts, _EVERY_ALERT), "alert"
        elif key == "scenarios":
            known, noun = base.scenarios, "scenario"
        elif key in {"measures", "cautions", "not_cautioned"}:
            known = base.measures if key == "measures" else owners
            noun = "measure" if key == "measures" else "option or measure"
        yield from _none_of(key, claim, known, noun)
        if key in {"withheld", "excluded"}:
            for option, facts in claim.items():
                yield from _none_of(f"{key}.{option}", facts, base.kinds, "fact")


def _none_of(
    key: str, names: Iterable[str], known: Iterable[str], noun: str
) -> Iterator[str]:
    known = tuple(known)
    for name in names:
        if name not in known:
            yield f"{key}: {quoted(name)} is no {noun}; {nearest(name, known)}"


def _refused(expect: Expect, refusal: ContradictionError) -> Iterator[str]:
    if expect.contradiction is None:
        for each in refusal.problems:
            yield f"the case is refused: {each}"
        return
    named = [name for each in refusal.problems for name in each.path.split(" and ")]
    for name in expect.contradiction:
        if name not in named:
            yield f"the refusal names {named}, expected {name} among them"


def differences(
    expect: Expect, outcome: Any, keys: Collection[str] | None = None
) -> Iterator[str]:
    """Say everything that differs from what is expected.

    Parameters
    ----------
    outcome
        An `Outcome`, or what has the attributes of one that the claims are about.
    keys
        The claims to look at; `None` is all of them.
    """
    for key, claim in expect.claims().items():
        if keys is None or key in keys:
            yield from _CHECKS[key](claim, outcome)


# -- the result as a whole --


def _scenarios(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    if set(expected) != set(outcome.scenarios):
        yield f"scenarios are {list(outcome.scenarios)}, expected {list(expected)}"


def _disposition(expected: ExpectedDisposition, outcome: Outcome) -> Iterator[str]:
    for key in ("action", "to", "urgency", "own"):
        claim, found = getattr(expected, key), getattr(outcome.disposition, key)
        if claim is not None and claim != found:
            yield f"disposition.{key} is {found!r}, expected {claim!r}"
    if expected.own and outcome.disposition.action == "refer":
        for each in outcome.disposition.because[:1]:
            if each.text.startswith("Refer"):
                yield f"the own specialty is told to refer: {quoted(each.text)}"


def _alerts(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    certain = [each.alert for each in outcome.alerts if each.certain]
    for name in expected:
        if name not in certain:
            yield f"{name} is no alert here, those are {certain}"


def _no_alert(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    for each in outcome.alerts:
        if each.alert in expected or _EVERY_ALERT in expected:
            said = "an alert" if each.certain else "asked as an alert"
            yield f"{each.alert} is {said}, expected none"


def _alert_questions(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    asked = [each.alert for each in outcome.alerts if not each.certain]
    for name in expected:
        if name not in asked:
            yield f"{name} is not asked as an alert, those are {asked}"


def _no_text(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    said = text_of(outcome, None, detail="short", colour=False)
    words = " ".join(said.split()).lower()
    for part in expected:
        if part.lower() in words:
            yield f"the text says {quoted(part)}, expected not to"


def _status(expected: str, outcome: Outcome) -> Iterator[str]:
    if expected != outcome.status:
        yield f"status is {outcome.status!r}, expected {expected!r}"


def _asks(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    asked = {name for each in outcome.questions for name in each.facts}
    for name in expected:
        if name not in asked:
            yield f"no question asks {name}"


def _not_asked(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    for each in outcome.questions:
        for name in each.facts:
            if name in expected:
                yield f"a question asks {name}, expected none"


def _assumed(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    filled = {each.fact for each in outcome.assumptions}
    for name in expected:
        if name not in filled:
            yield f"{name} is not assumed"


def _not_assumed(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    for each in outcome.assumptions:
        if each.fact in expected:
            yield f"{each.fact} is assumed, expected not"


def _warned(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    named = [name for each in outcome.warnings for name in each.facts]
    if not expected and outcome.warnings:
        yield f"a warning names {named}, expected none"
    for name in expected:
        if name not in named:
            yield f"no warning names {name}"


# -- the ranking --


def _first(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    found = [place.option for place in outcome.ranking if place.rank == 1]
    if set(found) != set(expected):
        yield f"first is {found}, expected {list(expected)}"


def _possible_first(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    for option in expected:
        if option not in outcome.possible_first:
            yield f"{option} cannot come first"


def _order(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    ranked = [place.option for place in outcome.ranking]
    found = [option for option in ranked if option in expected]
    if found != list(expected):
        yield f"order is {found}, expected {list(expected)}"


# Called by a table.
def _ranking_empty(expected: bool, outcome: Outcome) -> Iterator[str]:  # noqa: FBT001
    ranked = [place.option for place in outcome.ranking]
    if expected and ranked:
        yield f"ranking is {ranked}, expected none"
    if not expected and not ranked:
        yield "ranking is empty, expected some option"


# -- options and measures --


def _verdicts(outcome: Outcome) -> dict[str, str]:
    found = {place.option: "offered" for place in outcome.ranking}
    for verdict in ("withheld", "excluded", "not_indicated", "unavailable"):
        found |= {each.option: verdict for each in getattr(outcome, verdict)}
    return found


def _verdict(name: str) -> Callable[[Iterable[str], Outcome], Iterator[str]]:
    def check(expected: Iterable[str], outcome: Outcome) -> Iterator[str]:
        verdicts = _verdicts(outcome)
        for option in expected:
            if verdicts[option] != name:
                yield f"{option} is {verdicts[option]}, expected {name}"

    return check


def _not_offered(expected: tuple[str, ...], outcome: Outcome) -> Iterator[str]:
    for place in outcome.ranking:
        if place.option in expected:
            yield f"{place.option} is offered, expected any other verdict"


def _withheld(expected: _Lists, outcome: Outcome) -> Iterator[str]:
    yield from _verdict("withheld")(expected, outcome)
    for each in outcome.withheld:
        for name in expected.get(each.option, ()):
            if name not in each.asks:
                yield f"{each.option} asks {list(each.asks)}, expected {name} too"


def _excluded(expected: _Lists, outcome: Outcome) -> Iterator[str]:
    yield from _verdict("excluded")(expected, outcome)
    for each in outcome.excluded:
        named = list(dict.fromkeys(name for why in each.because for name in why.facts))
        for name in expected.get(each.option, ()):
            if name not in named:
                yield f"{each.option} is excluded by {named}, expected {name} too"


def _standing(key: str) -> Callable[[Mapping[str, str], Outcome], Iterator[str]]:
    def check(expected: Mapping[str, str], outcome: Outcome) -> Iterator[str]:
        standing = {each.option: getattr(each, key) for each in outcome.ranking}
        standing |= {each.option: getattr(each, key) for each in outcome.withheld}
        for option, claim in expected.items():
            if option not in standing:
                verdict = _verdicts(outcome)[option]
                yield f"{option} is {verdict} and has no {key}, expected {claim!r}"
            elif standing[option] != claim:
                yield f"{key} of {option} is {standing[option]!r}, expected {claim!r}"

    return check


def _measures(expected: Mapping[str, str], outcome: Outcome) -> Iterator[str]:
    for each in outcome.measures:
        claim = expected.get(each.measure, each.verdict)
        if each.verdict != claim:
            yield f"{each.measure} is {each.verdict}, expected {claim}"


def _said_of(outcome: Outcome) -> dict[str, list[str]]:
    """The cautions of every option offered and of every measure."""
    found: dict[str, tuple[Reason, ...]] = {
        **{place.option: place.cautions for place in outcome.ranking},
        **{each.measure: each.cautions for each in outcome.measures},
    }
    return {name: [r.text.lower() for r in said] for name, said in found.items()}


def _cautions(expected: _Lists, outcome: Outcome) -> Iterator[str]:
    found = _said_of(outcome)
    for owner, parts in expected.items():
        for part in parts:
            if not any(part in text for text in found.get(owner, ())):
                yield f"no caution of {owner} says {quoted(part)}"


def _not_cautioned(expected: _Lists, outcome: Outcome) -> Iterator[str]:
    found = _said_of(outcome)
    for owner, parts in expected.items():
        for part in parts:
            if any(part in text for text in found.get(owner, ())):
                yield f"a caution of {owner} says {quoted(part)}, expected none"


_CHECKS: Mapping[str, Callable[[Any, Outcome], Iterator[str]]] = MappingProxyType(
    {
        "scenarios": _scenarios,
        "disposition": _disposition,
        "alerts": _alerts,
        "no_alert": _no_alert,
        "alert_questions": _alert_questions,
        "no_text": _no_text,
        "status": _status,
        "first": _first,
        "order": _order,
        "ranking_empty": _ranking_empty,
        "offered": _verdict("offered"),
        "not_offered": _not_offered,
        "withheld": _withheld,
        "excluded": _excluded,
        "not_indicated": _verdict("not_indicated"),
        "unavailable": _verdict("unavailable"),
        "standing": _standing("standing"),
        "best_standing": _standing("best_standing"),
        "measures": _measures,
        "cautions": _cautions,
        "not_cautioned": _not_cautioned,
        "possible_first": _possible_first,
        "asks": _asks,
        "not_asked": _not_asked,
        "assumed": _assumed,
        "not_assumed": _not_assumed,
        "warned": _warned,
    }
)
