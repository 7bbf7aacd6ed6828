"""The extra `testing`: Hypothesis draws cases, and each has an answer."""

from hypothesis import given, settings

from milia_cds import Case, assess
from milia_cds.testing import near_patients

drawn: list[str] = []


@settings(max_examples=20, database=None, deadline=None)
@given(near_patients())
def answered(case: Case) -> None:
    """Assess a case that was drawn."""
    drawn.append(assess(case).disposition.headline)


answered()
print(f"{len(drawn)} cases were drawn and answered")
