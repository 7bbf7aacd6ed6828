"""The section of the review pack with every danger, and what no text may claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import attrs

from milia_cds.explanation.bands import HOW_SOON
from milia_cds.knowledge.dangers import URGENCIES, Alert, Claim, ClaimStands
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import Wording
from milia_cds.render.alert_words import addressed, on_condition, silenced_claim
from milia_cds.render.pack import PackClaim, PackSection
from milia_cds.render.phrases import capital

MakeClaim: TypeAlias = Callable[[str, Alert, str], PackClaim]
"""Makes the claim of a name, a record and a text, with what the record stands on."""

_STANDS: Mapping[ClaimStands, str] = {
    "offered": "while the option is offered",
    "first": "while the option is in the first place",
    "unsilenced": "while no alert silences it",
    "unhurried": "while nothing is for today and nothing is referred",
    "no_alert_today": "while no alert is for today",
}


def alerts_section(base: Knowledge, words: Wording, claim: MakeClaim) -> PackSection:
    """Every danger: when, how soon, to whom, both texts, and what is not beside them.

    Parameters
    ----------
    base
        The knowledge base.
    words
        The words of its conditions.
    claim
        Makes a claim of an alert.
    """
    alerts = sorted(
        base.alerts.values(), key=lambda each: -URGENCIES.index(each.urgency)
    )
    return PackSection(
        id="alerts",
        title="Dangers that are said first",
        notes=(
            "Each is said whatever is decided, and nothing hides it.",
            "While its condition is not known and a sign of it is, it is asked for.",
        ),
        claims=(
            *(_alert(each, base, words, claim) for each in alerts),
            *map(_claim, base.claims.values()),
        ),
    )


def _alert(
    alert: Alert, base: Knowledge, words: Wording, claim: MakeClaim
) -> PackClaim:
    lead = f"{capital(HOW_SOON[alert.urgency])}, to {addressed(alert, base)}:"
    said, plain = [lead, alert.text], [alert.plain]
    for each in alert.sentence:
        said += [on_condition(each, each.text, words)] if each.text else []
        plain += [on_condition(each, each.plain, words)] if each.plain else []
    silenced = " ".join(silenced_claim(name, base) for name in alert.silences)
    said += [alert.note] if alert.note else []
    said += [f"Never said beside it: {silenced}"] if silenced else []
    made = claim(f"alert.{alert.id}", alert, " ".join(said))
    return attrs.evolve(made, plain=" ".join(plain))


def _claim(claim: Claim) -> PackClaim:
    """What a text may claim, by which words it is known, and when it may stand."""
    markers = ", ".join(f'"{each}"' for each in claim.markers)
    return PackClaim(
        id=f"claim.{claim.id}",
        text=f"{claim.text} A text may claim so, as by {markers}, only "
        f"{_STANDS[claim.stands]}.",
        judgement=claim.judgement,
    )
