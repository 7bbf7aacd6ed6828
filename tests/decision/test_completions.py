"""Where the first place would take too many nodes: made for the case, or a superset."""

from __future__ import annotations

import copy
from itertools import count

import attrs
import pytest

from milia_cds import Case, load_knowledge
from milia_cds.decision import all_cases as of_all_cases
from milia_cds.decision import completions as of_a_case
from milia_cds.decision.all_cases import AllCases, all_cases, prepare
from milia_cds.decision.completions import (
    Completions,
    cells_of,
    completions_of,
)
from milia_cds.decision.engine import compiled
from milia_cds.decision.exact import exact
from milia_cds.decision.record import Record
from milia_cds.explanation.questions import questions
from milia_cds.explanation.why_not import why_not
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.diagrams import Diagrams

pytestmark = pytest.mark.slow  # they make the diagrams of all cases

BASE = load_knowledge()
ENGINE = compiled(BASE)
COUNT = count()
"""What tells one fresh knowledge from the next."""

CASES = {
    "nothing": Case(),
    "age and site": Case().stating({"age_years": 34, "site": "cheek"}),
    "a child": Case.from_dict(
        {
            "patient": {"age_years": 5, "pregnancy": "not_possible"},
            "lesion": {"site": "cheek", "origin": "primary", "pattern": "scattered"},
            "assume_absent": ["findings", "history"],
        }
    ),
    "little offered": Case.from_dict(
        {
            "patient": {"age_years": 40, "phototype": 3},
            "lesion": {"site": "cheek", "diagnosis": "confirmed"},
            "clinic": {"offers": ["extraction", "cryotherapy", "tretinoin"]},
            "assume_absent": ["findings"],
        }
    ),
}

every = pytest.mark.parametrize("name", CASES)


def left(results: AllCases, case: Case) -> Completions:
    record = ENGINE.decide(
        case.values(), absent=case.absent(), offers=case.clinic.offers
    )
    return Completions(results, record)


@pytest.fixture(scope="module")
def wholes() -> dict[str, Completions]:
    """What the diagrams of all cases say, made before any limit is lowered."""
    results = AllCases(BASE)
    every = {name: left(results, case) for name, case in CASES.items()}
    assert all(each.first is not None for each in every.values())
    return every


@pytest.fixture(scope="module")
def of_the_base(wholes: dict[str, Completions]) -> AllCases:
    """All cases of the base, made after `wholes`: before any limit is lowered."""
    assert wholes
    return AllCases(BASE)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch, of_the_base: AllCases) -> AllCases:
    """All cases, for which the first place of all cases takes too many nodes."""
    monkeypatch.setattr(of_all_cases, "MOST_NODES", 10)
    return of_the_base


@every
def test_made_for_the_case_alone_the_answers_are_the_same(
    name: str, narrow: AllCases, wholes: dict[str, Completions]
) -> None:
    mine, whole = left(narrow, CASES[name]), wholes[name]
    assert mine.results.first is None
    if not mine.exact:
        pytest.fail("20,000 nodes should do for these cases")
    assert mine.possible_first == whole.possible_first
    assert questions(mine) == questions(whole)
    assert mine.agree_with(mine.record) == whole.agree_with(whole.record)


@every
def test_past_that_limit_too_it_says_so_and_gives_never_too_few(
    name: str,
    narrow: AllCases,
    wholes: dict[str, Completions],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(of_a_case, "MOST_NODES_OF_A_CASE", 1)
    mine, whole = left(narrow, CASES[name]), wholes[name]
    assert not mine.exact
    assert not mine.agree_with(mine.record)
    assert set(mine.possible_first) >= set(whole.possible_first)
    asked = {fact for each in questions(mine) for fact in each.facts}
    assert asked >= {fact for each in questions(whole) for fact in each.facts}
    decisive = {f for each in questions(mine) if each.decisive for f in each.facts}
    assert decisive >= {
        f for each in questions(whole) if each.decisive for f in each.facts
    }
    monkeypatch.setattr("milia_cds.explanation.why_not.MOST_NODES", 1)
    said = why_not(mine, BASE.options["extraction"])
    assert (said.exact, said.first) == (False, ())


def test_the_shipped_knowledge_needs_no_limit(wholes: dict[str, Completions]) -> None:
    whole = wholes["nothing"]
    assert whole.results.first is not None
    size = whole.results.diagrams.size(whole.results.first)
    assert size < of_all_cases.MOST_NODES / 10


# -- diagrams of one case, or of all ---------------------------------------------------


def made(name: str, knowledge: Knowledge) -> Completions:
    case = CASES[name]
    record = ENGINE.decide(case.values(), absent=case.absent())
    return completions_of(knowledge, record)


@pytest.fixture
def fresh() -> Knowledge:
    """What says the same as the shipped knowledge, and had no diagram made yet."""
    return attrs.evolve(BASE, digest=f"sha256:{next(COUNT)}")


def test_a_case_of_which_much_is_known_has_small_diagrams_of_its_own(
    fresh: Knowledge,
) -> None:
    mine = made("a child", fresh)
    assert len(mine.results.diagrams) < 1000
    assert not all_cases(fresh).prepared


@pytest.mark.parametrize("name", ["nothing", "age and site"])
def test_where_little_is_known_those_of_all_cases_are_made_and_kept(
    name: str, fresh: Knowledge
) -> None:
    assert made(name, fresh).results is all_cases(fresh)
    assert all_cases(fresh).prepared
    assert made("a child", fresh).results is all_cases(fresh)


def decided(case: Case) -> Record:
    return ENGINE.decide(case.values(), absent=case.absent())


@pytest.fixture(scope="module")
def narrowed(wholes: dict[str, Completions]) -> AllCases:
    """The results of the cases that have what is so where nothing is stated."""
    variables = wholes["nothing"].variables
    fixed = cells_of(variables, decided(CASES["nothing"]).facts)
    assert fixed
    return AllCases(BASE, Diagrams(variables, fixed))


@pytest.mark.parametrize("name", ["nothing", "age and site", "a child"])
def test_what_many_cases_share_may_be_fixed_first(
    name: str, narrowed: AllCases, wholes: dict[str, Completions]
) -> None:
    whole = wholes[name]
    mine = Completions(narrowed, whole.record)
    assert questions(mine) == questions(whole)
    assert mine.possible_first == whole.possible_first
    assert exact(ENGINE, mine) == exact(ENGINE, whole)
    option = BASE.options["extraction"]
    assert why_not(mine, option) == why_not(whole, option)


def test_the_narrowest_results_serve_a_case_that_they_are_about(
    narrowed: AllCases, wholes: dict[str, Completions]
) -> None:
    whole = copy.copy(all_cases(BASE))
    whole.narrowed = (narrowed,)
    variables = wholes["nothing"].variables
    stated = CASES["nothing"].stating({"findings.explained_by_histology": True})
    for case, serving in ((CASES["a child"], narrowed), (stated, whole)):
        assert whole.fitting(cells_of(variables, decided(case).facts)) is serving


def test_prepared_knowledge_serves_every_case(fresh: Knowledge) -> None:
    results = prepare(fresh)
    before = len(results.diagrams)
    assert made("a child", fresh).results is results
    questions(made("a child", fresh))
    assert len(results.diagrams) == before
