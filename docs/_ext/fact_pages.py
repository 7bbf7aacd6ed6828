"""The pages of the vocabulary: every fact, named set, term and contradiction."""

from __future__ import annotations

from collections.abc import Iterator

from docs._ext.markdown import (
    bullets,
    code,
    definition,
    link,
    listed,
    page,
    plain,
    spaced,
    table,
    target,
    toctree,
)
from docs._ext.saying import Saying, codes
from milia_cds.case.milia import FACTS, SCREENED, SECTIONS, SETTINGS, VOCABULARY
from milia_cds.knowledge.words import FactEntry
from milia_cds.logic.facts import Choice, Kind, Members, Number, Weights

_SPEAKS = " While it lasts, the CDS Hooks service speaks unasked."


def fact_pages(say: Saying) -> Iterator[tuple[str, str]]:
    """The list of all facts, a page for each section, and the page of terms."""
    yield "facts/index", _index(say)
    for section in SECTIONS:
        yield f"facts/{section}", _section(say, section)
    yield "facts/records", _records(say)
    yield "terms", _terms(say)


def _index(say: Saying) -> str:
    rows = [
        (
            link(code(name), "fact", name),
            plain(say.base.facts[name].label),
            _kind(kind),
            str(len(say.usage.facts.get(name, ()))) if name not in SETTINGS else "",
        )
        for name, kind in FACTS.items()
    ]
    return page(
        "(all-facts)=\n# Facts",
        "Everything that a case may state: the keys of its JSON, the attributes of "
        "`Case`, and the names that the rules may use. `null`, or a key left out, "
        "always means **not known**, never “no”. The names are a public contract: "
        "they are added to, but never renamed or dropped.",
        table(("fact", "what it is", "kind", "rules that read it"), rows),
        toctree((*SECTIONS, "records")),
    )


def _records(say: Saying) -> str:
    """What holds of every fact that is read from a FHIR record."""
    fhir = say.base.fhir
    none_known = [
        page(
            target("none_known", each.id),
            f"### {plain(spaced(each.id))}",
            codes(each.codes),
            f"Says no to {listed(links)}." if links else "Says no to no fact.",
            f"{plain(each.note)} {say.claim(each)}".strip(),
        )
        for each in fhir.none_known
        for links in [[link(code(fact), "fact", fact) for fact in each.facts]]
    ]
    return page(
        "(facts-in-records)=\n# Facts in FHIR records",
        "How each fact is read stands at the fact. What is absent from a record says "
        "nothing: it is not known.",
        _times(say),
        "## None known",
        *none_known,
        "## Terminologies",
        table(("name", "URI"), [(plain(n), code(u)) for n, u in fhir.system.items()]),
        "## Reasons for not following advice",
        "A clinician chooses one of them on a card of CDS Hooks.",
        codes(fhir.override),
    )


def _times(say: Saying) -> str:
    """How long entries of drugs hold."""
    drug = say.base.fhir.drug
    if drug is None:
        return ""
    active, denied = drug.active_within_months, drug.not_taken_within_days
    return page(
        target("fhir", "drug"),
        "## Entries of drugs",
        f"An entry that is active holds for {active} months after its last date; an "
        f"older one leaves open whether the drug is still taken. One that says “not "
        f"taken” holds for {denied} days. {say.claim(drug)}",
    )


def _kind(kind: Kind) -> str:
    match kind:
        case Choice(members=members):
            return f"one of {len(members)}"
        case Members():
            return "set of options"
        case Weights():
            return "weights, 0 to 10"
        case _:
            return plain(str(kind))


def _section(say: Saying, section: str) -> str:
    summary = SECTIONS[section].__doc__ or ""
    names = [name for name in FACTS if name.startswith(f"{section}.")]
    return page(
        target("section", section),
        f"# Facts: {section}",
        plain(summary.partition("`")[0]),
        _screened(section),
        *(_fact(say, name, FACTS[name]) for name in names),
    )


def _screened(section: str) -> str:
    if section not in SCREENED:
        return ""
    return (
        f'`assume_absent` may name this section: with `"assume_absent": ["{section}"]` '
        "what is left out here is read as absent, and listed as an assumption. A "
        "`null` stays unknown, and so do numbers. It may also name the questions "
        f"{listed(_questions_in(section))}, each of which is about some of these facts."
    )


def _questions_in(section: str) -> list[str]:
    return [
        code(name)
        for name, facts in VOCABULARY.screens.items()
        if any(fact.startswith(f"{section}.") for fact in facts)
    ]


def _fact(say: Saying, name: str, kind: Kind) -> str:
    entry = say.base.facts[name]
    return page(
        target("fact", name),
        f"## {code(name)}: {plain(entry.label)}",
        _bounds(kind),
        plain(entry.help),
        _members(entry.members),
        bullets(_questions(say, name)),
        bullets(_relevance(say, entry)),
        bullets(_read(say, name)),
        _use(say, name),
    )


