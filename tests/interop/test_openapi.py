"""The service answers what its OpenAPI allows, and what it does not, as it says.

Schemathesis makes the requests from the description that the service gives of itself,
sends each with a token, without and with one that is made up, and holds every answer to
the description.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from benchmarks.serving import BASE_URL, ISSUER, Clinic
from milia_cds import load_knowledge
from milia_cds.adapters.cds_hooks.feedback_file import FeedbackFile
from milia_cds.adapters.cds_hooks.service import service
from milia_cds.adapters.cds_hooks.tokens import Issuers
from tests.adapters.fhir.records import SNOMED, concept, status
from tests.common import THOROUGH

EXAMPLES = 2000 if THOROUGH else 20
MILIA = concept((SNOMED, "254679001"))
OPERATIONS = (
    "GET /cds-services",
    "POST /cds-services/milia-patient-view",
    "POST /cds-services/milia-patient-view/feedback",
    "POST /cds-services/milia-order-sign",
    "POST /cds-services/milia-order-sign/feedback",
    "GET /health",
    "GET /form",
    "POST /form",
)
load_all_checks()
# No schema says that a form without an answer is refused, or a record of two patients.
BEYOND_FORM = CHECKS.get_by_names(["positive_data_acceptance"])
# A form that is to be changed comes back with whatever was typed.
COMES_BACK = CHECKS.get_by_names(["negative_data_rejection"])


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return Clinic()


@pytest.fixture(scope="module")
def described(clinic: Clinic, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The operations that the service describes, by method and path."""
    app = service(
        load_knowledge(),
        trusted=Issuers({ISSUER: clinic.keys()}),
        base_url=BASE_URL,
        feedback=FeedbackFile(tmp_path_factory.mktemp("kept") / "feedback.jsonl"),
    )
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    found = [each.ok() for each in schema.get_all_operations()]
    return {each.label: each for each in found}


def test_every_operation_is_tried(described: Any) -> None:
    assert set(described) == set(OPERATIONS)


def tell(call: dict[str, Any]) -> None:
    """Add to a call the patient, without whom none is answered, and milia."""
    who = call["context"]["patientId"]
    told = {
        "patient": {"resourceType": "Patient", "id": who},
        "conditions": {
            "resourceType": "Condition",
            "subject": {"reference": f"Patient/{who}"},
            "code": MILIA,
            "clinicalStatus": status("condition-clinical", "active"),
            "verificationStatus": status("condition-ver-status", "confirmed"),
        },
    }
    call["prefetch"] = {**call.get("prefetch", {}), **told}


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_is_described(
    label: str, mode: str, clinic: Clinic, described: Any
) -> None:
    operation = described[label]
    seen: set[int] = set()
    spoken: list[str] = []
    if mode == "negative" and not (operation.body or operation.query):
        return  # there is nothing in the request that could be wrong
    left_out = BEYOND_FORM + (COMES_BACK if label == "POST /form" else [])
    made = operation.as_strategy(generation_mode=GenerationMode(mode))

    @settings(
        max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=made)
    def answered_as_described(case: Any) -> None:
        if mode == "positive" and isinstance(case.body, dict) and "hook" in case.body:
            tell(case.body)
        token = clinic.token(f"{BASE_URL}{case.operation.path}")
        headers = {"Authorization": f"Bearer {token}"}
        answer = case.call_and_validate(headers=headers, excluded_checks=left_out)
        assert answer.status_code < 500
        seen.add(int(answer.status_code))
        if mode == "positive" and answer.text.startswith('{"cards":[{'):
            spoken.append(label)

    answered_as_described()
    refused = {each for each in seen if each >= 400}
    if mode == "positive" and label.endswith("patient-view"):
        assert len(spoken) > EXAMPLES / 2
    if mode == "negative":
        assert refused
    elif not label.endswith("feedback"):  # whose form says little of what it needs
        assert seen - refused
