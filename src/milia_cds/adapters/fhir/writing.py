"""An assessment as a FHIR R4 Bundle: what a record keeps, and what it proposes.

Dangers stand first. What is offered is proposed, one of the proposals at most, to a
clinician who orders it or does not; what is withheld, excluded or not indicated is
never written as a request. Beside a danger of today, certain or to be asked for,
nothing is proposed but the referral. Every resource says how far it may be trusted, and
by which knowledge it was made.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from milia_cds.adapters.fhir.output import (
    Element,
    coding,
    fhir_text,
    instant,
    notes,
    own,
    patient_reference,
)
from milia_cds.adapters.fhir.proposals import Proposals, texts
from milia_cds.adapters.fhir.questionnaire import canonical
from milia_cds.adapters.fhir.reading import Reading, RecordSource
from milia_cds.assessment.assessment import Assessment
from milia_cds.errors import WrongTypeError, only
from milia_cds.explanation.outcome import AlertSaid, BriefPart, Outcome, Question
from milia_cds.explanation.places import Place
from milia_cds.explanation.situation import is_today
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.render.phrases import (
    at_worst,
    fact_of,
    further,
    spaced,
    unsaid,
)

PRIORITY: Mapping[Urgency, str] = {
    "routine": "routine",
    "soon": "urgent",
    "urgent": "urgent",
    "same_day": "asap",
    "emergency": "stat",
}
"""How soon, by FHIR's four priorities: never as less urgent than it is."""
SEVERITY: Mapping[Urgency, str] = {
    "routine": "low",
    "soon": "moderate",
    "urgent": "moderate",
    "same_day": "high",
    "emergency": "high",
}
"""How grave a danger is, by how soon somebody must act."""
_REFERENCE = re.compile(
    r"(?:https?://[^\s?#]+/)?[A-Z][A-Za-z]*/[A-Za-z0-9.-]{1,64}|urn:uuid:[0-9a-f-]{36}"
)
_VERSION = re.compile(r"[A-Za-z0-9.-]{1,64}")
_ENDS = (".", "?", '"')
"""What a line of the brief may end with."""
_LOCAL = "local:"
"""What a reference inside the Bundle begins with, until all resources have ids."""


def write_fhir(
    assessment: Assessment,
    *,
    patient: str,
    at: datetime,
    knowledge: Knowledge | None = None,
    reading: Reading | None = None,
) -> Element:
    """Write an assessment as one FHIR R4 Bundle (a collection).

    It holds a DetectedIssue for each alert, a GuidanceResponse, a ServiceRequest for
    each referral, a RequestGroup of at most one of the options that are offered, each a
    ServiceRequest that is a proposal, and a Provenance.

    Parameters
    ----------
    assessment
        The assessment.
    patient
        The patient whom it is about, such as "Patient/1".
    at
        When it was made: a date and time with its zone.
    knowledge
        Knowledge in whose words to write a stored assessment whose own is not at hand.
        It is not checked then, and every resource says so.
    reading
        The reading of the record from which the case came. The resources that it rests
        on are named in the Provenance.

    Returns
    -------
    dict
        The Bundle as plain JSON values. The same content has the same ids.

    Raises
    ------
    WrongTypeError
        When something given is of a wrong type, `at` has no zone, `patient` is no
        reference, or no knowledge is at hand.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from milia_cds import Case, assess
    >>> bundle = write_fhir(
    ...     assess(Case()), patient="Patient/1", at=datetime(2026, 5, 1, 9, tzinfo=UTC)
    ... )
    >>> [each["resource"]["resourceType"] for each in bundle["entry"]]
    ['GuidanceResponse', 'Provenance']
    >>> bundle["entry"][0]["resource"]["status"]
    'data-required'
    """
    only(Assessment, assessment, "write_fhir takes an Assessment", "use assess")
    subject = patient_reference("write_fhir", patient)
    moment = instant("write_fhir", at)
    base = assessment.base() or knowledge
    if base is None:
        message = "write_fhir needs the knowledge of a stored assessment; give it"
        raise WrongTypeError(message)
    only(Knowledge, base, "write_fhir takes a Knowledge", "use load_knowledge")
    sources = () if reading is None else _sources(reading)
    written = _Written(assessment.to_show, base, subject, moment)
    return written.bundle(sources)


