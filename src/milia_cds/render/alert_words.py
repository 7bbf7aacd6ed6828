"""An alert of the knowledge in words: whom it is for, what is not said beside it."""

from __future__ import annotations

from milia_cds.knowledge.dangers import Alert
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.texts import Sentence
from milia_cds.knowledge.wording import Wording


def addressed(alert: Alert, base: Knowledge) -> str:
    """Whom an alert is for."""
    return ", ".join(base.addressees[name].label for name in alert.to)


def silenced_claim(name: str, base: Knowledge) -> str:
    """What a text may not claim beside an alert."""
    kind, _, about = name.partition(":")
    whose = ""
    if about in base.options:
        whose = f" ({base.options[about].label})"
    elif about in base.facts:
        whose = f" ({base.facts[about].label})"
    return f"{base.claims[kind].text.removesuffix('.')}{whose}."


def on_condition(sentence: Sentence, text: str, words: Wording) -> str:
    """The text of a further sentence, with what must hold for it."""
    if sentence.condition is None:
        return text
    return f"If {words.condition(sentence.condition)}: {text}"
