"""The service answers all that its OpenAPI allows, and all that it does not, as it says.

Schemathesis makes the requests from the description that the service gives of itself,
and holds each answer to it.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from milia_cds import load_knowledge
from milia_cds.adapters.cds_hooks.service import service
from tests.common import THOROUGH

HERE = "http://127.0.0.1:8080"
EXAMPLES = 1000 if THOROUGH else 30


@pytest.fixture(scope="module")
def described() -> Any:
    app = service(load_knowledge(), trusted=None, base_url=HERE)
    return schemathesis.openapi.from_asgi("/openapi.json", app)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_every_answer_is_one_that_is_described(case: Any) -> None:
    answer = case.call_and_validate()
    assert answer.status_code < 500
