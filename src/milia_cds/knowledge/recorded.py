"""Whether the rules that read records are of facts, codes and members there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from milia_cds.errors import Problem, nearest, quoted
from milia_cds.knowledge.consequences import FACT, Home
from milia_cds.knowledge.fhir import WHOLE, Fhir, FhirCode, FhirRule, NoneKnown
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.named import known_names, no_repeats
from milia_cds.knowledge.words import Code
from milia_cds.logic.facts import Choice, Kind, Members, Number, YesNo

ABSOLUTE = re.compile(r"[a-z][a-z0-9+.\-]*:[^\s|]+", re.IGNORECASE)
"""An absolute URI without a version, as codes name their system."""

_OBSERVED = frozenset({"answer", "number"})
_DRUGS = frozenset({"MedicationStatement", "MedicationRequest"})
_FITTING = {
    "age": ((Number,), {"Patient"}),
    "answer": ((YesNo, Choice), {"Observation"}),
    "number": ((Number, YesNo), {"Observation"}),
    "course": ((Choice,), _DRUGS),
    "taken": ((YesNo,), _DRUGS),
    "site": ((Choice,), {"Condition"}),
    "options": ((Members,), {"AllergyIntolerance"}),
}
"""The kinds of fact, and the types of resource, that a reader is for."""
_SAYS = {
    "refuted": {"Condition", "AllergyIntolerance"},
    "not-taken": {"MedicationStatement"},
    "not-done": {"Procedure"},
    "value": {"Observation"},
}
"""The types of resource that say no so."""


def recorded(base: Knowledge) -> Iterator[Problem]:
    """Find what is wrong with how facts are read from records.

    Parameters
    ----------
    base
        The knowledge base.
    """
    said = base.fhir
    for name, uri in said.system.items():
        if not ABSOLUTE.fullmatch(uri):
            path = f"fhir.toml: system.{name}"
            yield Problem(path, f"{quoted(uri)} is no absolute URI", "give its URI")
    yield from no_repeats("fhir.toml: rule", [each.id for each in said.rule])
    ids = [each.id for each in said.none_known]
    yield from no_repeats("fhir.toml: none_known", ids)
    for rule in said.rule:
        yield from _rule(f"fhir.toml: rule.{rule.id}", rule, base)
    for none in said.none_known:
        yield from _none(f"fhir.toml: none_known.{none.id}", none, base)
    for each in said.override:
        if each.system in said.system:
            continue
        names = Home("fhir.toml: system.{}", said.system)
        path = f"fhir.toml: override.{each.code}"
        yield from known_names(f"{path}.system", "system", [each.system], names)
    yield from no_repeats("fhir.toml: override", [each.code for each in said.override])
    yield from _drugs(said)
    yield from _two_meanings(base)


def _drugs(said: Fhir) -> Iterator[Problem]:
    read = {kind for rule in said.rule for kind in rule.resources}
    if said.drug is None:
        if read & _DRUGS:
            mend = "add [drug] with active_within_months and not_taken_within_days"
            yield Problem("fhir.toml: drug", "the table is missing", mend)
        return
    for key in ("active_within_months", "not_taken_within_days"):
        yield from _counted(f"fhir.toml: drug.{key}", getattr(said.drug, key))


def _counted(path: str, number: int | None) -> Iterator[Problem]:
    if number is not None and number < 0:
        yield Problem(
            path, f"{number} is no number of days or months", "give 0 or more"
        )


def _rule(path: str, rule: FhirRule, base: Knowledge) -> Iterator[Problem]:
    kinds = base.vocabulary.kinds
    yield from known_names(f"{path}.fact", "fact", [rule.fact], Home(FACT, kinds))
    yield from _coded(path, rule.codes, base)
    yield from _coded(path, rule.answer, base)
    for key in ("within_days", "within_months"):
        yield from _counted(f"{path}.{key}", getattr(rule, key))
    if rule.fact in kinds:
        yield from _of_kind(path, rule, kinds[rule.fact])
    if (rule.reader == "site") is not bool(rule.of):
        message = "of says which condition lies at a site"
        yield Problem(f"{path}.of", message, "give it with that reader, and no other")
    of = [rule.of] if rule.of else []
    yield from known_names(f"{path}.of", "fact", of, Home(FACT, kinds))
    if rule.speaks and (rule.reader, rule.open) != ("present", ""):
        message = "only a condition that says something is a reason to speak"
        yield Problem(f"{path}.speaks", message, "leave it out")
    elif rule.speaks and rule.resources != ("Condition",):
        message = "only conditions last, and so give a reason to speak"
        yield Problem(f"{path}.speaks", message, "leave it out")
    if not rule.resources:
        yield Problem(f"{path}.resources", "it reads nothing", "name a type")
    for denial in rule.no:
        if not _SAYS[denial] & {*rule.resources}:
            message = f"none of its resources says {quoted(denial)}"
            yield Problem(f"{path}.no", message, "take it out")
    yield from _parts(path, rule)


def _of_kind(path: str, rule: FhirRule, kind: Kind) -> Iterator[Problem]:
    """Whether the reader, and what it gives, are of the kind of the fact."""
    fitting, types = _FITTING.get(rule.reader, ((YesNo, Choice), frozenset()))
    if not isinstance(kind, fitting):
        message = f"{quoted(rule.reader)} does not read such a fact"
        yield Problem(f"{path}.reader", message, "use another reader")
        return
    others = [name for name in rule.resources if types and name not in types]
    if others or (not types and {"Patient", "Observation"} & {*rule.resources}):
        message = f"{quoted(rule.reader)} does not read such resources"
        yield Problem(f"{path}.resources", message, "use others, or another reader")
    if rule.reader == "number" and isinstance(kind, YesNo) is (rule.below is None):
        message = "below makes a yes or no of a number, and belongs to such a fact"
        yield Problem(f"{path}.below", message, "give it there, and nowhere else")
    members = kind.members if isinstance(kind, Choice) else ("yes", "no")
    means = [(f"{path}.answer", each.means) for each in rule.answer]
    if rule.reader in {"present", "taken"} and not rule.open:
        means.append((f"{path}.means", rule.means))
    if rule.uncertain:
        means.append((f"{path}.uncertain", rule.uncertain))
    if rule.reader == "course":
        means.append((f"{path}.current", rule.current))
        means += [(f"{path}.ended", each.means) for each in rule.ended]
    means += [(f"{path}.denials", each) for each in rule.denials]
    for at, word in means:
        if word not in members:
            message = f"{quoted(word)} is no value of {rule.fact}"
            yield Problem(at, message, nearest(word, members))


def _parts(path: str, rule: FhirRule) -> Iterator[Problem]:
    yield from no_repeats(f"{path}.parts", rule.parts)
    if rule.parts and rule.members:
        message = "a fact has parts of its own, or each of its codes is one"
        yield Problem(f"{path}.members", message, "keep parts, or members")
    for code in rule.codes:
        known = (*rule.parts, WHOLE)
        if code.part and not rule.members and code.part not in known:
            message = f"there is no part {quoted(code.part)}"
            yield Problem(f"{path}.codes", message, nearest(code.part, rule.parts))


def _coded(path: str, codes: Iterable[Code], base: Knowledge) -> Iterator[Problem]:
    systems = Home("fhir.toml: system.{}", base.fhir.system)
    names = dict.fromkeys(each.system for each in codes)
    yield from known_names(f"{path}.codes", "system", names, systems)


def _none(path: str, none: NoneKnown, base: Knowledge) -> Iterator[Problem]:
    yield from _coded(path, none.codes, base)
    kinds = base.vocabulary.kinds
    yield from known_names(f"{path}.facts", "fact", none.facts, Home(FACT, kinds))
    for fact in none.facts:
        read = {each for rule in base.fhir.rules_of(fact) for each in rule.resources}
        if fact in kinds and not isinstance(kinds[fact], YesNo):
            yield Problem(f"{path}.facts", f"{fact} is no yes or no", "take it out")
        elif fact in kinds and not read & {*none.resources}:
            message = f"no rule reads {fact} from such resources"
            yield Problem(f"{path}.facts", message, "add one, or take it out")


# -- one code never means two values --

ORDERED = "the option"
"""What the codes of options speak of, as those of facts speak of a fact."""


class _Meaning(NamedTuple):
    """What a code means of one fact, and where that stands."""

    path: str
    fact: str
    means: str
    system: str
    code: str
    prefix: bool = False


def _two_meanings(base: Knowledge) -> Iterator[Problem]:
    """Find the codes that would mean two values of one fact, or two options."""
    known: dict[tuple[str, str, str, bool], _Meaning] = {}
    meanings = sorted(_meanings(base), key=lambda each: not each.prefix)
    for each in meanings:  # what begins codes comes first
        for other in _met(each, known):
            if other.means != each.means:
                message = f"{quoted(each.code)} would mean {quoted(each.means)} and "
                message += quoted(other.means)
                mend = "keep one meaning"
                if other.path != each.path:
                    mend += f", here or at {other.path}"
                yield Problem(each.path, message, mend)
                break
        known.setdefault((each.fact, each.system, each.code, each.prefix), each)


def _met(
    each: _Meaning, known: Mapping[tuple[str, str, str, bool], _Meaning]
) -> Iterator[_Meaning]:
    """What is known of the same code, or of what it begins with."""
    lengths = range(1, len(each.code) + 1)
    keys = [(each.fact, each.system, each.code[:end], True) for end in lengths]
    for key in [*keys, (each.fact, each.system, each.code, False)]:
        if key in known:
            yield known[key]


def _meanings(base: Knowledge) -> Iterator[_Meaning]:
    systems = base.fhir.system
    for rule in base.fhir.rule:
        path = f"fhir.toml: rule.{rule.id}"
        said: list[tuple[Code, str]] = [(each, each.means) for each in rule.answer]
        if not rule.open:
            means = "value" if rule.reader in _OBSERVED else rule.means
            said += [(each, means) for each in rule.codes]
        for code, means in said:
            prefix = isinstance(code, FhirCode) and code.prefix
            uri = systems.get(code.system, "")
            yield _Meaning(path, rule.fact, means, uri, code.code, prefix)
    for none in base.fhir.none_known:
        path = f"fhir.toml: none_known.{none.id}"
        for code in none.codes:
            uri = systems.get(code.system, "")
            for fact in none.facts:
                yield _Meaning(path, fact, "no", uri, code.code)
    yield from _ordered(base)
    for each in base.fhir.clinic:
        about, means = each.fact, each.means
        if each.option:
            about, means = ORDERED, each.option
        for pair in each.pairs:
            yield _Meaning(each.id, about, means, *pair, each.prefix)


def _ordered(base: Knowledge) -> Iterator[_Meaning]:
    """What the codes of options mean where an order has them."""
    systems = base.fhir.system
    for option in base.options.values():
        path = f"options/{option.id}.toml: codes"
        for code in option.codes:
            if code.system in systems:
                uri = systems[code.system]
                yield _Meaning(path, ORDERED, option.id, uri, code.code)
