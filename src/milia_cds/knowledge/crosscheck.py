"""Cross-checks of a knowledge base: names, members, sources, completeness.

What one record cannot know by itself. Each finding names its file and key, and what it
rests on where something else may be the reason of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from milia_cds.case.days import day_said
from milia_cds.errors import Problem, nearest, quoted
from milia_cds.knowledge.about import Lapse
from milia_cds.knowledge.aliased import aliased
from milia_cds.knowledge.consequences import (
    CRITERION,
    DECISION,
    DESTINATION,
    FACT,
    OPTION,
    SCENARIO,
    SCREEN,
    SECTION,
    SET,
    Dependent,
    Home,
    asked,
    no_such,
)
from milia_cds.knowledge.criteria import Criterion
from milia_cds.knowledge.entries import place_of
from milia_cds.knowledge.laid_out import laid_out
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.named import (
    exact_names,
    has_twice,
    known_names,
    members_of,
    needless,
    no_repeats,
    single_names,
)
from milia_cds.knowledge.options import STANDINGS, Gate, Measure, Option
from milia_cds.knowledge.promised import promised
from milia_cds.knowledge.recorded import recorded
from milia_cds.knowledge.scenarios import Decision, Scenario
from milia_cds.knowledge.tables import read_value
from milia_cds.knowledge.texts import NOT_KNOWN, Call, Consent, Risk, Step
from milia_cds.knowledge.words import FactEntry, Screen
from milia_cds.logic.facts import (
    Choice,
    Kind,
    Members,
    Number,
    Weights,
    YesNo,
    not_a_member,
)

_NO_SECTIONS = frozenset({"section", "role", "screen", "assume_absent", "as_of"})
_ROLES: Mapping[str, tuple[type, bool, str]] = {
    "operator": (Choice, False, "a choice that is no setting"),
    "offers": (Members, True, 'a setting of kind "options"'),
    "weights": (Weights, True, 'a setting of kind "weights"'),
}
"""The kind of fact that each role takes, and whether it is a setting."""
_OPERATOR = "facts.toml: role.operator"

_HIGHEST_LEVEL = 4
_HIGHEST_WEIGHT = 10
_WORST = 5


def cross_check(base: Knowledge, problems: list[Problem]) -> None:
    """Add every problem between the records of a knowledge base, all of them read."""
    problems.extend(
        Problem(each.path, each.message, each.mend) for each in inconsistencies(base)
    )


def inconsistencies(base: Knowledge) -> list[Problem]:
    """Every problem between the records of a knowledge base, with what it rests on."""
    checks = (
        _fact_entries,
        _vocabulary,
        _ids,
        _terms,
        _triage,
        _scenarios,
        _options,
        _measures,
        _texts,
        _plain_versions,
        _criteria,
        laid_out,
        promised,
        aliased,
        recorded,
    )
    found = [problem for check in checks for problem in check(base)]
    return list(dict.fromkeys(found))  # what is shared is reported once


def _fact_entries(base: Knowledge) -> Iterator[Problem]:
    kinds, sections = base.vocabulary.kinds, base.vocabulary.sections
    for name in kinds:
        if name not in base.facts:
            mend = f"add [{name}] with label, questions and screen"
            yield Problem(f"facts.toml: {name}", "the fact has no entry", mend)
    for name, entry in base.facts.items():
        path = f"facts.toml: {name}"
        if name not in kinds:
            yield Problem(path, "there is no such fact", nearest(name, kinds))
            continue
        section = name.partition(".")[0]
        yield from known_names(path, "section", [section], Home(SECTION, sections))
        yield from _fact_entry(path, entry, kinds[name])
        screens = Home(SCREEN, base.screens)
        yield from known_names(f"{path}.screen", "screen", [entry.screen], screens)
        known = Home(FACT, kinds)
        yield from known_names(f"{path}.explains", "fact", entry.explains, known)
        over = [entry.summed_over] if entry.summed_over else []
        yield from known_names(f"{path}.summed_over", "set", over, Home(SET, base.sets))
    used = dict.fromkeys(entry.screen for entry in base.facts.values())
    for name in base.vocabulary.screens:
        if name in base.vocabulary.screened:
            message = f"a section is called {quoted(name)} too"
            mend = "rename it: `assume_absent` names both"
            yield Problem(SCREEN.format(name), message, mend)
    for name in needless(base.screens, used):
        path, message = SCREEN.format(name), "no fact uses the screen"
        yield Dependent(path, message, "remove it", among="facts.toml")


def _fact_entry(path: str, entry: FactEntry, kind: Kind) -> Iterator[Problem]:
    needed: tuple[str, ...] = ()
    if isinstance(kind, YesNo):
        needed = ("yes", "no")
    elif isinstance(kind, Members) and not entry.setting:
        needed = ("has", "lacks")
    for key in needed:
        if not getattr(entry, key):
            yield Problem(f"{path}.{key}", "the key is missing", "add the clause")
    members = kind.members if isinstance(kind, Choice) else ()
    home = Home(f"{path}.members.{{}}", members)
    yield from exact_names(f"{path}.members", "member", entry.members, home)
    yield from known_names(f"{path}.retired", "member", entry.retired, home)
    for place, each in enumerate(entry.settled):
        wrong: list[Problem] = []
        read_value(kind, each.value, f"{path}.settled[{place}].value", wrong)
        yield from wrong
    for key in ("way_out", "pending"):
        if getattr(entry, key) and not isinstance(kind, YesNo):
            message = "only a yes/no fact can have it"
            yield Problem(f"{path}.{key}", message, "remove it")


def _lapse(path: str, lapse: Lapse, kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    kind = kinds.get(lapse.fact)
    if lapse.after_days < 0:
        message = f"{lapse.after_days} is no number of days"
        yield Problem(f"{path}.after_days", message, "give a whole number from 0 on")
    if lapse.fact and not isinstance(kind, Number):
        message = f"{quoted(lapse.fact)} is no number of a case"
        numbers = [name for name, each in kinds.items() if isinstance(each, Number)]
        yield Problem(f"{path}.fact", message, f"use one of {', '.join(numbers)}")
    if bool(lapse.fact) is (lapse.below is None):
        yield Problem(path, "fact and below go together", "give both, or neither")


def _vocabulary(base: Knowledge) -> Iterator[Problem]:
    """Problems of the sections and roles, and of the texts and days of the domain."""
    given = base.vocabulary
    for key in ("domain", "case"):
        if not getattr(given, key).strip():
            yield Problem(f"about.toml: {key}", "it says nothing", "name it in words")
    for key in ("date", "review_by"):
        text = getattr(base.about, key)
        if text and day_said(text) is None:
            mend = 'write the day, as "2027-01-31"'
            yield Problem(f"about.toml: {key}", f"{quoted(text)} is no day", mend)
    for place, lapse in enumerate(base.about.lapse if given.kinds else ()):
        yield from _lapse(f"about.toml: lapse[{place}]", lapse, given.kinds)
    used = [name for name, facts in given.by_section.items() if facts]
    for name in needless(given.sections, used):
        path, mend = SECTION.format(name), "add one, or remove it"
        message = "the section has no facts"
        yield Dependent(path, message, mend, among=FACT.format(name))
    for name in given.sections:
        path = SECTION.format(name)
        if name in _NO_SECTIONS:
            yield Problem(path, "the name means something else here", "choose another")
    for role in _ROLES:
        yield from _role(base, role)


def _ids(base: Knowledge) -> Iterator[Problem]:
    for name, kind in base.vocabulary.kinds.items():
        if isinstance(kind, Members):
            path = f"options/: as members of {name}"
            known = Home(OPTION, kind.members)
            yield from exact_names(path, "option", base.options, known)
        if isinstance(kind, Weights):
            path = f"criteria.toml: as criteria of {name}"
            known = Home(CRITERION, kind.criteria)
            yield from exact_names(path, "criterion", base.criteria, known)


def _role(base: Knowledge, role: str) -> Iterator[Problem]:
    name = getattr(base.vocabulary.roles, role)
    path, kinds = f"facts.toml: role.{role}", base.vocabulary.kinds
    if not name:
        return
    yield from known_names(path, "fact", [name], Home(FACT, kinds))
    kind, setting, wanted = _ROLES[role]
    fits = isinstance(kinds.get(name), kind)
    if name in kinds and not (fits and (name in base.vocabulary.settings) is setting):
        yield Problem(path, f"{name} cannot be that", f"name {wanted}")


def _terms(base: Knowledge) -> Iterator[Problem]:
    choices = [name for name, kind in base.kinds.items() if isinstance(kind, Choice)]
    for name, entry in base.sets.items():
        path = f"terms.toml: set.{name}"
        kind = base.kinds.get(entry.fact)
        if not isinstance(kind, Choice):
            homes = [Home(FACT, choices)] if kind is None else []
            message = f"{quoted(entry.fact)} is no choice"
            mend = nearest(entry.fact, choices)
            yield asked(f"{path}.fact", message, mend, entry.fact, homes)
        else:
            members = members_of(entry.fact, kind)
            yield from known_names(f"{path}.members", "member", entry.members, members)
            yield from no_repeats(f"{path}.members", entry.members)
        if name in base.terms:
            yield Problem(path, "a term has the same name", "rename one of the two")
    for name in base.terms:
        if name in base.kinds:
            path = f"terms.toml: term.{name}"
            yield Problem(path, "a fact has the same name", "rename the term")
    for each in base.contradictions:
        path = f"terms.toml: contradiction.{each.id}"
        facts = (*each.facts, *each.stated)
        yield from known_names(f"{path}.facts", "fact", facts, Home(FACT, base.kinds))
    for name in base.guards:
        path = f"terms.toml: guard.{name}"
        yield from known_names(path, "fact", [name], Home(FACT, base.kinds))
    ids = [each.id for each in base.contradictions]
    yield from no_repeats("terms.toml: contradiction", ids)


def _triage(base: Knowledge) -> Iterator[Problem]:
    if not base.decisions:
        path = "triage.toml: decision"
        yield Dependent(path, "there is no decision", "add one", among=path)
    for name in base.decisions:
        if name in base.scenarios:
            path = f"triage.toml: decision.{name}"
            yield Problem(path, "a scenario has the same id", "rename one of the two")
    for name, decision in base.decisions.items():
        yield from _branches(name, decision, base)


def _branches(name: str, decision: Decision, base: Knowledge) -> Iterator[Problem]:
    last = len(decision.branch) - 1
    for place, branch in enumerate(decision.branch):
        path = f"triage.toml: decision.{name}.branch[{place}]"
        decisions = Home(DECISION, base.decisions)
        homes = (decisions, Home(SCENARIO, base.scenarios))
        yield from known_names(
            f"{path}.to", "decision or scenario", [branch.to], *homes
        )
        if branch.otherwise == bool(branch.when):
            mend = "write when = ..., or otherwise = true on the last branch"
            yield Problem(path, "a branch needs either when or otherwise", mend)
        if branch.otherwise and place < last:
            yield Problem(path, "otherwise is only for the last branch", "move it")
    if last < 1:
        path = f"triage.toml: decision.{name}.branch"
        yield Problem(path, "a decision needs two branches or more", "add one")


def _scenarios(base: Knowledge) -> Iterator[Problem]:
    for name, scenario in base.scenarios.items():
        path = f"scenarios.toml: scenario.{name}"
        yield from _standings(path, scenario, base)
        yield from _actions(path, scenario, base)
        over = [scenario.spreads_over] if scenario.spreads_over else []
        yield from known_names(
            f"{path}.spreads_over", "set", over, Home(SET, base.sets)
        )
        spreads = [scenario.spreads] if scenario.spreads else []
        sections = Home(SECTION, base.vocabulary.sections)
        yield from known_names(f"{path}.spreads", "section", spreads, sections)
        for number, argument in enumerate(scenario.argument):
            at = f"{place_of(argument, f'{path}.argument[{number}]')}.option"
            if at.startswith(path):  # a shared one has been checked
                options = Home(OPTION, base.options)
                yield from known_names(at, "option", [argument.option], options)


def _standings(path: str, scenario: Scenario, base: Knowledge) -> Iterator[Problem]:
    named = [option for each in STANDINGS for option in getattr(scenario, each)]
    yield from no_repeats(path, named)
    yield from exact_names(path, "option", named, Home(OPTION, base.options))


def _actions(path: str, scenario: Scenario, base: Knowledge) -> Iterator[Problem]:
    last = len(scenario.action) - 1
    if last < 0:
        yield Problem(f"{path}.action", "there is no action", "add a last one")
    for number, row in enumerate(scenario.action):
        at = place_of(row, f"{path}.action[{number}]")
        if bool(row.when) == (number == last):
            mend = "give every row a when but the last"
            yield Problem(at, "only the last action stands without when", mend)
        refers = row.act == "refer"
        if refers and not (row.to and row.urgency):
            yield Problem(at, "a referral needs to and urgency", "add both")
        if not refers and (row.to or row.urgency):
            message = "to and urgency belong to a referral"
            yield Problem(at, message, 'write act = "refer", or remove them')
        if row.to:
            known = Home(DESTINATION, base.destinations)
            yield from known_names(f"{at}.to", "destination", [row.to], known)


def _options(base: Knowledge) -> Iterator[Problem]:
    for name, option in base.options.items():
        path = f"options/{name}.toml: "
        yield from _levels(path, option, base)
        yield from _gates(path, option.gate)
        yield from _performers(path, option, base)
        for place, argument in enumerate(option.argument):
            if argument.option:
                at = f"{path}argument[{place}].option"
                message = "the argument already stands in the option's file"
                yield Problem(at, message, "remove the key")


def _performers(
    path: str, owner: Option | Measure, base: Knowledge
) -> Iterator[Problem]:
    roles = base.vocabulary.roles
    kind = base.kinds.get(roles.operator)
    if roles.operator and not isinstance(kind, Choice):
        return  # of which the role says what is wrong
    others = Home("facts.toml: role.performers", roles.performers)
    at = f"{path}performed_by"
    if isinstance(kind, Choice):
        homes = members_of(roles.operator, kind), others
        yield from known_names(at, "operator", owner.performed_by, *homes)
    for each in owner.performed_by if kind is None else ():
        if each not in others.names:
            told, role = no_such(at, "operator", each, [others]), Home(_OPERATOR, ())
            yield asked(at, told.message, told.mend, "operator", [role])


def _levels(path: str, option: Option, base: Knowledge) -> Iterator[Problem]:
    names = [level.criterion for level in option.level]
    yield from no_repeats(f"{path}level", names)
    criteria = Home(CRITERION, base.criteria)
    yield from exact_names(f"{path}level", "criterion", names, criteria)
    for level in option.level:
        given = [("base", level.base)]
        given += [
            (f"modifier[{place}].level", modifier.level)
            for place, modifier in enumerate(level.modifier)
        ]
        for key, value in given:
            if not 0 <= value <= _HIGHEST_LEVEL:
                at = f"{path}level.{level.criterion}.{key}"
                yield Problem(at, f"{value} is no level", "give 0 (worst) to 4 (best)")


def _gates(path: str, gates: tuple[Gate, ...]) -> Iterator[Problem]:
    yield from no_repeats(f"{path}gate", [gate.id for gate in gates if not gate.place])
    for gate in gates:
        at = place_of(gate, f"{path}gate.{gate.id}")
        if bool(gate.when) == gate.always:
            mend = "write when = ..., or always = true"
            yield Problem(at, "a gate needs either when or always", mend)
        if gate.to is not None and gate.kind != "lower":
            yield Problem(f"{at}.to", "only a lower gate has a to", "remove it")


def _texts(base: Knowledge) -> Iterator[Problem]:
    for name, option in base.options.items():
        path = f"options/{name}.toml: "
        for risk in option.risk:
            yield from _risk(f"{path}risk.{risk.id}", risk, base.vocabulary.domain)
        for key in ("risk", "step", "call", "consent"):
            ids = [each.id for each in getattr(option, key)]
            yield from no_repeats(f"{path}{key}", ids)
    yield from _shared("step", base.common_steps, base)
    yield from _shared("call", base.common_calls, base)
    yield from _shared("consent", base.common_consent, base)
    yield from no_repeats("advice.toml: advice", [each.id for each in base.advice])
    for advice in base.advice:
        if advice.kind in {"prevention", "expectation"} and advice.certainty is None:
            path = f"advice.toml: advice.{advice.id}.certainty"
            yield Problem(path, "the key is missing", "say how sure it is")


def _plain_versions(base: Knowledge) -> Iterator[Problem]:
    """Find every text that reaches a patient and has nothing in plain words."""
    for path, entry in _to_patients(base):
        if not entry.plain.strip():
            at = f"{path}plain" if path.endswith(": ") else f"{path}.plain"
            message = "there is no plain version for the patient"
            yield Problem(at, message, 'add plain = "..." in everyday words')
    for path, entry in _questions_to_patients(base):
        if not entry.ask_patient.strip():
            message = "there is no question for the patient"
            yield Problem(f"{path}.ask_patient", message, "add one")


def _questions_to_patients(
    base: Knowledge,
) -> Iterator[tuple[str, FactEntry | Screen | Criterion]]:
    for name, fact in base.facts.items():
        yield f"facts.toml: {name}", fact
    for name, screen in base.screens.items():
        yield f"facts.toml: screen.{name}", screen
    for name, criterion in base.criteria.items():
        yield f"criteria.toml: criterion.{name}", criterion


def _to_patients(base: Knowledge) -> Iterator[tuple[str, Any]]:
    for path, claim in base.sourced():
        if hasattr(claim, "plain"):
            yield path, claim


def _risk(path: str, risk: Risk, domain: str) -> Iterator[Problem]:
    if not 1 <= risk.severity <= _WORST:
        mend = "give 1 (trivial) to 5 (serious or permanent)"
        yield Problem(f"{path}.severity", f"{risk.severity} is no severity", mend)
    bases = (domain, "analogue", "not_known")
    if risk.basis not in bases:
        told = not_a_member(risk.basis, f"{path}.basis", bases)
        home = Home("about.toml: domain", (domain,))
        yield asked(told.path, told.message, told.mend, risk.basis, [home])
    if risk.frequency != NOT_KNOWN and risk.basis == "not_known":
        mend = f"say whether it is from {domain} or an analogue"
        yield Problem(f"{path}.basis", "a frequency has a basis", mend)
    if not risk.frequency.strip() or risk.frequency.strip()[0] == "0":
        mend = f'give a natural frequency, or "{NOT_KNOWN}"'
        yield Problem(f"{path}.frequency", "this is no frequency", mend)


def _shared(
    key: str, entries: Sequence[Step | Call | Consent], base: Knowledge
) -> Iterator[Problem]:
    yield from no_repeats(f"common.toml: {key}", [each.id for each in entries])
    for each in entries:
        path = f"common.toml: {key}.{each.id}.options"
        yield from single_names(path, each.options, base)
        if not each.options:
            yield Problem(path, "no option has it", "name the options that share it")
        twice = [
            option
            for option in each.options
            if option in base.options
            and each.id in {own.id for own in getattr(base.options[option], key)}
        ]
        if twice:
            mend = "rename one, or let one be for fewer"
            yield has_twice(f"common.toml: {key}.{each.id}", twice, each.id, mend)


def _measures(base: Knowledge) -> Iterator[Problem]:
    for name, measure in base.measures.items():
        path = f"measures/{name}.toml: "
        yield from _gates(path, measure.gate)
        yield from _performers(path, measure, base)
        for gate in measure.gate:
            if gate.kind in {"lower", "favour"}:
                at = f"{place_of(gate, f'{path}gate.{gate.id}')}.kind"
                message = "a measure has no standing"
                yield Problem(at, message, "use forbid, caution or note")
        if name in base.options:
            yield Problem(f"{path}id", "an option has the same id", "rename one")


def _criteria(base: Knowledge) -> Iterator[Problem]:
    for name, criterion in base.criteria.items():
        if len(criterion.levels) != _HIGHEST_LEVEL + 1:
            path = f"criteria.toml: criterion.{name}.levels"
            message = f"{len(criterion.levels)} levels, not {_HIGHEST_LEVEL + 1}"
            yield Problem(path, message, "say each level from 0 (worst) to 4 (best)")
        if not 0 <= criterion.weight <= _HIGHEST_WEIGHT:
            path = f"criteria.toml: criterion.{name}.weight"
            mend = "give a whole number from 0 to 10"
            yield Problem(path, f"{criterion.weight} is out of bounds", mend)
    if base.criteria and not any(each.weight for each in base.criteria.values()):
        yield Problem("criteria.toml: criterion", "every weight is 0", "raise one")