def write_answer(
    assessment: Assessment, *, patient: str, at: datetime, kept_as: Mapping[str, str]
) -> Element:
    """Write what was answered, and where it comes from: nothing that is proposed.

    It is for an answer of former times, which orders nothing today.

    Parameters
    ----------
    assessment
        The assessment, with its knowledge at hand.
    patient
        The patient whom it is about, such as "Patient/1".
    at
        When it was made: a date and time with its zone.
    kept_as
        What it is kept as, such as the id of an entry and a digest, by the kind.

    Returns
    -------
    dict
        A Bundle of a GuidanceResponse and a Provenance, as plain JSON values.

    Raises
    ------
    WrongTypeError
        When something given is of a wrong type, `at` has no zone, `patient` is no
        reference, or no knowledge is at hand.
    """
    only(Assessment, assessment, "write_answer takes an Assessment", "use assess")
    subject = patient_reference("write_answer", patient)
    moment = instant("write_answer", at)
    base = assessment.base()
    if base is None:
        message = "write_answer needs the knowledge of the assessment; read it with it"
        raise WrongTypeError(message)
    written = _Written(assessment.to_show, base, subject, moment)
    return written.answered(kept_as)


def _sources(reading: Reading) -> tuple[RecordSource, ...]:
    """The resources of a record that say what the case states, each once."""
    only(Reading, reading, "write_fhir takes a Reading as `reading`", "use read_fhir")
    known = (each for each in reading.evidence.values() if each.value is not None)
    every = (source for each in known for source in each.said_by)
    return tuple({(each.reference, each.version): each for each in every}.values())


class _Referral(NamedTuple):
    """Where somebody is referred to, how soon, and why."""

    to: str
    urgency: Urgency
    because: tuple[str, ...]


