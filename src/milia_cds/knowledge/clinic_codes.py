"""The codes that a clinic adds in its policy: a list, or a ValueSet in a file.

They only add: each leads to a fact that some rule reads from a record, or to an option
that may be ordered. One that says no is a loosening, and the judgement of the clinic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from milia_cds.case.strict_json import parse_json
from milia_cds.errors import KnowledgeError, Problem, described, nearest, quoted
from milia_cds.knowledge.contents import FilesBeside, stands_beside
from milia_cds.knowledge.fhir import WHOLE, ClinicCode, FhirRule
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.recorded import ABSOLUTE
from milia_cds.logic.facts import Choice, Kind, YesNo

VALUE = "value"
"""Said of the code of an observation whose value is read."""


class ClinicCodes:
    """Reads the codes of a policy, gathering problems.

    Parameters
    ----------
    base
        The knowledge base to which they are added.
    name
        The name of the file of the policy.
    beside
        Gives the value sets that stand beside it.
    problems
        Where problems are added.

    Attributes
    ----------
    contents
        What the files hold that it names, by their names: it counts for the digest.
    """

    def __init__(
        self, base: Knowledge, name: str, beside: FilesBeside, problems: list[Problem]
    ) -> None:
        self.base = base
        self.name = name
        self.beside = beside
        self.problems = problems
        self.contents: dict[str, bytes] = {}

    def read(self, given: Iterable[ClinicCode]) -> tuple[ClinicCode, ...]:
        """The codes with their systems, each in its place in the policy."""
        return tuple(
            self.one(f"{self.name}: fhir.code[{number}]", each)
            for number, each in enumerate(given)
        )

    def one(self, path: str, given: ClinicCode) -> ClinicCode:
        """One entry with its systems, in its place."""
        if given.option or not given.fact:
            self.problems += _of_option(path, given, self.base)
        else:
            self.problems += _of_fact(path, given, self.base)
        if given.valueset:
            pairs = tuple(self.expanded(f"{path}.valueset", given))
        else:
            pairs = tuple((given.system, code) for code in given.codes)
            self.problems += _listed(path, given)
        return attrs.evolve(given, id=path, pairs=tuple(dict.fromkeys(pairs)))

    def problem(self, path: str, message: str, mend: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(path, message, mend))

    # -- value sets --

    def expanded(self, path: str, given: ClinicCode) -> Iterator[tuple[str, str]]:
        """The system and code of each entry of an expanded ValueSet."""
        if given.codes or given.system or given.prefix:
            message = "a value set names its systems and codes itself"
            self.problem(path, message, "leave out system, codes and prefix")
        data = self.value_set(path, given.valueset)
        if data is None:
            return
        expansion = data.get("expansion")
        if not isinstance(expansion, dict):
            mend = "give an expanded ValueSet, as $expand answers it"
            self.problem(path, "it is no expanded ValueSet", mend)
            return
        found = list(self.entries(path, expansion))
        total = expansion.get("total")
        counted = len(found)
        if isinstance(total, int) and total > counted:
            message = f"it has {counted} codes of {total}"
            self.problem(path, message, "give the whole expansion")
        elif not found:
            self.problem(path, "it has no codes", "give an expansion with codes")
        yield from found

    def value_set(self, path: str, name: str) -> Mapping[str, Any] | None:
        """The ValueSet in a file, or `None` where there is none."""
        mend = f"give a file beside {self.name}"
        if not stands_beside(name):
            self.problem(path, f"{quoted(name)} does not stand there", mend)
            return None
        try:
            content = self.beside(name)
        except (OSError, ValueError) as bad:
            said = getattr(bad, "strerror", None) or "it is no name of a file"
            self.problem(path, f"{quoted(name)} cannot be read: {said}", mend)
            return None
        self.contents[name] = content
        try:
            data, found = parse_json(content, KnowledgeError)
            wrong: list[Problem] = found
        except KnowledgeError as bad:
            data, wrong = None, list(bad.problems)
        self.problems += [
            attrs.evolve(each, path=f"{path}, {each.path}") for each in wrong
        ]
        if wrong:
            return None
        if not isinstance(data, dict) or data.get("resourceType") != "ValueSet":
            self.problem(path, f"{quoted(name)} is no ValueSet", "give a ValueSet")
            return None
        return data

    def entries(
        self, path: str, expansion: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        """Each code below an expansion; what is abstract only holds others."""
        ahead = [("expansion", expansion)]
        while ahead:
            place, within = ahead.pop()
            contains = within.get("contains", [])
            if not isinstance(contains, list):
                self.problem(f"{path}, {place}.contains", "it is no list", "give one")
                contains = []
            for number, each in enumerate(contains):
                at = f"{place}.contains[{number}]"
                if not isinstance(each, dict):
                    message = f"{described(each)} is no entry"
                    self.problem(f"{path}, {at}", message, "give an object")
                    continue
                if each.get("abstract") is not True:
                    pair = _pair(each.get("system"), each.get("code"))
                    if pair:
                        yield pair
                    else:
                        message = "it has no system with a code"
                        self.problem(f"{path}, {at}", message, "give both")
                if "contains" in each:
                    ahead.append((at, each))


def _pair(system: object, code: object) -> tuple[str, str] | None:
    """A system and a code; `None` where one of them is none."""
    if not isinstance(system, str) or not isinstance(code, str):
        return None
    return (system, code) if ABSOLUTE.fullmatch(system) and code.strip() else None


def _listed(path: str, given: ClinicCode) -> Iterator[Problem]:
    """What is wrong with a list of codes of one system."""
    if not given.codes:
        mend = "give codes = [...], or valueset = the file of a value set"
        yield Problem(f"{path}.codes", "it has no codes", mend)
    if not ABSOLUTE.fullmatch(given.system):
        message = f"{quoted(given.system)} is no absolute URI"
        mend = 'give the URI of the system, such as "http://snomed.info/sct"'
        yield Problem(f"{path}.system", message, mend)
    for number, code in enumerate(given.codes):
        if not code.strip() or code != code.strip():
            message = f"{quoted(code)} is no code"
            yield Problem(f"{path}.codes[{number}]", message, "give the code alone")


def _of_fact(path: str, given: ClinicCode, base: Knowledge) -> Iterator[Problem]:
    """What is wrong with what the codes are said to mean."""
    kinds, rules = base.vocabulary.kinds, base.fhir.rules_of(given.fact)
    if given.fact not in kinds:
        message = f"there is no fact {quoted(given.fact)}"
        yield Problem(f"{path}.fact", message, nearest(given.fact, kinds))
        return
    taking = [rule for rule in rules if rule.reader not in {"age", "options"}]
    if not taking:
        message = f"no code of a record speaks of {given.fact}"
        mend = "leave it out; it is stated, or asked for"
        yield Problem(f"{path}.fact", message, mend)
        return
    words = _words(kinds[given.fact], taking)
    if given.means not in words:
        message = f"{quoted(given.means)} is nothing that a code can say of it"
        yield Problem(f"{path}.means", message, nearest(given.means, words))
    elif is_no(given, base) and not given.judgement:
        message = "a code that says no loosens what the knowledge asks"
        mend = "add judgement = true if the clinic answers for it"
        yield Problem(f"{path}.judgement", message, mend)
    if given.unit and given.means != VALUE:
        message = "a unit is that of a value"
        yield Problem(f"{path}.unit", message, f'write means = "{VALUE}", or remove it')
    yield from _part(path, given, taking)


def _of_option(path: str, given: ClinicCode, base: Knowledge) -> Iterator[Problem]:
    """What is wrong with codes that are said to be of an option."""
    if bool(given.fact) is bool(given.option):
        mend = "give the fact, or the option"
        yield Problem(f"{path}.fact", "they are of one fact, or of one option", mend)
    elif given.option not in base.options:
        message = f"there is no option {quoted(given.option)}"
        mend = nearest(given.option, base.options)
        yield Problem(f"{path}.option", message, mend)
    for key in ("means", "part", "unit", "judgement"):
        if given.option and getattr(given, key):
            message = "an order by one of the codes means the option, and no more"
            yield Problem(f"{path}.{key}", message, "remove it")


def _part(path: str, given: ClinicCode, rules: Iterable[FhirRule]) -> Iterator[Problem]:
    parts = tuple(dict.fromkeys(part for rule in rules for part in rule.parts))
    known = (*parts, WHOLE)
    if given.part and not parts and not any(rule.members for rule in rules):
        yield Problem(f"{path}.part", "the fact has no parts", "remove it")
    elif given.part and parts and given.part not in known:
        message = f"there is no part {quoted(given.part)}"
        yield Problem(f"{path}.part", message, nearest(given.part, known))


def _words(kind: Kind, rules: Iterable[FhirRule]) -> tuple[str, ...]:
    """What a code of a record can say of a fact."""
    rules = tuple(rules)
    observed = any("Observation" in rule.resources for rule in rules)
    words: tuple[str, ...] = ()
    if isinstance(kind, YesNo):
        words = ("yes", "no")
    elif isinstance(kind, Choice):
        words = kind.members
        if any(rule.reader == "course" for rule in rules):
            words = ("yes",)  # of a drug: when it was taken, its dates say
    return (*words, *([VALUE] if observed else []))


def is_no(given: ClinicCode, base: Knowledge) -> bool:
    """Whether a code says no, or a member that is a kind of no.

    Parameters
    ----------
    given
        A code that a clinic adds.
    base
        The knowledge base to which it is added.
    """
    kind = base.vocabulary.kinds.get(given.fact)
    denials = {name for rule in base.fhir.rules_of(given.fact) for name in rule.denials}
    absent = kind.absent if isinstance(kind, Choice) else None
    return given.means in {"no", *denials, absent}
