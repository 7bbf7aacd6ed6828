"""The pages of alerts, criteria, guarantees, sources, advice, and the first page."""

from __future__ import annotations

from collections.abc import Iterator

from docs._ext.markdown import (
    bullets,
    code,
    definition,
    link,
    page,
    plain,
    spaced,
    table,
    target,
    toctree,
)
from docs._ext.saying import Saying, codes
from docs._ext.short_pages import checks, grid_notes, how_soon, leaflets
from milia_cds.explanation.bands import HOW_SOON
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.dangers import URGENCIES, Alert, Claim
from milia_cds.knowledge.promises import Guarantee, Promise
from milia_cds.knowledge.texts import ADVICE_KINDS, Advice
from milia_cds.render.alert_words import addressed, silenced_claim

KINDS_OF_ADVICE = {
    "what": "What milia are",
    "never": "Never do this",
    "home_care": "Care at home",
    "prevention": "Prevention",
    "expectation": "What to expect",
    "mimic": "What looks like milia",
    "red_flag": "Warning signs",
    "after_procedure": "After a procedure",
    "question": "Common questions",
}


def claim_pages(say: Saying) -> Iterator[tuple[str, str]]:
    """The pages of alerts, criteria, guarantees, sources and advice, and the index."""
    yield "index", _index(say)
    yield "alerts", _alerts(say)
    yield "criteria", _criteria(say)
    yield "guarantees", _guarantees(say)
    yield "sources", _sources(say)
    yield "advice", _advice(say)


def _index(say: Saying) -> str:
    about = say.base.about
    reviewed = ", ".join(about.reviewed_by) or "nobody yet"
    rows = [
        ("version", plain(about.version)),
        ("date", about.date),
        ("status", about.status),
        ("reviewed by", plain(reviewed)),
        ("to be reviewed by", about.review_by),
        ("digest", code(say.base.digest)),
    ]
    attributes = [
        definition(plain(spaced(name)), plain(text))
        for name, text in about.attributes.items()
    ]
    return page(
        "(the-knowledge-base)=\n# The knowledge base",
        "Generated from the data when this site was built, so it says what the "
        "library does.",
        f":::{{warning}}\n{plain(about.notice)}. {plain(about.certainty)}\n:::",
        table(("", ""), rows),
        f"**Intended use.** {plain(about.intended_use)}",
        f"**Users.** {plain(about.users)}",
        codes(about.codes),
        "## What is in it",
        table(("", "number"), _counts(say)),
        "## Limits",
        bullets(map(plain, about.limits)),
        "(source-attributes)=\n## About this decision support",
        "What the American rule on decision support (45 CFR 170.315(b)(11)) asks of "
        "its source.",
        *attributes,
        toctree(BELOW),
    )


def _counts(say: Saying) -> list[tuple[str, str]]:
    base = say.base
    counts = {
        "[facts](#all-facts)": base.facts,
        "[named sets, terms and contradictions](#all-terms)": (
            *base.sets,
            *base.terms,
            *base.contradictions,
        ),
        "[decisions of the triage](#all-decisions)": base.decisions,
        "[scenarios](#all-scenarios)": base.scenarios,
        "[options and measures](#all-options)": (*base.options, *base.measures),
        "gates of options and measures": base.gates(),
        "[rules that several share](#shared-rules), which give most of them": {
            gate.place for gate in base.gates() if gate.place
        },
        "[alerts](#all-alerts)": base.alerts,
        "[criteria](#all-criteria)": base.criteria,
        "[guarantees](#all-guarantees)": (*base.guarantees, *base.promises),
        "[pieces of advice](#all-advice)": base.advice,
        "[sources](#all-sources)": base.sources,
        "[test cases](#all-cases)": say.cases.vignettes,
    }
    return [(name, str(len(counted))) for name, counted in counts.items()]


BELOW = (
    "alerts",
    "facts/index",
    "terms",
    "triage",
    "scenarios/index",
    "options/index",
    "common",
    "criteria",
    "guarantees",
    "advice",
    "sources",
    "cases",
)


