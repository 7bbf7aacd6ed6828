"""No text for the clinician stands twice in the files of the knowledge base."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from milia_cds.knowledge.files import SHIPPED

OWN_LABEL = "each drug has the label of its own as its source"
OWN_FIGURE = "a risk carries figures and sources of its own option"
LAST = "shared, it would be said before what is graver in either option"
OTHER_STRENGTH = "a judgement for one of the two, a consensus for the other"
WORDS = "said of several words that have no fact or member of their own"
TWICE: Mapping[str, str] = MappingProxyType(
    {
        "A bald patch from heat on the follicles.": OWN_FIGURE,
        "Inhaled plume, chiefly a risk of the staff.": OWN_FIGURE,
        "A pregnancy or a missed period: stop it at once.": OWN_LABEL,
        "A severe headache or a change of vision.": OWN_LABEL,
        "Jaundice.": OWN_LABEL,
        "Several of them are several cases of one visit.": WORDS,
        "There is no site of this name; take the nearest.": WORDS,
        "Severe burning, or blisters.": OWN_LABEL,
        "A rash with fever, or sores in the mouth.": LAST,
        "Treated skin is not waxed.": LAST,
        (
            "At the corner of the eye or around it: on specialist advice, and away "
            "from the lash line; it irritates near the eye."
        ): "tazarotene is limited wherever it stands, so there it is a caution",
        (
            "A consensus found too little evidence to delay minor skin surgery on "
            "isotretinoin."
        ): OTHER_STRENGTH,
        "Listed for milia en plaque.": "of tretinoin for one of the two scenarios only",
    }
)
"""What stands twice all the same, and why."""


def texts(part: Any) -> Iterator[str]:
    """Every text for the clinician, but of the modifiers of a risk.

    A modifier completes the sentence of its risk ("More likely in darker skin.").
    """
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "text":
                yield value
            elif key != "modifier":
                yield from texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from texts(each)


def test_no_text_for_the_clinician_stands_twice() -> None:
    files = [tomllib.loads(each.read_text("utf-8")) for each in SHIPPED.rglob("*.toml")]
    counts = Counter(text for file in files for text in texts(file))
    assert len(counts) > 1000
    assert {text for text, count in counts.items() if count > 1} == {*TWICE}
