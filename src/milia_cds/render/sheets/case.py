"""What there is to say of a case before it is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from milia_cds.case.stated import AnyCase
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import Wording
from milia_cds.logic.facts import Value
from milia_cds.render.blocks import Item, Paragraph, Part, Points, Sheet
from milia_cds.render.sheets.frame import framed

ASSUMED = "Assumed absent, because it was screened for"


def case_sheet(case: AnyCase, base: Knowledge) -> Sheet:
    """What a case states, what was asked and is not known, and what is left open.

    Parameters
    ----------
    case
        The case.
    base
        The knowledge base whose words name the facts.
    """
    facts, assumed = case.facts(), case.absences()
    words = Wording(base)
    stated = {name: value for name, value in facts.items() if value is not None}
    left = [name for name in facts if name not in stated and name not in assumed]
    open_ = [Item(_open(name, case), base.facts[name].label) for name in left]
    absent = [Item(words.value(name, value)) for name, value in assumed.items()]
    counts = Paragraph(
        f"Facts stated: {len(stated)}; assumed absent: {len(assumed)}; not known: "
        f"{len(left)}. What is not known is never read as no."
    )
    settings = Points(_settings(case, base))
    return framed(
        f"Case: {base.vocabulary.case}",
        (
            counts,
            *(
                Part(said.label, (_stated(name, stated, words),), folded=False)
                for name, said in base.vocabulary.sections.items()
            ),
            Part("Wishes and the clinic's list", (settings,), folded=False),
            Part("Not known", (Points(open_),)),
            Part(ASSUMED, (Points(absent),)),
        ),
        stamp(base),
        base.sources,
    )


def _stated(section: str, stated: Mapping[str, Value], words: Wording) -> Points:
    return Points(
        Item(words.value(name, value))
        for name, value in stated.items()
        if name.startswith(f"{section}.")
    )


def _open(name: str, case: AnyCase) -> str:
    return "asked, not known" if name in case.not_known else "not stated"


def _settings(case: AnyCase, base: Knowledge) -> Iterator[Item]:
    roles = base.vocabulary.roles
    for name, weight in (case.value(roles.weights) or {}).items():
        yield Item(f"{weight} of 10", f"Weight of {base.criteria[name].label}")
    offers = case.value(roles.offers)
    if offers is not None:
        names = [base.options[name].label for name in sorted(offers)]
        yield Item(", ".join(names) or "nothing", "The clinic offers")
