"""What the service says of itself: its two services, and what each wants to know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from milia_cds.adapters.cds_hooks.calls import HOOKS
from milia_cds.adapters.fhir.codes import index_of
from milia_cds.adapters.fhir.questionnaire import canonical
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital

_TITLES = {"patient-view": "what fits", "order-sign": "a draft order"}
_DOES = {
    "patient-view": (
        "Says what fits {case}, what may not be done and what is still to be asked, "
        "where the record holds the condition."
    ),
    "order-sign": (
        "Says which dangers a draft order would raise, and how an ordered option "
        "stands for {case}."
    ),
}
_KINDS = {
    "conditions": "Condition",
    "observations": "Observation",
    "allergies": "AllergyIntolerance",
    "medication_statements": "MedicationStatement",
    "medication_requests": "MedicationRequest",
    "devices": "Device",
    "device_uses": "DeviceUseStatement",
    "procedures": "Procedure",
    "adverse_events": "AdverseEvent",
    "documents": "DocumentReference",
}
"""The type of resource that each prefetch key is for."""
_OF_CLINICS = frozenset({"AdverseEvent", "DocumentReference"})
"""The types that are wanted only where a clinic has given a code."""
ANSWERS = "answers"
"""The prefetch key of what was answered to the questions of the form."""
_PATIENT = "Patient/{{context.patientId}}"


def service_id(base: Knowledge, hook: str) -> str:
    """The id of the service for a hook: it begins with the domain.

    Parameters
    ----------
    base
        The knowledge base.
    hook
        One of `HOOKS`.
    """
    domain = re.sub(r"[^A-Za-z0-9]+", "-", base.vocabulary.domain)
    return f"{domain}-{hook}"  # it is a part of an address


def services(base: Knowledge) -> dict[str, Any]:
    """What `GET /cds-services` answers.

    Parameters
    ----------
    base
        The knowledge base, with the policy of a clinic where it has one.

    Examples
    --------
    >>> from milia_cds import load_knowledge
    >>> [each["hook"] for each in services(load_knowledge())["services"]]
    ['patient-view', 'order-sign']
    """
    about, case = base.about, base.vocabulary.case
    wanted = prefetch(base)
    return {
        "services": [
            {
                "hook": hook,
                "id": service_id(base, hook),
                "title": f"{capital(base.vocabulary.domain)}: {_TITLES[hook]}",
                "description": f"{_DOES[hook].format(case=case)} "
                f"Knowledge {about.version}: {stamp(base).notice}.",
                "prefetch": dict(wanted),
                "usageRequirements": "Whatever is not sent is not known, which is "
                "never no; the service asks no server itself.",
            }
            for hook in HOOKS
        ]
    }


def prefetch(base: Knowledge) -> Mapping[str, str]:
    """What is wanted of the record, by prefetch key.

    Only what some rule of the knowledge reads, each by the full reference to the
    patient: servers that are asked for a bare id may find nothing.
    """
    read = {kind for rule in base.fhir.rule for kind in rule.resources}
    read -= {kind for kind in _OF_CLINICS if not index_of(base).has_codes(kind)}
    found = {"patient": _PATIENT}
    for key, kind in _KINDS.items():
        if kind in read:
            name = "subject" if kind == "AdverseEvent" else "patient"
            found[key] = f"{kind}?{name}={_PATIENT}"
    form = canonical(base.vocabulary)
    found[ANSWERS] = f"QuestionnaireResponse?subject={_PATIENT}&questionnaire={form}"
    return found
