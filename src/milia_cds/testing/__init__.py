"""For testing a knowledge base: random cases, and vignettes with what must come out.

Needs the extra `testing`. The strategies are for Hypothesis; the vignettes are TOML
files, so that a clinic can test its own without writing Python:

>>> from hypothesis import given
>>> from milia_cds import assess
>>> from milia_cds.testing import near_patients
>>> @given(near_patients())
... def test_every_case_gets_an_answer(case):
...     assert assess(case).disposition.because
"""

from importlib.util import find_spec

if find_spec("hypothesis") is None:
    message = "milia_cds.testing needs Hypothesis: pip install milia-cds[testing]"
    raise ImportError(message, name="hypothesis")

from milia_cds.testing.expectations import check_vignette
from milia_cds.testing.patients import near_patients
from milia_cds.testing.strategies import completions, hostile_cases
from milia_cds.testing.vignettes import (
    Expect,
    ExpectedDisposition,
    Vignette,
    VignetteError,
    load_vignettes,
)

__all__ = [
    "Expect",
    "ExpectedDisposition",
    "Vignette",
    "VignetteError",
    "check_vignette",
    "completions",
    "hostile_cases",
    "load_vignettes",
    "near_patients",
]
