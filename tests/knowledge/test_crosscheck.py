"""Cross-checks: each thing that two records of a knowledge base can have wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs
import pytest

from milia_cds.errors import Problem
from milia_cds.knowledge.about import Lapse
from milia_cds.knowledge.criteria import GridQuestion
from milia_cds.knowledge.crosscheck import cross_check
from milia_cds.knowledge.dangers import Alert
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.promises import Exempt
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.shape import unused
from milia_cds.knowledge.texts import Cell
from milia_cds.knowledge.words import Guard
from milia_cds.logic.facts import Kind, Number, YesNo
from milia_cds.logic.language import parse

Change: TypeAlias = Callable[[Knowledge], Knowledge]


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    return read_knowledge()


def _found(base: Knowledge) -> list[Problem]:
    problems: list[Problem] = []
    cross_check(base, problems)
    return problems


def _with(base: Knowledge, field: str, value: Any) -> Knowledge:
    changes: dict[str, Any] = {field: value}
    return attrs.evolve(base, **changes)


def _set(field: str, name: str, **changes: Any) -> Change:
    """Change one record of a table of the knowledge base."""

    def change(base: Knowledge) -> Knowledge:
        records = getattr(base, field)
        changed = {**records, name: attrs.evolve(records[name], **changes)}
        return _with(base, field, changed)

    return change


def _screens(**screens: tuple[str, ...]) -> Change:
    """Change which questions may be assumed absent."""

    def change(base: Knowledge) -> Knowledge:
        vocabulary = attrs.evolve(base.vocabulary, screens=screens)
        return _with(base, "vocabulary", vocabulary)

    return change


def _lapse(**keys: Any) -> Change:
    """Change after how many days a case is old."""

    def change(base: Knowledge) -> Knowledge:
        about = attrs.evolve(base.about, lapse=(Lapse(**keys),))
        return _with(base, "about", about)

    return change


def _row(field: str, name: str, rows: str, place: int, **changes: Any) -> Change:
    """Change one row of one record, of those that it shares with no other."""

    def change(base: Knowledge) -> Knowledge:
        found = list(getattr(getattr(base, field)[name], rows))
        own = [n for n, row in enumerate(found) if not getattr(row, "place", "")]
        found[own[place]] = attrs.evolve(found[own[place]], **changes)
        return _set(field, name, **{rows: tuple(found)})(base)

    return change


def _copied(field: str, name: str, new: str, **changes: Any) -> Change:
    """Add a copy of a record under another name."""

    def change(base: Knowledge) -> Knowledge:
        records = getattr(base, field)
        added = {**records, new: attrs.evolve(records[name], **changes)}
        return _with(base, field, added)

    return change


def _dropped(field: str, name: str) -> Change:
    """Leave out one record."""

    def change(base: Knowledge) -> Knowledge:
        kept = {key: each for key, each in getattr(base, field).items() if key != name}
        return _with(base, field, kept)

    return change


def _first(field: str, **changes: Any) -> Change:
    """Change the first of a row of records of the knowledge base."""

    def change(base: Knowledge) -> Knowledge:
        first, *rest = getattr(base, field)
        return _with(base, field, (attrs.evolve(first, **changes), *rest))

    return change


def _twice(field: str) -> Change:
    def change(base: Knowledge) -> Knowledge:
        rows = getattr(base, field)
        return _with(base, field, (*rows, rows[0]))

    return change


def _doubled(field: str) -> Change:
    """Let the first of a row of records stand twice, named "spare"."""

    def change(base: Knowledge) -> Knowledge:
        return _twice(field)(_first(field, id="spare")(base))

    return change


def _repeated(option: str, rows: str) -> Change:
    """Let the first of the rows of an option stand twice, named "spare"."""

    def change(base: Knowledge) -> Knowledge:
        first, *rest = getattr(base.options[option], rows)
        first = attrs.evolve(first, id="spare")
        return _set("options", option, **{rows: (first, first, *rest)})(base)

    return change


NOTHING: dict[str, Any] = {"options": (), "measures": (), "never_when": ""}


def _acts(alerts: Mapping[str, Alert] | None = None, **fields: Any) -> Change:
    """Let the first guarantee be one of an action, with other fields."""
    given = {**NOTHING, "when": "infant", "action": "refer", **fields}

    def change(base: Knowledge) -> Knowledge:
        known = base.alerts if alerts is None else alerts
        return attrs.evolve(_first("guarantees", **given)(base), alerts=known)

    return change


def _binds(**fields: Any) -> Change:
    """Let the first guarantee be an order of harm, with other fields."""
    given = {"gentler": "extraction", "binds": ("cryotherapy",), **fields}
    return _first("guarantees", **{**NOTHING, **given})


def _exempt(**fields: Any) -> Exempt:
    exempt = Exempt(gate="not_tolerated", options=("cryotherapy",), reason="So.")
    return attrs.evolve(exempt, **fields)


CRITERIA = (
    "clearance, speed, visits, downtime, comfort, pigment, scarring, cost, evidence"
)
CLAIM = "the claim has no source and is no judgement"
CITE = "add sources = [...], or judgement = true"
UNSOURCED: dict[str, Any] = {"sources": (), "judgement": False}
FORM = "this is no form of a guarantee"
WRITE = (
    "write options or measures with never_when, when with action or alert, or gentler "
    "with binds"
)
EITHER = "write when = ..., or otherwise = true on the last branch"

PLAIN = "there is no plain version for the patient"
PUT = 'add plain = "..." in everyday words'

WRONG: dict[str, tuple[Change, str, str, str]] = {
    # plain versions
    "an option has no plain version": (
        _set("options", "extraction", plain=" "),
        "options/extraction.toml: plain",
        PLAIN,
        PUT,
    ),
    "a gate has no plain version": (
        _row("options", "extraction", "gate", 0, plain=""),
        "options/extraction.toml: gate.not_tolerated.plain",
        PLAIN,
        PUT,
    ),
    "a gate of a measure has no plain version": (
        _row("measures", "topical_anaesthetic", "gate", 0, plain=""),
        "measures/topical_anaesthetic.toml: gate.near_eye.plain",
        PLAIN,
        PUT,
    ),
    "a risk has no plain version": (
        _row("options", "extraction", "risk", 0, plain=""),
        "options/extraction.toml: risk.redness_and_bleeding.plain",
        PLAIN,
        PUT,
    ),
    "a step has no plain version": (
        _row("options", "extraction", "step", 0, plain=""),
        "options/extraction.toml: step.clean_and_magnify.plain",
        PLAIN,
        PUT,
    ),
    "a call has no plain version": (
        _row("options", "extraction", "call", 0, plain="\n"),
        "options/extraction.toml: call.lid_swelling.plain",
        PLAIN,
        PUT,
    ),
    "a scenario has no plain version": (
        _set("scenarios", "newborn", plain=""),
        "scenarios.toml: scenario.newborn.plain",
        PLAIN,
        PUT,
    ),
    "a shared step has no plain version": (
        lambda base: _with(
            base,
            "common_steps",
            (attrs.evolve(base.common_steps[0], plain=""), *base.common_steps[1:]),
        ),
        "common.toml: step.consent.plain",
        PLAIN,
        PUT,
    ),
    "advice has no plain version": (
        lambda base: _with(
            base, "advice", (attrs.evolve(base.advice[0], plain=""), *base.advice[1:])
        ),
        "advice.toml: advice.what_milia_are.plain",
        PLAIN,
        PUT,
    ),
    "a fact has no question for the patient": (
        _set("facts", "findings.itchy", ask_patient=""),
        "facts.toml: findings.itchy.ask_patient",
        "there is no question for the patient",
        "add one",
    ),
    # facts
    "a fact has no entry": (
        _dropped("facts", "lesion.count"),
        "facts.toml: lesion.count",
        "the fact has no entry",
        "add [lesion.count] with label, questions and screen",
    ),
    "an entry is of no fact": (
        _copied("facts", "lesion.count", "lesion.cuont"),
        "facts.toml: lesion.cuont",
        "there is no such fact",
        'did you mean "lesion.count"?',
    ),
    "an entry is in an unknown screen": (
        _set("facts", "findings.itchy", screen="itch_and_onest"),
        "facts.toml: findings.itchy.screen",
        'there is no screen "itch_and_onest"',
        'did you mean "itch_and_onset"?',
    ),
    "a screen is used by no fact": (
        _copied("screens", "age", "spare"),
        "facts.toml: screen.spare",
        "no fact uses the screen",
        "remove it",
    ),
    "a screen and a section may be assumed absent by one name": (
        _screens(findings=("findings.itchy",)),
        "facts.toml: screen.findings",
        'a section is called "findings" too',
        "rename it: `assume_absent` names both",
    ),
    "a case is old after fewer than no days": (
        _lapse(after_days=-1),
        "about.toml: lapse[0].after_days",
        "-1 is no number of days",
        "give a whole number from 0 on",
    ),
    "a case is old by what is no number": (
        _lapse(after_days=1, fact="patient.preterm", below=1),
        "about.toml: lapse[0].fact",
        '"patient.preterm" is no number of a case',
        (
            "use one of patient.age_years, patient.phototype, lesion.count, "
            "lesion.size_mm, lesion.duration_weeks, history.inr"
        ),
    ),
    "a case is old by a number without a limit": (
        _lapse(after_days=1, fact="patient.age_years"),
        "about.toml: lapse[0]",
        "fact and below go together",
        "give both, or neither",
    ),
    "a yes/no fact has no clause for no": (
        _set("facts", "findings.itchy", no=""),
        "facts.toml: findings.itchy.no",
        "the key is missing",
        "add the clause",
    ),
    "a yes/no fact has no clause for yes": (
        _set("facts", "findings.itchy", yes=""),
        "facts.toml: findings.itchy.yes",
        "the key is missing",
        "add the clause",
    ),
    "a set fact has no clause for a member": (
        _set("facts", "history.failed", has=""),
        "facts.toml: history.failed.has",
        "the key is missing",
        "add the clause",
    ),
    "a set fact has no clause for a missing member": (
        _set("facts", "history.failed", lacks=""),
        "facts.toml: history.failed.lacks",
        "the key is missing",
        "add the clause",
    ),
    "a member of a choice has no label": (
        _set("facts", "lesion.origin", members={"primary": "primary"}),
        "facts.toml: lesion.origin.members",
        'the member "secondary" is missing',
        "add it",
    ),
    "a yes/no fact has members": (
        _set("facts", "findings.itchy", members={"very": "very"}),
        "facts.toml: findings.itchy.members",
        'there is no member "very"',
        "there is none",
    ),
    # terms
    "a set is of an unknown fact": (
        _set("sets", "ear_sites", fact="lesion.sight"),
        "terms.toml: set.ear_sites.fact",
        '"lesion.sight" is no choice',
        'did you mean "lesion.site"?',
    ),
    "a set is of a number": (
        _set("sets", "ear_sites", fact="lesion.count"),
        "terms.toml: set.ear_sites.fact",
        '"lesion.count" is no choice',
        'did you mean "lesion.cause"?',
    ),
    "a set has a misspelt member": (
        _set("sets", "ear_sites", members=("eer", "periauricular")),
        "terms.toml: set.ear_sites.members",
        'there is no member "eer"',
        'did you mean "ear"?',
    ),
    "a set has a member twice": (
        _set("sets", "ear_sites", members=("ear", "periauricular", "ear")),
        "terms.toml: set.ear_sites.members",
        '"ear" stands there 2 times',
        "keep one",
    ),
    "a set has the name of a term": (
        _copied("sets", "ear_sites", "infant"),
        "terms.toml: set.infant",
        "a term has the same name",
        "rename one of the two",
    ),
    "a term has the name of a fact": (
        _copied("terms", "infant", "findings.itchy"),
        "terms.toml: term.findings.itchy",
        "a fact has the same name",
        "rename the term",
    ),
    "a contradiction names an unknown fact": (
        _first("contradictions", facts=("lesion.orgin", "lesion.cause")),
        "terms.toml: contradiction.primary_with_cause.facts",
        'there is no fact "lesion.orgin"',
        'did you mean "lesion.origin"?',
    ),
    "a contradiction asks for an unknown fact": (
        _first("contradictions", stated=("lesion.case",)),
        "terms.toml: contradiction.primary_with_cause.facts",
        'there is no fact "lesion.case"',
        'did you mean "lesion.cause"?',
    ),
    "a contradiction stands twice": (
        _twice("contradictions"),
        "terms.toml: contradiction",
        '"primary_with_cause" stands there 2 times',
        "keep one",
    ),
    "a guard is of an unknown fact": (
        _copied("guards", "lesion.cause", "lesion.case"),
        "terms.toml: guard.lesion.case",
        'there is no fact "lesion.case"',
        'did you mean "lesion.cause"?',
    ),
    # triage
    "a decision has the id of a scenario": (
        _copied("decisions", "sure", "tattoo"),
        "triage.toml: decision.tattoo",
        "a scenario has the same id",
        "rename one of the two",
    ),
    "a branch leads nowhere": (
        _row("decisions", "sure", "branch", 0, to="diseese"),
        "triage.toml: decision.sure.branch[0].to",
        'there is no decision or scenario "diseese"',
        'did you mean "disease"?',
    ),
    "a branch has neither when nor otherwise": (
        _row("decisions", "sure", "branch", 1, when=""),
        "triage.toml: decision.sure.branch[1]",
        "a branch needs either when or otherwise",
        EITHER,
    ),
    "a branch has both when and otherwise": (
        _row("decisions", "sure", "branch", 1, otherwise=True),
        "triage.toml: decision.sure.branch[1]",
        "a branch needs either when or otherwise",
        EITHER,
    ),
    "otherwise stands before the last branch": (
        _row("decisions", "sure", "branch", 0, when="", otherwise=True),
        "triage.toml: decision.sure.branch[0]",
        "otherwise is only for the last branch",
        "move it",
    ),
    # scenarios
    "an option is missing in a scenario": (
        _set("scenarios", "newborn", limited=()),
        "scenarios.toml: scenario.newborn",
        'the option "gentle_cleansing" is missing',
        "add it",
    ),
    "a scenario has a misspelt option": (
        _set("scenarios", "newborn", first_line=("observation", "gentle_cleanse")),
        "scenarios.toml: scenario.newborn",
        'there is no option "gentle_cleanse"',
        'did you mean "gentle_cleansing"?',
    ),
    "an option stands twice in a scenario": (
        _set("scenarios", "newborn", reasonable=("observation",)),
        "scenarios.toml: scenario.newborn",
        '"observation" stands there 2 times',
        "keep one",
    ),
    "a scenario has no action": (
        _set("scenarios", "newborn", action=()),
        "scenarios.toml: scenario.newborn.action",
        "there is no action",
        "add a last one",
    ),
    "the last action has a when": (
        _row("scenarios", "porphyria", "action", 1, when="infant"),
        "scenarios.toml: scenario.porphyria.action[1]",
        "only the last action stands without when",
        "give every row a when but the last",
    ),
    "an action before the last has no when": (
        _row("scenarios", "porphyria", "action", 0, when=""),
        "scenarios.toml: scenario.porphyria.action[0]",
        "only the last action stands without when",
        "give every row a when but the last",
    ),
    "a referral says no urgency": (
        _row("scenarios", "porphyria", "action", 0, urgency=None),
        "scenarios.toml: scenario.porphyria.action[0]",
        "a referral needs to and urgency",
        "add both",
    ),
    "a referral says no destination": (
        _row("scenarios", "porphyria", "action", 0, to=None),
        "scenarios.toml: scenario.porphyria.action[0]",
        "a referral needs to and urgency",
        "add both",
    ),
    "a referral goes to an unknown destination": (
        _row("scenarios", "porphyria", "action", 0, to="dermatolgy"),
        "scenarios.toml: scenario.porphyria.action[0].to",
        'there is no destination "dermatolgy"',
        'did you mean "dermatology"?',
    ),
    "what is no referral says where to go": (
        _row("scenarios", "porphyria", "action", 1, to="dermatology"),
        "scenarios.toml: scenario.porphyria.action[1]",
        "to and urgency belong to a referral",
        'write act = "refer", or remove them',
    ),
    "what is no referral says how urgent it is": (
        _row("scenarios", "porphyria", "action", 1, urgency="soon"),
        "scenarios.toml: scenario.porphyria.action[1]",
        "to and urgency belong to a referral",
        'write act = "refer", or remove them',
    ),
    "an argument is about an unknown option": (
        _row("scenarios", "newborn", "argument", 0, option="observaton"),
        "scenarios.toml: scenario.newborn.argument[0].option",
        'there is no option "observaton"',
        'did you mean "observation"?',
    ),
    # options
    "a level is of an unknown criterion": (
        _row("options", "steaming", "level", 0, criterion="claerance"),
        "options/steaming.toml: level",
        'there is no criterion "claerance"',
        'did you mean "clearance"?',
    ),
    "a level is missing": (
        lambda base: _set(
            "options", "steaming", level=base.options["steaming"].level[1:]
        )(base),
        "options/steaming.toml: level",
        'the criterion "clearance" is missing',
        "add it",
    ),
    "a level stands twice": (
        _row("options", "steaming", "level", 0, criterion="speed"),
        "options/steaming.toml: level",
        '"speed" stands there 2 times',
        "keep one",
    ),
    "a level is above the scale": (
        _row("options", "steaming", "level", 0, base=5),
        "options/steaming.toml: level.clearance.base",
        "5 is no level",
        "give 0 (worst) to 4 (best)",
    ),
    "a level is below the scale": (
        _row("options", "steaming", "level", 0, base=-1),
        "options/steaming.toml: level.clearance.base",
        "-1 is no level",
        "give 0 (worst) to 4 (best)",
    ),
    "an argument of an option names an option": (
        _row("options", "observation", "argument", 0, option="steaming"),
        "options/observation.toml: argument[0].option",
        "the argument already stands in the option's file",
        "remove the key",
    ),
    "an option is performed by nobody known": (
        _set("options", "steaming", performed_by=("patiant",)),
        "options/steaming.toml: performed_by",
        'there is no operator "patiant"',
        'did you mean "patient"?',
    ),
    "a gate stands twice": (
        _row("options", "extraction", "gate", 0, id="scope_law"),
        "options/extraction.toml: gate",
        '"scope_law" stands there 2 times',
        "keep one",
    ),
    "a gate has neither when nor always": (
        _row("options", "steaming", "gate", 0, when=""),
        "options/steaming.toml: gate.under_18",
        "a gate needs either when or always",
        "write when = ..., or always = true",
    ),
    "a gate has both when and always": (
        _row("options", "steaming", "gate", 0, always=True),
        "options/steaming.toml: gate.under_18",
        "a gate needs either when or always",
        "write when = ..., or always = true",
    ),
    "a gate that forbids has a standing": (
        _row("options", "steaming", "gate", 0, to="limited"),
        "options/steaming.toml: gate.under_18.to",
        "only a lower gate has a to",
        "remove it",
    ),
    # measures
    "a measure is lowered": (
        _row("measures", "topical_anaesthetic", "gate", 0, kind="lower"),
        "measures/topical_anaesthetic.toml: gate.near_eye.kind",
        "a measure has no standing",
        "use forbid, caution or note",
    ),
    "a measure is favoured": (
        _row("measures", "topical_anaesthetic", "gate", 0, kind="favour"),
        "measures/topical_anaesthetic.toml: gate.near_eye.kind",
        "a measure has no standing",
        "use forbid, caution or note",
    ),
    "a gate of a measure stands twice": (
        _row("measures", "topical_anaesthetic", "gate", 1, id="near_eye"),
        "measures/topical_anaesthetic.toml: gate",
        '"near_eye" stands there 2 times',
        "keep one",
    ),
    "a measure has the id of an option": (
        _copied("measures", "topical_anaesthetic", "steaming"),
        "measures/steaming.toml: id",
        "an option has the same id",
        "rename one",
    ),
    # risks, steps, calls and advice
    "a risk is graver than the scale": (
        _row("options", "extraction", "risk", 0, id="spare", severity=6),
        "options/extraction.toml: risk.spare.severity",
        "6 is no severity",
        "give 1 (trivial) to 5 (serious or permanent)",
    ),
    "a risk is slighter than the scale": (
        _row("options", "extraction", "risk", 0, id="spare", severity=0),
        "options/extraction.toml: risk.spare.severity",
        "0 is no severity",
        "give 1 (trivial) to 5 (serious or permanent)",
    ),
    "a frequency has no basis": (
        _row(
            "options",
            "extraction",
            "risk",
            0,
            id="spare",
            frequency="3 of 100",
            basis="not_known",
        ),
        "options/extraction.toml: risk.spare.basis",
        "a frequency has a basis",
        "say whether it is from milia or an analogue",
    ),
    "a frequency is empty": (
        _row("options", "extraction", "risk", 0, id="spare", frequency=" "),
        "options/extraction.toml: risk.spare.frequency",
        "this is no frequency",
        'give a natural frequency, or "not known"',
    ),
    "a frequency is none": (
        _row("options", "extraction", "risk", 0, id="spare", frequency="0 of 90"),
        "options/extraction.toml: risk.spare.frequency",
        "this is no frequency",
        'give a natural frequency, or "not known"',
    ),
    **{
        f"a {key} of an option stands twice": (
            _repeated("extraction", key),
            f"options/extraction.toml: {key}",
            '"spare" stands there 2 times',
            "keep one",
        )
        for key in ("risk", "step", "call")
    },
    **{
        f"a shared {key} is of an unknown option": (
            _first(f"common_{key}s", id="spare", options=("extractoin",)),
            f"common.toml: {key}.spare.options",
            'there is no option or group "extractoin"',
            'did you mean "extraction"?',
        )
        for key in ("step", "call")
    },
    **{
        f"a shared {key} is of no option": (
            _first(f"common_{key}s", id="spare", options=()),
            f"common.toml: {key}.spare.options",
            "no option has it",
            "name the options that share it",
        )
        for key in ("step", "call")
    },
    **{
        f"a row of {table} stands twice": (
            _doubled(field),
            table,
            '"spare" stands there 2 times',
            "keep one",
        )
        for field, table in (
            ("common_steps", "common.toml: step"),
            ("common_calls", "common.toml: call"),
            ("advice", "advice.toml: advice"),
        )
    },
    **{
        f"advice on {kind} does not say how sure it is": (
            _first("advice", id="spare", kind=kind, certainty=None),
            "advice.toml: advice.spare.certainty",
            "the key is missing",
            "say how sure it is",
        )
        for kind in ("prevention", "expectation")
    },
    # criteria
    "a weight is above the bounds": (
        _set("criteria", "cost", weight=11),
        "criteria.toml: criterion.cost.weight",
        "11 is out of bounds",
        "give a whole number from 0 to 10",
    ),
    "a weight is below the bounds": (
        _set("criteria", "cost", weight=-1),
        "criteria.toml: criterion.cost.weight",
        "-1 is out of bounds",
        "give a whole number from 0 to 10",
    ),
    # the grid
    "a note is about no option": (
        _first("grid_notes", options=("extracton",)),
        "criteria.toml: grid_note[0].options",
        'there is no option or group "extracton"',
        'did you mean "extraction"?',
    ),
    "a cell answers no question": (
        lambda base: _set(
            "options", "extraction", cell=(Cell(row="soons", plain="Now."),)
        )(_with(base, "grid", {"soon": GridQuestion(id="soon", ask="How soon?")})),
        "options/extraction.toml: cell[0].row",
        'there is no question of the grid "soons"',
        'did you mean "soon"?',
    ),
    "a question has no criterion to answer it": (
        lambda base: _with(
            base, "grid", {"x": GridQuestion(id="x", ask="X?", criterion="price")}
        ),
        "criteria.toml: grid.x.criterion",
        'there is no criterion "price"',
        f"use one of {CRITERIA}",
    ),
    # the figure
    "a figure is of no fact": (
        lambda base: _with(base, "figure_of", "lesion.sight"),
        "figure.toml: fact",
        'there is no fact "lesion.sight"',
        'did you mean "lesion.site"?',
    ),
    "a figure is of no choice": (
        lambda base: _with(base, "figure_of", "lesion.count"),
        "figure.toml: fact",
        '"lesion.count" is no choice',
        "name a choice",
    ),
    "a mark is no member": (
        _copied("marks", "cheek", "cheeks"),
        "figure.toml: mark",
        'there is no member "cheeks"',
        'did you mean "cheek"?',
    ),
    "a mark is on no outline": (
        _set("marks", "cheek", outline="fase"),
        "figure.toml: mark.cheek.outline",
        'there is no outline "fase"',
        'did you mean "face"?',
    ),
    "a mark is nowhere": (
        _set("marks", "cheek", at=()),
        "figure.toml: mark.cheek.at",
        "it is marked nowhere",
        "give at least one point, such as [[10, 20]]",
    ),
    "a mark has no size": (
        _set("marks", "cheek", size=0.0),
        "figure.toml: mark.cheek.size",
        "0 is out of bounds",
        "give a number above 0",
    ),
    "a point leaves its outline": (
        _set("marks", "cheek", at=((10.0, 20.0), (300.0, 20.0))),
        "figure.toml: mark.cheek.at[1]",
        "[300.0, 20.0] is no point of the outline",
        "give two numbers, up to 200 and 260",
    ),
    "a point has one number": (
        _set("marks", "cheek", at=((10.0,),)),
        "figure.toml: mark.cheek.at[0]",
        "[10.0] is no point of the outline",
        "give two numbers, up to 200 and 260",
    ),
    "an outline is no path": (
        _set("outlines", "face", lines=("M1 2<script>",)),
        "figure.toml: outline.face.lines[0]",
        "it is no path",
        "write commands and numbers, such as M10 10L20 20",
    ),
    "an outline has no size": (
        _set("outlines", "face", width=0.0),
        "figure.toml: outline.face.width",
        "0 is out of bounds",
        "give a number above 0",
    ),
    "an outline has no mark": (
        _copied("outlines", "face", "profile"),
        "figure.toml: outline.profile",
        "nothing is marked on it",
        "mark something on it, or remove it",
    ),
    "a criterion is not one of the vocabulary": (
        _copied("criteria", "cost", "price"),
        "criteria.toml: as criteria of goals.weights",
        'there is no criterion "price"',
        f"use one of {CRITERIA}",
    ),
    # guarantees
    "a guarantee is about an unknown option": (
        _first("guarantees", options=("steamin",)),
        "guarantees.toml: guarantee.G01a.options",
        'there is no option or group "steamin"',
        'did you mean "steaming"?',
    ),
    "a guarantee is about an unknown measure": (
        _first("guarantees", measures=("topical",)),
        "guarantees.toml: guarantee.G01a.measures",
        'there is no measure "topical"',
        "use one of lidocaine_infiltration, topical_anaesthetic",
    ),
    "a guarantee is about nothing": (
        _first("guarantees", options=(), measures=()),
        "guarantees.toml: guarantee.G01a",
        FORM,
        WRITE,
    ),
    "a guarantee says never, but not when": (
        _first("guarantees", never_when=""),
        "guarantees.toml: guarantee.G01a",
        FORM,
        WRITE,
    ),
    "a guarantee has both forms": (
        _first("guarantees", when="infant", action="refer"),
        "guarantees.toml: guarantee.G01a",
        FORM,
        WRITE,
    ),
    "a guarantee says when, but not what then": (
        _first("guarantees", options=(), never_when="", when="infant"),
        "guarantees.toml: guarantee.G01a",
        FORM,
        WRITE,
    ),
    "a guarantee says how soon, but of no referral": (
        _first("guarantees", urgency="soon"),
        "guarantees.toml: guarantee.G01a",
        "an urgency belongs to a referral or an alert",
        'write action = "refer" or alert, or remove it',
    ),
    "a guarantee says where to, but of no referral": (
        _acts(action="observe", to="dermatology"),
        "guarantees.toml: guarantee.G01a",
        "to belongs to a referral",
        'write action = "refer", or remove it',
    ),
    "a guarantee says how soon in two ways": (
        _acts(urgency="soon", urgency_at_least="routine"),
        "guarantees.toml: guarantee.G01a",
        "urgency and urgency_at_least both stand there",
        "keep one of the two",
    ),
    "a guarantee refers nowhere": (
        _acts(to="dermatologie"),
        "guarantees.toml: guarantee.G01a.to",
        'there is no destination "dermatologie"',
        'did you mean "dermatology"?',
    ),
    "a guarantee is about an unknown alert": (
        _acts(action=None, alert="none", alerts={}),
        "guarantees.toml: guarantee.G01a.alert",
        'there is no alert "none"',
        "there is none",
    ),
    "an order of harm begins with an unknown option": (
        _binds(gentler="extracton"),
        "guarantees.toml: guarantee.G01a.gentler",
        'there is no option "extracton"',
        'did you mean "extraction"?',
    ),
    "an order of harm binds an unknown option": (
        _binds(binds=("cryotherpy",)),
        "guarantees.toml: guarantee.G01a.binds",
        'there is no option or group "cryotherpy"',
        'did you mean "cryotherapy"?',
    ),
    "an order of harm binds the gentler option": (
        _binds(binds=("extraction",)),
        "guarantees.toml: guarantee.G01a.binds",
        "extraction cannot bind itself",
        "name the harsher ones alone",
    ),
    "an exception is of an unknown gate": (
        _binds(except_=(_exempt(gate="not_tolerate"),)),
        "guarantees.toml: guarantee.G01a.except[0].gate",
        'there is no gate "not_tolerate"',
        'did you mean "not_tolerated"?',
    ),
    "an exception is for no option": (
        _binds(except_=(_exempt(options=()),)),
        "guarantees.toml: guarantee.G01a.except[0].options",
        "no option is named",
        "name some that it does not bind",
    ),
    "an exception has no reason": (
        _binds(except_=(_exempt(reason=" "),)),
        "guarantees.toml: guarantee.G01a.except[0].reason",
        "there is no reason",
        "say why",
    ),
    "a guarantee stands twice": (
        _twice("guarantees"),
        "guarantees.toml: guarantee",
        '"G01a" stands there 2 times',
        "keep one",
    ),
    "a promise has the id of a guarantee": (
        _first("promises", id="G01a"),
        "guarantees.toml: guarantee",
        '"G01a" stands there 2 times',
        "keep one",
    ),
    # claims
    **{
        f"{path} claims without a source": (change, path, CLAIM, CITE)
        for path, change in {
            "terms.toml: set.ear_sites": _set("sets", "ear_sites", **UNSOURCED),
            "terms.toml: term.infant": _set("terms", "infant", **UNSOURCED),
            "terms.toml: contradiction.primary_with_cause": _first(
                "contradictions", **UNSOURCED
            ),
            "triage.toml: decision.sure": _set("decisions", "sure", **UNSOURCED),
            "scenarios.toml: destination.genetics": _set(
                "destinations", "genetics", **UNSOURCED
            ),
            "scenarios.toml: scenario.newborn": _set(
                "scenarios", "newborn", **UNSOURCED
            ),
            "scenarios.toml: scenario.porphyria.action[1]": _row(
                "scenarios", "porphyria", "action", 1, **UNSOURCED
            ),
            "scenarios.toml: scenario.newborn.argument[2]": _row(
                "scenarios", "newborn", "argument", 2, **UNSOURCED
            ),
            "criteria.toml: criterion.cost": _set("criteria", "cost", **UNSOURCED),
            "measures/topical_anaesthetic.toml": _set(
                "measures", "topical_anaesthetic", **UNSOURCED
            ),
            "measures/topical_anaesthetic.toml: gate.near_eye": _row(
                "measures", "topical_anaesthetic", "gate", 0, **UNSOURCED
            ),
            "options/observation.toml": _set("options", "observation", **UNSOURCED),
            "common.toml: step.spare": _first("common_steps", id="spare", **UNSOURCED),
            "common.toml: call.spare": _first("common_calls", id="spare", **UNSOURCED),
            "advice.toml: advice.spare": _first("advice", id="spare", **UNSOURCED),
            **{
                f"options/extraction.toml: {key}.spare": _row(
                    "options", "extraction", key, 0, id="spare", **UNSOURCED
                )
                for key in ("risk", "step", "call")
            },
            "options/steaming.toml: gate.under_18": _row(
                "options", "steaming", "gate", 0, **UNSOURCED
            ),
            "options/observation.toml: argument[1]": _row(
                "options", "observation", "argument", 1, **UNSOURCED
            ),
            "options/observation.toml: level.clearance": _row(
                "options", "observation", "level", 0, **UNSOURCED
            ),
        }.items()
    },
    "a claim cites an unknown source": (
        _set("terms", "infant", sources=("E0001",)),
        "terms.toml: term.infant.sources",
        'there is no source "E0001"',
        'did you mean "E001"?',
    ),
    "an option cites an unknown source": (
        _set("options", "steaming", sources=("E0001",)),
        "options/steaming.toml: sources",
        'there is no source "E0001"',
        'did you mean "E001"?',
    ),
}


@pytest.mark.parametrize("claim", WRONG)
def test_what_is_wrong_is_found_with_its_place(shipped: Knowledge, claim: str) -> None:
    change, path, message, mend = WRONG[claim]
    assert Problem(path, message, mend) in _found(change(shipped))


def test_nothing_is_wrong_with_the_shipped_knowledge(shipped: Knowledge) -> None:
    assert _found(shipped) == []


def test_a_single_mistake_is_one_problem(shipped: Knowledge) -> None:
    change, path, message, mend = WRONG["a referral goes to an unknown destination"]
    assert _found(change(shipped)) == [Problem(path, message, mend)]


def test_all_problems_are_found_at_once(shipped: Knowledge) -> None:
    claims = ("a weight is above the bounds", "a level is above the scale")
    base = shipped
    for claim in claims:
        base = WRONG[claim][0](base)
    found = [Problem(*WRONG[claim][1:]) for claim in reversed(claims)]
    assert _found(base) == found


def test_a_decision_needs_two_branches(shipped: Knowledge) -> None:
    branches = shipped.decisions["sure"].branch[:1]
    assert Problem(
        "triage.toml: decision.sure.branch",
        "a decision needs two branches or more",
        "add one",
    ) in _found(_set("decisions", "sure", branch=branches)(shipped))


def test_a_triage_needs_a_decision(shipped: Knowledge) -> None:
    assert _found(attrs.evolve(shipped, decisions={})) == [
        Problem("triage.toml: decision", "there is no decision", "add one")
    ]


def test_an_option_file_must_match_the_vocabulary(shipped: Knowledge) -> None:
    found = _found(_dropped("options", "steaming")(shipped))
    for fact in ("history.failed", "history.not_tolerated", "clinic.offers"):
        path = f"options/: as members of {fact}"
        assert Problem(path, 'the option "steaming" is missing', "add it") in found


def test_some_weight_must_count(shipped: Knowledge) -> None:
    none = {
        name: attrs.evolve(criterion, weight=0)
        for name, criterion in shipped.criteria.items()
    }
    assert _found(attrs.evolve(shipped, criteria=none)) == [
        Problem("criteria.toml: criterion", "every weight is 0", "raise one")
    ]


def test_levels_of_modifiers_are_on_the_scale_and_have_sources(
    shipped: Knowledge,
) -> None:
    level = next(each for each in shipped.options["extraction"].level if each.modifier)
    modifier = attrs.evolve(level.modifier[0], level=5, **UNSOURCED)
    changed = attrs.evolve(level, modifier=(modifier,))
    place = shipped.options["extraction"].level.index(level)
    rows = list(shipped.options["extraction"].level)
    rows[place] = changed
    path = f"options/extraction.toml: level.{level.criterion}.modifier[0]"
    assert _found(_set("options", "extraction", level=tuple(rows))(shipped)) == [
        Problem(f"{path}.level", "5 is no level", "give 0 (worst) to 4 (best)"),
        Problem(path, CLAIM, CITE),
    ]


def test_a_lower_gate_may_say_to_which_standing(shipped: Knowledge) -> None:
    lowers = [
        gate
        for option in shipped.options.values()
        for gate in option.gate
        if gate.to is not None
    ]
    assert lowers
    assert {gate.kind for gate in lowers} == {"lower"}


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ('secondary and lesion.cause == "burn"', True),
        ('lesion.origin == "secondary" and lesion.cause == "burn"', True),
        ('lesion.cause == "burn" and infant and secondary', True),
        ('not (secondary and lesion.cause == "burn")', True),
        ('secondary and not lesion.cause == "burn"', True),
        ('secondary and (infant or lesion.cause == "burn")', True),
        ('infant or (secondary and lesion.cause == "burn")', True),
        ("porphyria_present", True),
        ("infant", True),
        ('lesion.cause == "burn"', False),
        ('lesion.cause != "burn"', False),
        ('secondary or lesion.cause == "burn"', False),
        ('infant and lesion.cause == "burn"', False),
        ('not secondary and lesion.cause == "burn"', False),
        ('lesion.origin == "primary" and lesion.cause == "burn"', False),
        ('(secondary and infant) or lesion.cause == "burn"', False),
        (
            '(secondary and lesion.cause == "burn") or lesion.cause == "tattoo"',
            False,
        ),
        ('infant and (many or lesion.cause == "burn")', False),
    ],
)
def test_a_guarded_fact_is_read_only_beside_its_guard(
    shipped: Knowledge, text: str, *, guarded: bool
) -> None:
    condition = parse(text, shipped.scope())
    change = _row("options", "steaming", "gate", 0, when=text, condition=condition)
    problem = Problem(
        "options/steaming.toml: gate.under_18",
        'lesion.cause is read without lesion.origin == "secondary"',
        "join it by and; a primary milium has no cause, and there is no member for "
        '"none", so its cause reads as not known for ever',
    )
    assert _found(change(shipped)) == ([] if guarded else [problem])


def test_a_guard_that_could_not_be_read_guards_nothing(shipped: Knowledge) -> None:
    guard = Guard(when="?", text="never read")
    assert _found(attrs.evolve(shipped, guards={"lesion.cause": guard})) == []


def test_other_kinds_need_entries_for_themselves_alone(shipped: Knowledge) -> None:
    kinds: dict[str, Kind] = {
        "patient.age_years": Number(0, 120),
        "patient.tall": YesNo(),
    }
    vocabulary = attrs.evolve(shipped.vocabulary, kinds=kinds)
    found = _found(attrs.evolve(shipped, vocabulary=vocabulary))
    paths = {
        problem.path for problem in found if problem.message.startswith("the fact")
    }
    assert paths == {"facts.toml: patient.tall"}
    assert not [each for each in found if each.path.startswith("options/: as members")]


def test_the_units_of_the_entries_are_those_of_the_vocabulary(
    shipped: Knowledge,
) -> None:
    units = {
        name: (kind.unit, shipped.facts[name].unit)
        for name, kind in shipped.kinds.items()
        if isinstance(kind, Number)
    }
    assert units["patient.age_years"] == ("years", "years")
    assert [name for name, (one, other) in units.items() if one != other] == []


# -- what nothing uses --


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (_copied("terms", "infant", "spare"), "terms.toml: term.spare"),
        (_copied("sets", "ear_sites", "spare"), "terms.toml: set.spare"),
        (_copied("sources", "E001", "spare"), "sources.toml: spare"),
        (
            _copied("destinations", "genetics", "spare"),
            "scenarios.toml: destination.spare",
        ),
        (
            lambda base: attrs.evolve(
                base,
                vocabulary=attrs.evolve(
                    base.vocabulary, kinds={**base.vocabulary.kinds, "spare": YesNo()}
                ),
            ),
            "facts.toml: spare",
        ),
    ],
)
def test_what_nothing_uses_is_found(
    shipped: Knowledge, change: Change, path: str
) -> None:
    before = unused(shipped)
    added = [each for each in unused(change(shipped)) if each not in before]
    assert added == [Problem(path, "nothing uses it", "use it, or remove it")]


def test_a_source_that_only_a_contradiction_or_destination_cites_is_used(
    shipped: Knowledge,
) -> None:
    base = _copied("sources", "E001", "spare")(shipped)
    problem = Problem("sources.toml: spare", "nothing uses it", "use it, or remove it")
    assert problem in unused(base)
    for change in (
        _first("contradictions", sources=("spare",)),
        _set("destinations", "genetics", sources=("spare",)),
    ):
        assert problem not in unused(change(base))


def test_terms_and_sets_are_used_through_terms_and_negations(
    shipped: Knowledge,
) -> None:
    scope = shipped.scope()
    inner = {
        **scope.terms,
        "inner": parse(
            "lesion.site in spare_sites",
            attrs.evolve(
                scope, sets={**scope.sets, "spare_sites": scope.sets["ear_sites"]}
            ),
        ),
    }
    condition = parse(
        "many or not (infant and not inner)", attrs.evolve(scope, terms=inner)
    )
    base = _copied("sets", "ear_sites", "spare_sites")(shipped)
    base = _copied("terms", "infant", "inner", condition=inner["inner"])(base)
    base = _row("options", "steaming", "gate", 0, condition=condition)(base)
    assert unused(base) == unused(shipped)
