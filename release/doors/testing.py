"""The extra `testing`: Hypothesis draws cases, and each has an answer."""

from hypothesis import given, settings

from milia_cds import assess
from milia_cds.testing import near_patients

drawn = []


@settings(max_examples=20, database=None, deadline=None)
@given(near_patients())
def answered(case: object) -> None:
    """Assess a case that was drawn."""
    drawn.append(assess(case).disposition.because)  # type: ignore[arg-type] # drawn


answered()
print(f"{len(drawn)} cases were drawn and answered")
