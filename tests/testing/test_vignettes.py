"""The vignettes of `tests/cases`: each comes out as a clinician expects."""

from collections import Counter

import pytest

from milia_cds.testing import Vignette, VignetteError, check_vignette, load_vignettes
from tests.common import CASES, vignettes


def loaded() -> tuple[Vignette, ...]:
    """Load the vignettes; where they cannot be read, the first test says why."""
    try:
        return vignettes()
    except VignetteError:
        return ()


VIGNETTES = loaded()


def test_every_file_of_vignettes_can_be_read() -> None:
    assert load_vignettes(CASES)


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda each: each.id)
def test_it_comes_out_as_expected(vignette: Vignette) -> None:
    assert check_vignette(vignette) == []


def test_no_two_vignettes_share_an_id_or_a_title() -> None:
    for key in ("id", "title"):
        counted = Counter(getattr(each, key) for each in VIGNETTES)
        assert [name for name, count in counted.items() if count > 1] == []


def test_every_vignette_says_why_and_on_what_evidence() -> None:
    for each in VIGNETTES:
        assert each.title.strip(), each.id
        assert each.because.strip(), each.id
        assert each.evidence, each.id
        assert all(evidence.strip() for evidence in each.evidence), each.id