def _read(say: Saying, name: str) -> Iterator[str]:
    """How it is read from a FHIR record, and what may say no."""
    for rule in say.base.fhir.rules_of(name):
        types = listed(map(code, rule.resources))
        no = f" No by {listed(map(code, rule.no))}." if rule.no else ""
        said = codes((*rule.codes, *rule.answer)) or "Codes: those of the clinic."
        left = f" It leaves the fact open: {plain(rule.open)}." if rule.open else ""
        yield (
            f"In a FHIR record: {types}, read as {code(rule.reader)}. {said}{no}{left}"
            f"{_SPEAKS if rule.speaks else ''} "
            f"{plain(rule.note)} {say.claim(rule)}"
        )
    for none in say.base.fhir.none_known:
        if name in none.facts:
            yield f"No by “none known”. {codes(none.codes)} {say.claim(none)}"


def _relevance(say: Saying, entry: FactEntry) -> Iterator[str]:
    """When it is asked, and what fills it or is said while it is not known."""
    if entry.way_out:
        yield "A way out: it counts only when stated; not stated, it reads as no"
    if entry.explains:
        names = [link(code(name), "fact", name) for name in entry.explains]
        yield f"Explains {listed(names)}"
    if entry.condition:
        yield f"Asked only when {say.when(entry.condition)}. {say.rule(entry)}"
    for each in entry.settled:
        yield (
            f"Settled as {code(str(each.value).lower())}, not stated, when "
            f"{say.when(each.condition)}: {plain(each.text)} {say.rule(each)} "
            f"{say.claim(each)}"
        )
    if entry.summed_over:
        places = link(code(entry.summed_over), "set", entry.summed_over)
        yield f"In a visit, the sum over {places}"
    if entry.pending:
        yield (
            f"While only its yes is waited for: “{plain(entry.pending.text)}” "
            f"{say.rule(entry.pending)} {say.claim(entry.pending)}"
        )


def _bounds(kind: Kind) -> str:
    match kind:
        case Choice(members=members):
            return f"One of the {len(members)} members below."
        case Members():
            return "A set of [options](#all-options); the empty list means none."
        case Weights():
            return (
                "A whole number from 0 to 10 for each [criterion](#all-criteria) named."
            )
        case Number(unit=unit):
            said = f"{kind}".capitalize()
            return f"{plain(said)}, both included." if unit else f"{plain(said)}."
        case _:
            return "Yes or no: `true`, `false`, or `null` for not known."


def _members(members: object) -> str:
    if not isinstance(members, dict) or not members:
        return ""
    rows = [(code(name), plain(label)) for name, label in members.items()]
    return table(("member", "meaning"), rows)


def _questions(say: Saying, name: str) -> Iterator[str]:
    entry = say.base.facts[name]
    screen = say.base.screens[entry.screen]
    yield f"Asked of the clinician: {plain(entry.ask)}"
    yield f"Asked of the patient: {plain(entry.ask_patient)}"
    if screen.ask != entry.ask:
        yield f"Screen {code(entry.screen)}: {plain(screen.ask)}"
    if entry.immutable:
        yield "Nobody can change it, so no explanation proposes to"
    if entry.direction:
        ways = ", ".join(map(code, entry.direction))
        yield f"No explanation proposes to change it but so: {ways}"


def _use(say: Saying, name: str) -> str:
    if name in SETTINGS:
        return "A setting: no rule reads it, and `null` means the default."
    return say.used(say.usage.facts.get(name, ()), title="Used in these rules")


# -- terms --


def _terms(say: Saying) -> str:
    base = say.base
    return page(
        "(all-terms)=\n# Sets, terms and contradictions",
        "Words of our own, which [conditions](#condition-language) may use.",
        "## Named sets",
        *(_set(say, name) for name in base.sets),
        "## Terms",
        *(_term(say, name) for name in base.terms),
        "## Guards",
        "A fact that means something only beside a condition: every condition that "
        "reads it must be joined to that by `and`.",
        *(_guard(say, name) for name in base.guards),
        "## Contradictions",
        "Facts that cannot be true together. An *error* is refused with the paths of "
        "both; a *warning* is said in the answer.",
        *(_contradiction(say, place) for place in range(len(base.contradictions))),
    )


def _set(say: Saying, name: str) -> str:
    entry = say.base.sets[name]
    members = ", ".join(map(code, entry.members))
    fact = link(code(entry.fact), "fact", entry.fact)
    return page(
        target("set", name),
        f"### {code(name)}",
        f"{plain(entry.label)}: {fact} in {members}.",
        plain(entry.note),
        say.claim(entry),
        say.used(say.usage.sets.get(name, ())),
    )


def _term(say: Saying, name: str) -> str:
    entry = say.base.terms[name]
    return page(
        target("term", name),
        f"### {code(name)}",
        f"{plain(entry.label)}. {say.rule(entry)}",
        plain(entry.note),
        say.claim(entry),
        say.used(say.usage.terms.get(name, ())),
    )


def _guard(say: Saying, name: str) -> str:
    guard = say.base.guards[name]
    fact = link(code(name), "fact", name)
    return f"{fact}, beside {code(guard.when)}: {plain(guard.text)}"


def _contradiction(say: Saying, place: int) -> str:
    each = say.base.contradictions[place]
    return page(
        target("contradiction", each.id),
        definition(
            f"{code(each.id)} ({each.level})",
            plain(each.text),
            say.rule(each),
            say.claim(each),
        ),
    )
