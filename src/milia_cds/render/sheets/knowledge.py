"""What there is to say of a knowledge base as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import Item, Paragraph, Part, Points, Sheet
from milia_cds.render.decision_graph import decision_picture
from milia_cds.render.phrases import spaced
from milia_cds.render.sheets.alert import dangers_part
from milia_cds.render.sheets.frame import drawn, framed


def knowledge_sheet(base: Knowledge) -> Sheet:
    """What a knowledge base is, for whom, and what is in it."""
    about = base.about
    options = [Item(each.summary, each.id) for each in base.options.values()]
    situations = [Item(each.label, each.id) for each in base.scenarios.values()]
    origin = [
        Item(text, capital(spaced(name))) for name, text in about.attributes.items()
    ]
    kept = [
        *(each.text for each in base.guarantees),
        *(each.text for each in base.promises),
    ]
    return framed(
        f"{about.name} {about.version}",
        (
            Paragraph(about.intended_use),
            Paragraph(f"For: {about.users}"),
            Part("Review", (Points(_review(base)),), folded=False),
            Part("What it holds", (Points(_counts(base)),), folded=False),
            dangers_part(base),
            Part("Limits", (Points(map(Item, about.limits)),)),
            Part("Options", (Points(options),)),
            Part("Situations", (Points(situations),)),
            Part("What it guarantees", (Points(map(Item, kept)),)),
            Part("Where it comes from", (Points(origin),)),
            drawn(decision_picture(base, triage=True)),
        ),
        stamp(base),
        base.sources,
    )


def _review(base: Knowledge) -> Iterator[Item]:
    about = base.about
    yield Item(f"{about.status}, of {about.date}", "Status")
    yield Item(", ".join(about.reviewed_by) or "nobody yet", "Reviewed by")
    yield Item(about.review_by, "To be reviewed by")


def _counts(base: Knowledge) -> Iterator[Item]:
    counts = {
        "alerts": base.alerts,
        "facts": base.facts,
        "decisions": base.decisions,
        "situations": base.scenarios,
        "options": base.options,
        "supporting measures": base.measures,
        "rules": base.gates(),
        "criteria": base.criteria,
        "sources": base.sources,
    }
    for name, held in counts.items():
        yield Item(str(len(held)), capital(name))
