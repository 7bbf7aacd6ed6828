"""What is proposed, as FHIR R4 resources that say by which knowledge they were made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from milia_cds.adapters.fhir.output import (
    Element,
    coding,
    fhir_text,
    narrative,
    notes,
    own,
)
from milia_cds.explanation.outcome import Stamp
from milia_cds.explanation.parts import OfferedPart
from milia_cds.explanation.places import Place, Reason
from milia_cds.knowledge.wording import capital
from milia_cds.render.phrases import conditional, distinct, spaced


class Proposals:
    """Writes what is proposed for a patient: a draft, to a clinician, and no order.

    Parameters
    ----------
    stamp
        Which knowledge proposes it.
    engine
        The program that wrote it, with its version.
    subject
        The reference to the patient.
    moment
        When it was written, as FHIR writes a day or a moment.
    """

    def __init__(
        self, stamp: Stamp, engine: str, subject: Element, moment: str
    ) -> None:
        self.stamp = stamp
        self.engine = engine
        self.subject = subject
        self.moment = moment
        self.program = {"type": "Device", "display": fhir_text(engine)}

    @cached_property
    def meta(self) -> Element:
        """The knowledge by its digest, and how far it has been reviewed."""
        tag = [coding(own("knowledge"), self.stamp.digest, self.stamp.notice)]
        if self.stamp.policy is not None:
            policy = self.stamp.policy
            name = f"{policy.name}, {policy.version}"
            tag.append(coding(own("policy"), policy.digest, name))
        return {"tag": tag}

    @cached_property
    def notice(self) -> tuple[str, ...]:
        """How far it may be trusted, and what it rests on."""
        stamp = self.stamp
        knowledge = f"{self.engine}, knowledge {stamp.version}, {stamp.digest}"
        policy = stamp.policy
        local = f"; local policy {policy.name}, {policy.version}" if policy else ""
        return (f"{capital(stamp.notice)}. {knowledge}{local}.",)

    def written(self, kind: str, said: Iterable[str], fields: Element) -> Element:
        """A resource that says the same to whoever reads it without a program."""
        text = narrative((*said, *self.notice))
        return {"resourceType": kind, "meta": self.meta, "text": text, **fields}

    def concept(self, system: str, code: str, text: str) -> Element:
        """A code of the library's own, and the words for it."""
        return {"coding": [coding(own(system), code, text)], "text": fhir_text(text)}

    def request(self, code: Element) -> Element:
        """What every request has: it is a draft, and proposed to a clinician."""
        return {
            "status": "draft",
            "intent": "proposal",
            "code": code,
            "subject": self.subject,
            "authoredOn": self.moment,
            "requester": self.program,
        }

    def proposal(
        self, place: Place | OfferedPart, situations: Sequence[str]
    ) -> Element:
        """One option that is offered, as a request to be made by a clinician.

        Parameters
        ----------
        place
            Its place.
        situations
            For what it is, in words.
        """
        cautions = [*texts(place.cautions)]
        because = [{"text": fhir_text(each)} for each in situations]
        fields = {
            **self.request(self.concept("option", place.option, capital(place.label))),
            "note": notes((*cautions, *self.notice)),
        }
        if because:
            fields["reasonCode"] = because
        said = (f"{capital(place.label)}: {spaced(place.standing)}.", *cautions)
        return self.written("ServiceRequest", said, fields)


def texts(reasons: Iterable[Reason]) -> Iterator[str]:
    """Reasons in sentences, each once, with what it depends on."""
    for each in distinct(reasons):
        yield conditional(each.text, each.if_)