# -- alerts --


def _alerts(say: Saying) -> str:
    base = say.base
    alerts = sorted(
        base.alerts.values(), key=lambda each: -URGENCIES.index(each.urgency)
    )
    rows = [
        (
            link(code(each.id), "alert", each.id),
            HOW_SOON[each.urgency],
            plain(addressed(each, base)),
            say.when(each.condition),
        )
        for each in alerts
    ]
    claims = [
        (code(each.id), plain(each.text), _marked(each), code(each.stands))
        for each in base.claims.values()
    ]
    return page(
        "(all-alerts)=\n# Alerts",
        "Dangers that a case states. They come first in every answer, whatever is "
        "decided, and nothing hides one. Where the condition is not known and a sign "
        "of it is, the alert is asked for.",
        table(("alert", "how soon", "to", "when"), rows),
        *(_alert(say, each) for each in alerts),
        how_soon(say),
        "(all-claims)=\n## What a text may claim",
        "Words that the rest of an answer can make false. A sentence that claims one "
        "is dropped where the claim may not stand.",
        table(("claim", "what it says", "known by", "may stand"), claims),
    )


def _marked(claim: Claim) -> str:
    return ", ".join(f"\u201c{plain(each)}\u201d" for each in claim.markers)


def _alert(say: Saying, alert: Alert) -> str:
    base = say.base
    silenced = [plain(silenced_claim(name, base)) for name in alert.silences]
    return page(
        target("alert", alert.id),
        f"## {code(alert.id)}",
        f"**{HOW_SOON[alert.urgency].capitalize()}**, to "
        f"{plain(addressed(alert, base))}. Certain when {say.when(alert.condition)}.",
        plain(alert.text),
        bullets(say.sentences(alert.sentence, "text")),
        f"*To a patient:* {plain(alert.plain)}",
        page("Never said beside it:", bullets(silenced)) if silenced else "",
        plain(alert.note),
        f"{say.rule(alert)} {say.claim(alert)}".strip(),
    )


# -- criteria --


def _criteria(say: Saying) -> str:
    base = say.base
    said = [
        page(
            target("criterion", name),
            f"## {plain(each.label)}",
            f"{plain(each.question)} id {code(name)}, weight {each.weight} unless the "
            "patient says otherwise.",
            f"*To a patient:* {plain(each.ask_patient)}",
            table(
                ("level", "what it means"),
                ((str(at), plain(said)) for at, said in enumerate(each.levels)),
            ),
            say.claim(each),
        )
        for name, each in base.criteria.items()
    ]
    head = ("option", *(link(name, "criterion", name) for name in base.criteria))
    rows = []
    for option in base.options.values():
        levels = {level.criterion: level for level in option.level}
        cells = [
            f"{levels[name].base}{'*' if levels[name].modifier else ''}"
            for name in base.criteria
        ]
        rows.append(
            (say.option(option.id), *(cell.replace("*", r"\*") for cell in cells))
        )
    return page(
        "(all-criteria)=\n# Criteria",
        "What people weigh, on fixed scales from 0 (worst) to 4 (best). They order the "
        "options of one standing; [how ranking works](#how-ranking-works) says how.",
        *said,
        "## The level of every option",
        r"\* other for some patients: the page of the option says for whom.",
        table(head, rows),
        grid_notes(say),
    )


# -- guarantees --


def _guarantees(say: Saying) -> str:
    base = say.base
    every: list[Guarantee | Promise] = [*base.guarantees, *base.promises]
    numbered = sorted(every, key=lambda each: (each.number, each.id))
    return page(
        "(all-guarantees)=\n# Guarantees",
        "What must never be violated, for every case and whatever is unknown. As long "
        "as the condition is not *known to be false*, none of the named options is "
        "offered.",
        *(_guarantee(say, each) for each in numbered),
    )


