"""The form of the example program is a door like the others: it gives the same case."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples.apps import plain_form
from milia_cds import Case
from milia_cds.testing import hostile_cases, near_patients
from tests.common import THOROUGH
from tests.property.deciding import PROFILE
from tests.property.forms import by_form, posted

FEW = settings(PROFILE, max_examples=10_000 if THOROUGH else 40)
FACTS = st.sampled_from([*plain_form.FACTS])


@pytest.mark.parametrize(
    "cases", [near_patients(), hostile_cases()], ids=["near", "hostile"]
)
def test_a_form_gives_the_case_that_json_gives(cases: st.SearchStrategy[Case]) -> None:
    @FEW
    @given(cases)
    def check(case: Case) -> None:
        data = case.to_dict()
        assert by_form(data) == Case.from_dict(data) == case

    check()


@FEW
@given(near_patients(), FACTS)
def test_a_field_that_is_left_empty_changes_nothing(case: Case, name: str) -> None:
    fields = dict(posted(case.to_dict()))
    assert plain_form.case_of_form({name: ["", " "], **fields}) == case


@pytest.mark.parametrize("name", plain_form.FACTS)
def test_not_known_is_what_null_is_and_untouched_what_is_left_out(name: str) -> None:
    section, _, fact = name.partition(".")
    screened = ["findings", "history"]
    null = {section: {fact: None}, "assume_absent": screened}
    form = {name: ["not_known"], "assume_absent": screened}
    assert plain_form.case_of_form(form) == Case.from_dict(null)
    untouched = {name: [""], "assume_absent": screened}
    left_out = Case.from_dict({"assume_absent": screened})
    assert plain_form.case_of_form(untouched) == left_out
