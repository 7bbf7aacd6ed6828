"""Why an option has its verdict: the rules, and the fewest facts that hold it up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from milia_cds.decision.all_cases import OptionResult
from milia_cds.decision.completions import Completions, cells_of
from milia_cds.decision.verdicts import Verdict, VerdictName
from milia_cds.errors import visible
from milia_cds.explanation.outcome import Stamp, stamp
from milia_cds.explanation.places import Reason
from milia_cds.explanation.reasons import View
from milia_cds.knowledge.options import STANDINGS, Gate, Option, Standing
from milia_cds.knowledge.records import plain
from milia_cds.logic.restriction import Restriction
from milia_cds.shown import Told


@attrs.frozen(kw_only=True)
class Why(Told):
    """Why an option has its verdict and standing.

    Parameters
    ----------
    option, label
        Its id, and its name in a sentence.
    verdict, standing
        What is explained; the standing only counts where it is offered.
    facts
        Known facts that are enough for it, whatever the others are; none of them
        can be left out. Empty where no fact is needed, as for what is withheld.
    because
        The rules that these facts decide, in the order of the record; for what is
        withheld, the rules that are open.
    also
        Rules that would be enough, or count as well, on further facts.
    asks
        For what is withheld: the facts to ask for.
    knowledge
        Which knowledge it comes from, and how far it has been reviewed.
    """

    option: str
    label: str
    verdict: VerdictName
    standing: Standing
    facts: Mapping[str, Any] = attrs.field(hash=False)
    because: tuple[Reason, ...]
    also: tuple[Reason, ...]
    asks: tuple[str, ...]
    knowledge: Stamp

    def __repr__(self) -> str:
        """Name the option and its verdict."""
        return visible(f"<Why: {self.option}, {self.verdict}>")


def why(view: View, completions: Completions, option: Option) -> Why:
    """Explain the verdict on one option.

    Parameters
    ----------
    view
        The view of the exact record.
    completions
        The completions of its case.
    option
        The option.
    """
    judged = view.record.verdicts[option.id]
    needed = fewest_facts(completions, option.id, _claim(judged))
    reasons = tuple(_reasons(view, option, judged))
    own = [each for each in reasons if _rests_on(each, needed)]
    if judged.verdict == "withheld":
        own = list(reasons)
    return Why(
        option=option.id,
        label=option.label,
        verdict=judged.verdict,
        standing=STANDINGS[judged.worst],
        facts={name: plain(view.facts[name]) for name in needed},
        because=tuple(own),
        also=tuple(each for each in reasons if each not in own),
        asks=completions.offered(option.id).facts
        if judged.verdict == "withheld"
        else (),
        knowledge=stamp(view.base),
    )


def _claim(judged: Verdict) -> Callable[[OptionResult], bool]:
    """What must be so in every completion for the verdict to stand."""
    match judged.verdict:
        case "offered":
            return lambda result: result[0] == "offered" and result[1] >= judged.worst
        case "excluded":
            return lambda result: result[0] == "excluded"
        case "unavailable":
            return lambda result: result[0] in {"unavailable", "excluded"}
        case "not_indicated":
            return lambda result: result[0] in {"not_indicated", "excluded"}
    return lambda _: True


def fewest_facts(
    completions: Completions, option: str, claim: Callable[[OptionResult], bool]
) -> tuple[str, ...]:
    """Known facts that make a claim true of every completion, none too many.

    What was assumed goes before what was stated, and what is asked late before what is
    asked early; what then cannot be left out any more is given, in the order of the
    vocabulary.
    """
    completions = completions.changeable
    node = completions.result(option)
    known = completions.record.facts
    read = set(_facts_of(completions, completions.results.diagrams.levels(node)))
    kept = {
        name: value
        for name, value in known.items()
        if name in read and value is not None
    }
    assumed = [name for name in kept if name in completions.record.assumed]
    stated = [name for name in kept if name not in assumed]
    for name in (*reversed(assumed), *reversed(stated)):
        fewer = {fact: value for fact, value in kept.items() if fact != name}
        cells = cells_of(completions.variables, {**dict.fromkeys(known), **fewer})
        restriction = Restriction(completions.results.diagrams, cells)
        if all(map(claim, restriction.values(restriction.of(node)))):
            kept = fewer
    return tuple(kept)


def _facts_of(completions: Completions, levels: int) -> Iterator[str]:
    for place, variable in enumerate(completions.variables):
        if levels >> place & 1:
            yield variable.fact


def _rests_on(reason: Reason, facts: Iterable[str]) -> bool:
    """Whether a rule is decided by these facts alone, or by none."""
    return reason.if_ is None and set(reason.facts) <= set(facts)


def _reasons(view: View, option: Option, judged: Verdict) -> Iterator[Reason]:
    if judged.verdict == "unavailable":
        text = f"It is not among the options that are offered here: {option.label}."
        yield Reason(rule=_listing(view), text=text, judgement=True)
        return
    if judged.verdict in {"excluded", "withheld"}:
        yield from _gates(view, option, "forbid")
    if judged.verdict == "excluded":
        return
    for name in view.record.walk.scenarios:
        yield view.standing_reason(option, name)
    yield from _gates(view, option, "lower")
    if judged.verdict == "offered":
        for side in view.arguments(option):
            yield from side


def _listing(view: View) -> str:
    """The rule by which an option is not on offer: the setting, or else the policy."""
    return view.base.vocabulary.roles.offers or "policy.not_offered"


def _gates(view: View, option: Option, kind: str) -> Iterator[Reason]:
    """The gates of a kind that hold, or may."""
    gates: list[Gate] = [gate for gate in option.gate if gate.kind == kind]
    for gate in gates:
        if view.holds(gate.condition) is not False:
            yield view.reason(gate.name, gate, gate.condition)