def _guarantee(say: Saying, each: Guarantee | Promise) -> str:
    more = _guaranteed(say, each) if isinstance(each, Guarantee) else ["Held by tests."]
    return page(
        target("guarantee", each.id),
        f"## {each.id}",
        f"**{plain(each.text)}**",
        *more,
        _held(say, each.id),
        say.cases.tried(f"guarantee-{each.number}"),
    )


def _held(say: Saying, guarantee: str) -> str:
    lines = say.proved.by(guarantee)
    return page("Proved; held by:", bullets(lines)) if lines else ""


def _guaranteed(say: Saying, each: Guarantee) -> list[str]:
    about = [*map(say.owner, (*each.options, *each.measures))]
    when = say.when(each.condition)
    if each.action:
        said = f"Whenever {when}, the disposition is {code(each.action)}."
    else:
        said = f"Never offered unless it is known not to hold: {when}."
    return [said, f"About {', '.join(about)}." if about else "", say.rule(each)]


# -- sources --


def _sources(say: Saying) -> str:
    rows = {
        name: name.startswith("E") and name[1:].isdigit() for name in say.base.sources
    }
    return page(
        "(all-sources)=\n# Sources",
        "What every claim rests on, and what each source decides. *Certainty* is a "
        "judgement of how far it may be trusted for this use. *Read* says whether the "
        "statement was read in the source itself or in another publication that "
        "reports it.",
        "## Kinds of milia, natural course, effect of treatments",
        *(_source(say, name) for name, row in rows.items() if row),
        "## Safety, aftercare, scope",
        *(_source(say, name) for name, row in rows.items() if not row),
    )


def _source(say: Saying, name: str) -> str:
    source = say.base.sources[name]
    return page(
        target("source", name),
        f"### {plain(name)}: {plain(source.title)}",
        plain(source.claim),
        plain(source.figure),
        _publication(source),
        say.used(say.usage.sources.get(name, ()), title="Decides"),
        say.cases.tried(name),
    )


def _publication(source: Source) -> str:
    parts = [
        plain(source.authors),
        plain(source.year),
        plain(source.type),
        f"certainty {spaced(source.certainty)}",
        "read in the source" if source.read == "read" else "as another one reports it",
        plain(source.access),
        f"looked at on {source.checked}",
        f"<https://doi.org/{source.doi}>" if source.doi else "",
        f"<https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/>" if source.pmid else "",
        f"<{source.url}>" if source.url else "",
    ]
    return "; ".join(part for part in parts if part) + "."


# -- advice --


def _advice(say: Saying) -> str:
    parts = []
    for kind in ADVICE_KINDS:
        chosen = [each for each in say.base.advice if each.kind == kind]
        if chosen:
            parts.append(f"## {KINDS_OF_ADVICE[kind]}")
            parts += [_piece(say, each) for each in chosen]
    return page(
        "(all-advice)=\n# Advice",
        "What is said beyond one option: to the clinician, and in plain words to the "
        "patient.",
        *parts,
        checks(say),
        leaflets(say),
    )


def _piece(say: Saying, each: Advice) -> str:
    sure = f"Certainty {spaced(each.certainty)}." if each.certainty else ""
    only = f"Shown if {say.when(each.condition)}." if each.condition else ""
    return page(
        target("advice", each.id),
        f"### {plain(each.title)}",
        say.text(each),
        f"*To a patient:* {say.plain_text(each)}",
        _in_a_list(each),
        f"*Where it departs from popular articles:* {plain(each.departs)}"
        if each.departs
        else "",
        f"{only} {sure} {say.claim(each)}".strip(),
    )


def _in_a_list(each: Advice) -> str:
    """Its short form, and by what it stands where in a list."""
    ranks = [
        f"{each.harm} by harm" if each.harm else "",
        f"{each.often} by how common it is" if each.often else "",
        spaced(each.how_soon) if each.how_soon else "",
    ]
    where = ", ".join(filter(None, ranks))
    return f"*In a list:* {plain(each.short)} ({where})." if each.short else ""