class _Written(Proposals):
    """What is written of an assessment."""

    def __init__(
        self, outcome: Outcome, base: Knowledge, subject: Element, moment: str
    ) -> None:
        super().__init__(outcome.knowledge, outcome.engine, subject, moment)
        self.outcome = outcome
        self.base = base

    def bundle(self, sources: Iterable[RecordSource]) -> Element:
        resources = dict(self.resources())
        records = map(_record, sources)
        resources["provenance"] = self.provenance(resources, records)
        return self.bundled(resources)

    def answered(self, kept_as: Mapping[str, str]) -> Element:
        """The answer alone, and where it comes from."""
        guidance = {k: v for k, v in self.guidance().items() if k != "result"}
        resources = {"guidance": guidance}
        known = (_identified(kind, value, kind) for kind, value in kept_as.items())
        resources["provenance"] = self.provenance(resources, known)
        return self.bundled(resources)

    def bundled(self, resources: Mapping[str, Element]) -> Element:
        """The Bundle of some resources, which have their ids in it."""
        seed, ids = _ids(resources, self.moment)
        return {
            "resourceType": "Bundle",
            "id": seed,
            "meta": self.meta,
            "type": "collection",
            "timestamp": self.moment,
            "entry": [
                {
                    "fullUrl": f"urn:uuid:{ids[name]}",
                    "resource": {
                        "resourceType": resource["resourceType"],
                        "id": ids[name],
                        **_referring(resource, ids),
                    },
                }
                for name, resource in resources.items()
            ],
        }

    def resources(self) -> Iterator[tuple[str, Element]]:
        """Each resource by a name of its own, in order."""
        for alert in self.outcome.alerts:
            yield f"alert.{alert.alert}", self.alert(alert)
        yield "guidance", self.guidance()
        for number, referral in enumerate(self.referrals):
            yield f"referral.{number}", self.referral(referral)
        if self.proposed:
            yield "choice", self.choice()
        for place in self.proposed:
            written = self.proposal(place, self.outcome.situations)
            yield f"option.{place.option}", written

    # -- what each of them has --

    def how_soon(self, urgency: Urgency) -> str:
        words = self.base.urgencies.get(urgency)
        return words.label if words else spaced(urgency)

    # -- dangers --

    def alert(self, alert: AlertSaid) -> Element:
        """A danger that the case states, or one that must be asked for."""
        detail = f"{alert.text} For: {alert.to_text}; {self.how_soon(alert.urgency)}."
        name = capital(spaced(alert.alert))
        evidence = [
            {
                "coding": [coding(own("fact"), fact, self.base.facts[fact].label)],
                "text": fhir_text(capital(fact_of(fact, value, self.base))),
            }
            for fact, value in alert.facts.items()
        ]
        fields: Element = {
            "status": "final" if alert.certain else "preliminary",
            "code": self.concept("alert", alert.alert, name),
            "severity": SEVERITY[alert.urgency],
            "patient": self.subject,
            "identifiedDateTime": self.moment,
            "author": self.program,
            "detail": fhir_text(detail),
        }
        if evidence:
            fields["evidence"] = [{"code": evidence}]
        return self.written("DetectedIssue", (detail,), fields)

    @cached_property
    def in_danger(self) -> bool:
        """Whether a danger of today is certain, or must be asked for first."""
        urgencies = [each.urgency for each in self.outcome.alerts]
        highest = self.outcome.urgency
        return any(map(is_today, [*urgencies, *([highest] if highest else [])]))

    # -- the answer --

    def guidance(self) -> Element:
        """What is decided, and what is still to be known."""
        said = [*self.decided()]
        fields: Element = {
            "moduleUri": own("knowledge", self.stamp.digest),
            "status": self.status,
            "subject": self.subject,
            "occurrenceDateTime": self.moment,
            "performer": self.program,
            "note": notes((*said, *self.notice)),
        }
        if self.proposed:
            fields["result"] = _local("choice")
        if self.outcome.questions:
            asked = self.outcome.questions
            fields["dataRequirement"] = [self.requirement(each) for each in asked]
        return self.written("GuidanceResponse", said, fields)

    @property
    def status(self) -> str:
        """Whether it is an answer, one that more knowledge may change, or none yet."""
        if self.outcome.disposition.action == "needs_information":
            return "data-required"
        return "data-requested" if self.outcome.questions else "success"

    def decided(self) -> Iterator[str]:
        """The brief, a part at a time, and the reasons that are certain."""
        outcome = self.outcome
        yield from (_in_a_line(part) for part in outcome.brief if part.label != "more")
        reasons = unsaid(outcome.disposition)
        yield from texts(each for each in reasons if not each.if_)
        yield from map(further, outcome.disposition.also)
        worst = at_worst(outcome, self.base)
        if worst:
            yield worst
        if self.in_danger and outcome.ranking:
            certain = any(each.certain for each in outcome.alerts)
            done = "dealt with" if certain else "asked about"
            yield f"Nothing is proposed until the danger has been {done}."

    def requirement(self, question: Question) -> Element:
        """What is to be asked: items of the Questionnaire, each with its question."""
        system = canonical(self.base.vocabulary)
        facts = self.base.facts
        asked = [coding(system, name, facts[name].ask) for name in question.facts]
        return {
            "type": "QuestionnaireResponse",
            "codeFilter": [{"path": "item.linkId", "code": asked}],
        }

    # -- referrals --

    @cached_property
    def referrals(self) -> tuple[_Referral, ...]:
        """Where the patient is referred to, without the operator's own field."""
        said = self.outcome.disposition
        every = []
        if said.action == "refer" and said.to and said.urgency and not said.own:
            because = (said.headline, *texts(unsaid(said)))
            every.append(_Referral(said.to, said.urgency, because))
        every += [_Referral(each.to, each.urgency, (each.text,)) for each in said.also]
        return tuple(every)

    def referral(self, referral: _Referral) -> Element:
        """The referral as a request to be made by a clinician."""
        where = self.base.destinations.get(referral.to)
        to = where.label if where else spaced(referral.to)
        how_soon = f"How soon: {self.how_soon(referral.urgency)}."
        code = self.concept("destination", referral.to, to)
        said = (f"Referral to {to}.", how_soon, *referral.because)
        fields = {
            **self.request({**code, "text": fhir_text(f"Referral to {to}")}),
            "priority": PRIORITY[referral.urgency],
            "performerType": code,
            "reasonCode": [{"text": fhir_text(referral.because[0])}],
            "note": notes((how_soon, *referral.because, *self.notice)),
        }
        return self.written("ServiceRequest", said, fields)

    # -- options --

    @cached_property
    def proposed(self) -> tuple[Place, ...]:
        """The options that are proposed: all that are offered, or none in danger."""
        return () if self.in_danger else tuple(self.outcome.ranking)

    def choice(self) -> Element:
        """At most one of the options that are offered."""
        leaves = [
            {
                "prefix": f"{place.rank}{'=' if place.tied else ''}",
                "title": fhir_text(capital(place.label)),
                "description": fhir_text(_standing(place)),
                "resource": _local(f"option.{place.option}"),
            }
            for place in self.proposed
        ]
        title = "At most one of these"
        said = [
            f"{leaf['prefix']} {leaf['title']}: {leaf['description']}"
            for leaf in leaves
        ]
        parent = {"title": title, "selectionBehavior": "at-most-one", "action": leaves}
        fields = {
            "status": "draft",
            "intent": "proposal",
            "subject": self.subject,
            "authoredOn": self.moment,
            "author": self.program,
            "note": notes(self.notice),
            "action": [parent],
        }
        return self.written("RequestGroup", (f"{title}:", *said), fields)

    # -- where it comes from --

    def provenance(
        self, resources: Mapping[str, Any], sources: Iterable[Element]
    ) -> Element:
        """What made all of it, from which knowledge and resources."""
        named = {"knowledge": (self.stamp.digest, f"knowledge {self.stamp.version}")}
        policy = self.stamp.policy
        if policy is not None:
            named["policy"] = (policy.digest, f"{policy.name}, {policy.version}")
        known = [_identified(kind, *said) for kind, said in named.items()]
        whole = [*known, *sources]
        fields = {
            "target": [_local(name) for name in resources],
            "recorded": self.moment,
            "agent": [{"who": self.program}],
            "entity": [{"role": "source", "what": each} for each in whole],
        }
        return self.written("Provenance", (f"Made by {self.outcome.engine}.",), fields)


