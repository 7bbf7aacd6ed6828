"""What the service says of itself."""

from __future__ import annotations

import re

from milia_cds import load_knowledge
from milia_cds.adapters.cds_hooks.calls import HOOKS
from milia_cds.adapters.cds_hooks.discovery import prefetch, service_id, services
from milia_cds.adapters.fhir.questionnaire import canonical
from tests.adapters.cds_hooks.charts import base
from tests.common import OTHERWORLD

KEYS = {
    "patient",
    "conditions",
    "observations",
    "allergies",
    "medication_statements",
    "medication_requests",
    "devices",
    "device_uses",
    "procedures",
    "answers",
}


def test_there_is_a_service_for_each_hook() -> None:
    found = services(base())["services"]
    assert [each["hook"] for each in found] == [*HOOKS]
    assert [each["id"] for each in found] == [
        "milia-patient-view",
        "milia-order-sign",
    ]
    for each in found:
        assert each["title"]
        assert base().about.notice in each["description"]
        assert each["usageRequirements"]


def test_what_is_wanted_is_asked_for_by_the_whole_reference() -> None:
    wanted = prefetch(base())
    assert {*wanted} == KEYS
    assert wanted["patient"] == "Patient/{{context.patientId}}"
    for key, query in wanted.items():
        if key != "patient":
            assert "=Patient/{{context.patientId}}" in query
    assert wanted["answers"].endswith(f"&questionnaire={canonical(base().vocabulary)}")


def test_only_what_some_rule_reads_is_wanted() -> None:
    other = load_knowledge(OTHERWORLD)
    assert {*prefetch(other)} == {"patient", "conditions", "observations", "answers"}
    kinds = {re.split(r"[/?]", query)[0] for query in prefetch(base()).values()}
    read = {kind for rule in base().fhir.rule for kind in rule.resources}
    assert kinds <= read | {"QuestionnaireResponse"}


def test_services_of_two_domains_do_not_share_an_id() -> None:
    other = load_knowledge(OTHERWORLD)
    ids = {service_id(each, hook) for each in (base(), other) for hook in HOOKS}
    assert len(ids) == 4
