"""The brief: an answer on one screen, of the short forms of the knowledge."""

from __future__ import annotations

from milia_cds.decision.completions import Completions
from milia_cds.explanation.answer import Parts
from milia_cds.explanation.outcome import Brief, BriefLine, BriefPart


def brief_of(report: Parts, completions: Completions) -> Brief:
    """An answer on one screen.

    Parameters
    ----------
    report
        What there is to say of the decision.
    completions
        What the case may still become.
    """
    del completions
    headline = f"{report.disposition.headline}."
    plan = [
        BriefLine(lead=f"{each.rank} {each.label}", text=each.owner.summary)
        for each in report.ranking[:3]
    ]
    return Brief(headline=headline, parts=(BriefPart(label="plan", lines=tuple(plan)),))