def _in_a_line(part: BriefPart) -> str:
    """A part of the brief as one paragraph, such as "Plan: Leave alone, as wished."."""
    said = [
        f"{each.lead}: {each.text}" if each.lead else each.text for each in part.lines
    ]
    ended = (each if each.endswith(_ENDS) else f"{each}." for each in said)
    return f"{capital(part.label)}: {' '.join(ended)}"


def _identified(kind: str, value: str, words: str) -> Element:
    """Something outside the Bundle, by an identifier of ours."""
    identifier = {"system": own(kind), "value": value}
    return {"identifier": identifier, "display": fhir_text(words)}


def _standing(place: Place) -> str:
    return spaced(place.standing)


def _record(source: RecordSource) -> Element:
    """A resource of a record, by its version where that can be said."""
    reference, version = source.reference, source.version
    if not _REFERENCE.fullmatch(reference):
        return {"display": fhir_text(reference) or "a resource"}
    if _VERSION.fullmatch(version) and "/" in reference:
        return {"reference": f"{reference}/_history/{version}"}
    return {"reference": reference}


def _local(name: str) -> Element:
    return {"reference": f"{_LOCAL}{name}"}


def _ids(resources: Mapping[str, Any], moment: str) -> tuple[str, Mapping[str, str]]:
    """The id of the Bundle, and of each resource, from the content of all of them."""
    content = json.dumps([moment, resources], sort_keys=True).encode()
    seed = uuid5(NAMESPACE_URL, own("bundle", hashlib.sha256(content).hexdigest()))
    return str(seed), {name: str(uuid5(seed, name)) for name in resources}


def _referring(part: Any, ids: Mapping[str, str]) -> Any:
    """A part of a resource whose references to others of the Bundle have their ids."""
    match part:
        case {"reference": str(name), **rest} if name.startswith(_LOCAL):
            name = name.removeprefix(_LOCAL)
            return {"reference": f"urn:uuid:{ids[name]}", **rest}
        case dict():
            return {key: _referring(each, ids) for key, each in part.items()}
        case list():
            return [_referring(each, ids) for each in part]
    return part
