"""The rule as FHIRPath expressions of fhirpathpy."""

from typing import Any

from fhirpathpy import evaluate
from trial import may_be_given, trial


def by_expression(text: str, case: dict[str, Any]) -> object:
    """Evaluate an expression; the empty collection is no answer."""
    found = evaluate(case, text, {})
    return found[0] if found else None


for text in (
    "iif(pregnant, 'avoid', 'give')",
    "iif(pregnant = false, 'give', 'avoid')",
):
    trial(f"`{text}`", lambda case, text=text: by_expression(text, case))
trial(
    "`pregnant.not()`, as “may be given”",
    lambda case: may_be_given(by_expression("pregnant.not()", case)),
)
