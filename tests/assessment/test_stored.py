"""Stored answers: what could not have come out is refused, and nothing is taken on."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from copy import copy, deepcopy
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest

from milia_cds import (
    Assessment,
    AssessmentError,
    Case,
    assess,
    contributions,
    decision_graph,
    diff,
    leaflet,
    load_knowledge,
)
from milia_cds.assessment.stored import NOT_CHECKED, content_digest, sealed
from milia_cds.render.lines import DETAILS
from tests.common import adult, assessment_card, richly

Change: TypeAlias = Callable[[dict[str, Any]], object]
BASE = load_knowledge()
POLICY = Path(__file__).parents[2] / "examples" / "policy.toml"


@cache
def answer(kind: str) -> Assessment:
    facts: dict[str, dict[str, Any]] = {
        "cheek": {},
        "open": {"pregnancy": None},
        "pregnant": {"pregnancy": "pregnant", "isotretinoin": "current"},
        "growing": {"growing": True},
    }
    return assess(adult(**facts[kind]))


@cache
def _written(kind: str) -> dict[str, Any]:
    return answer(kind).to_dict()


def written(kind: str = "cheek") -> dict[str, Any]:
    return deepcopy(_written(kind))


def problems(kind: str, change: Change) -> list[str]:
    """What is wrong with a changed answer whose digest is made anew."""
    data = written(kind)
    change(data)
    with pytest.raises(AssessmentError) as refused:
        Assessment.from_dict(sealed(data))
    return [str(each) for each in refused.value.problems]


def place(number: int, **changes: Any) -> Change:
    return lambda data: data["ranking"][number].update(changes)


def part(name: str, **changes: Any) -> Change:
    return lambda data: data[name].update(changes)


def first_of(name: str, **changes: Any) -> Change:
    return lambda data: data[name][0].update(changes)


def whole(**changes: Any) -> Change:
    return lambda data: data.update(changes)


def put_first(data: dict[str, Any]) -> None:
    """Write an excluded drug into the first place."""
    data["ranking"][0].update(option="tretinoin", label="tretinoin")


def moved(data: dict[str, Any]) -> None:
    """The same, and take it from what is excluded."""
    put_first(data)
    data["excluded"] = [e for e in data["excluded"] if e["option"] != "tretinoin"]
    data["possible_first"] = ["tretinoin"]


AGAIN = "assess the case again"
VERDICT = f"the option has one verdict; {AGAIN}"
FORBIDDEN = (
    'ranking[0].option: "tretinoin" is forbidden by gate.tretinoin.pregnancy of the '
    f"trace; {VERDICT}"
)
CANNOT_BE: dict[str, tuple[str, Change, list[str]]] = {
    "an excluded drug that is in the first place too": (
        "pregnant",
        put_first,
        [
            f'excluded[6].option: "tretinoin" stands in ranking[0] too; {VERDICT}',
            FORBIDDEN,
            f'possible_first[0]: "extraction" is neither offered nor withheld; {AGAIN}',
            (
                "possible_first: it does not fit the first place of the ranking: "
                f"tretinoin; {AGAIN}"
            ),
            f'ranking: "extraction" has no verdict; {AGAIN}',
        ],
    ),
    "an excluded drug that was moved to the first place": (
        "pregnant",
        moved,
        [FORBIDDEN, f'ranking: "extraction" has no verdict; {AGAIN}'],
    ),
    "an option twice": (
        "cheek",
        lambda data: data["ranking"].append(data["ranking"][0]),
        [
            f'ranking[11].option: "extraction" stands in ranking[0] too; {VERDICT}',
            f"ranking[0].tied: false does not fit the ranks; {AGAIN}",
        ],
    ),
    "the order turned round": (
        "cheek",
        lambda data: data["ranking"].reverse(),
        ["ranking[0].rank: the rank 11 is not that of its place; it is 1"],
    ),
    "the worse before the better": (
        "cheek",
        place(0, standing="limited"),
        [f'ranking[1]: "observation" stands behind what is worse; {AGAIN}'],
    ),
    "a rank against the order": (
        "cheek",
        place(2, rank=7),
        ["ranking[2].rank: the rank 7 is not that of its place; it is 3"],
    ),
    "a tie of one": (
        "cheek",
        place(0, tied=True),
        [f"ranking[0].tied: true does not fit the ranks; {AGAIN}"],
    ),
    "points beyond bounds": (
        "cheek",
        place(0, points=500),
        [f"ranking[0].points: 500 is not within 0 to 100; {AGAIN}"],
    ),
    "points that are not the sum": (
        "cheek",
        place(0, points=90, value=0.9),
        [
            f"ranking[0].points: 90 is not the sum of the contributions, 80; {AGAIN}",
        ],
    ),
    "another most": (
        "cheek",
        place(0, of=200),
        [f"ranking[0].of: 200 is not the most that there can be, 100; {AGAIN}"],
    ),
    "a value that is not the quotient": (
        "cheek",
        place(0, value=0.99),
        [f"ranking[0].value: 0.99 is not 80 of 100; {AGAIN}"],
    ),
    "a value that is no number": (
        "cheek",
        place(0, value=float("nan")),
        [f"ranking[0].value: nan is no number; {AGAIN}"],
    ),
    "a fact that is no number": (
        "cheek",
        lambda data: data["trace"][0]["facts"].update(x=float("inf")),
        [f"trace[0].facts.x: inf is no number; {AGAIN}"],
    ),
    "a level beyond the scale": (
        "cheek",
        lambda data: data["ranking"][0]["contributions"][0].update(level=7),
        [
            "ranking[0].contributions[0]: the level 7 is not within 0 to 4; " + AGAIN,
        ],
    ),
    "a contribution that is no product": (
        "cheek",
        lambda data: data["ranking"][0]["contributions"][0].update(points=99),
        [
            f"ranking[0].contributions[0].points: 99 is not 4 times 8; {AGAIN}",
            f"ranking[0].points: 80 is not the sum of the contributions, 147; {AGAIN}",
        ],
    ),
    "the best standing below the worst": (
        "cheek",
        place(1, best_standing="limited"),
        [f"ranking[1].standing: reasonable is above the best, limited; {AGAIN}"],
    ),
    "what is not recommended in the ranking": (
        "cheek",
        place(10, standing="not_recommended"),
        [
            "ranking[10].standing: what is not recommended is not offered; " + AGAIN,
        ],
    ),
    "no urgency beside a referral": (
        "growing",
        whole(urgency=None),
        [f'urgency: null is not the highest, "urgent"; {AGAIN}'],
    ),
    "an alert that is gone": (
        "pregnant",
        lambda data: data["alerts"].clear(),
        [f'urgency: "same_day" is not the highest, null; {AGAIN}'],
    ),
    "an alert twice": (
        "pregnant",
        lambda data: data["alerts"].append(data["alerts"][0]),
        [
            (
                'alerts[2].alert: the alert "oral_retinoid_in_pregnancy" is given '
                f"twice; {AGAIN}"
            ),
        ],
    ),
    "a certain alert that asks": (
        "pregnant",
        first_of("alerts", asks=["patient.pregnancy"]),
        [f"alerts[0].asks: it is certain, and lacks something; {AGAIN}"],
    ),
    "an alert to ask for that lacks nothing": (
        "pregnant",
        lambda data: data["alerts"][1].update({"asks": [], "if": None}),
        [f"alerts[1].asks: it is asked for, and lacks nothing; {AGAIN}"],
    ),
    "a referral to nowhere": (
        "growing",
        part("disposition", to=None),
        [f'disposition.to: null does not fit "refer"; {AGAIN}'],
    ),
    "at worst less than it is": (
        "growing",
        part("disposition", at_worst="routine"),
        [f'disposition.at_worst: "routine" is not above "urgent"; {AGAIN}'],
    ),
    "treatment where nothing is offered": (
        "growing",
        lambda data: (
            part("disposition", action="treat", to=None, urgency=None)(data),
            whole(urgency=None)(data),
        ),
        [f"disposition.action: nothing is offered that would treat; {AGAIN}"],
    ),
    "a first place that could not come first": (
        "cheek",
        whole(possible_first=[]),
        [
            (
                "possible_first: it does not fit the first place of the ranking: "
                f"extraction; {AGAIN}"
            ),
        ],
    ),
    "determinate with an alert to ask for": (
        "pregnant",
        whole(status="determinate"),
        [
            (
                "status: what is determinate has no decisive question and no alert to "
                f"ask for; {AGAIN}"
            ),
        ],
    ),
    "a fact asked for twice": (
        "open",
        lambda data: data["questions"].append(data["questions"][0]),
        [f'questions[1].facts: "patient.pregnancy" is asked for twice; {AGAIN}'],
    ),
    "a scenario without its words": (
        "cheek",
        whole(situations=[]),
        [f"situations: there is not one for each scenario; {AGAIN}"],
    ),
}
ELSEWHERE: dict[str, tuple[str, Change, list[str]]] = {
    "an option left out": (
        "cheek",
        lambda data: data["ranking"].pop(),
        [f'ranking: "home_exfoliation" has no verdict; {AGAIN}'],
    ),
    "another notice": (
        "cheek",
        part("knowledge", notice="clinically approved"),
        [
            (
                'knowledge.notice: "clinically approved" is not what its knowledge '
                'says; it says "draft, not clinically reviewed"'
            ),
        ],
    ),
    "another state of review": (
        "cheek",
        part("knowledge", status="reviewed", reviewed_by=["A. Nobody"]),
        [
            (
                'knowledge.status: "reviewed" is not what its knowledge says; it says '
                '"draft"'
            ),
            (
                "knowledge.reviewed_by: A. Nobody is not what its knowledge says; it "
                "says nobody"
            ),
        ],
    ),
    "another label": (
        "cheek",
        place(0, label="magic"),
        [
            (
                'ranking[0].label: "magic" is not what its knowledge says; it says '
                '"extraction"'
            ),
        ],
    ),
    "an alert made less urgent": (
        "pregnant",
        lambda data: data["alerts"][1].update(urgency="routine"),
        [
            (
                'alerts[1].urgency: "routine" is not what its knowledge says; it says '
                '"same_day"'
            ),
        ],
    ),
    "a question about no fact": (
        "open",
        first_of("questions", facts=["patient.shoe"]),
        [
            (
                'questions[0].facts[0]: there is no fact "patient.shoe"; did you mean '
                '"patient.phototype"?'
            ),
        ],
    ),
    "what is withheld asks for no fact": (
        "open",
        first_of("withheld", asks=["patient.pregnency"]),
        [
            (
                'withheld[0].asks[0]: there is no fact "patient.pregnency"; did you '
                'mean "patient.pregnancy"?'
            ),
        ],
    ),
    "no measure": (
        "cheek",
        first_of("measures", measure="prayer"),
        [
            (
                'measures[0].measure: there is no measure "prayer"; use one of '
                "lidocaine_infiltration, topical_anaesthetic"
            ),
        ],
    ),
    "no criterion": (
        "cheek",
        lambda data: data["ranking"][0]["contributions"][0].update(criterion="sped"),
        [
            (
                'ranking[0].contributions[0].criterion: there is no criterion "sped"; '
                'did you mean "speed"?'
            ),
        ],
    ),
    "another scenario": (
        "cheek",
        whole(scenarios=["newborn"]),
        [f"situations: they are not in the words of its knowledge; {AGAIN}"],
    ),
}


@pytest.mark.parametrize("claim", [*CANNOT_BE, *ELSEWHERE])
def test_what_could_not_have_come_out_is_refused(claim: str) -> None:
    kind, change, expected = {**CANNOT_BE, **ELSEWHERE}[claim]
    assert problems(kind, change) == expected


@pytest.mark.parametrize("claim", CANNOT_BE)
def test_it_is_refused_too_where_its_knowledge_is_not_at_hand(claim: str) -> None:
    kind, change, expected = CANNOT_BE[claim]

    def and_gone(data: dict[str, Any]) -> None:
        change(data)
        data["knowledge"]["digest"] = "sha256:gone"

    assert problems(kind, and_gone) == [
        each for each in expected if "has no verdict" not in each
    ]


def test_content_that_changed_after_it_was_written_is_refused() -> None:
    data = written()
    data["ranking"][0]["risks"][0]["text"] = "It is harmless."
    with pytest.raises(AssessmentError) as refused:
        Assessment.from_dict(data)
    assert str(refused.value) == (
        "The assessment has 1 problem:\n"
        "  digest: the content is not what the digest was made over; store what "
        "to_dict gives and change nothing, or assess again"
    )


def test_the_digest_is_the_same_however_the_json_is_written() -> None:
    data = written("growing")
    turned = {key: data[key] for key in reversed(data)}
    assert Assessment.from_json(json.dumps(turned, indent=3)) == answer("growing")
    assert content_digest({"a": 4.0, "b": [1, {"c": 2.50}]}) == content_digest(
        {"b": [1.0, {"c": 2.5}], "a": 4}
    )
    assert content_digest({"a": 1}) != content_digest({"a": True})
    assert content_digest({"a": 1}) != content_digest({"a": "1"})


@pytest.mark.parametrize("detail", ["decision", "standard"])
def test_what_leaves_something_out_cannot_be_read_back(detail: Any) -> None:
    with pytest.raises(AssessmentError) as refused:
        Assessment.from_dict(answer("open").to_dict(detail))
    assert str(refused.value) == (
        "The assessment has 1 problem:\n"
        f'  detail: "{detail}" leaves out much and cannot be read back; store what '
        "to_dict() gives, which is full"
    )


def test_what_is_no_json_value_is_refused() -> None:
    data = written()
    data["trace"][0]["facts"]["x"] = {1}
    with pytest.raises(AssessmentError) as refused:
        Assessment.from_dict(data)
    assert [str(each) for each in refused.value.problems] == [
        f"trace[0].facts.x: a Python set is no JSON value; {AGAIN}"
    ]
    text = json.dumps(written()).replace('"exact": true', '"exact": NaN')
    with pytest.raises(AssessmentError, match="exact: NaN is not true or false"):
        Assessment.from_json(text)


# -- where its knowledge is not at hand ------------------------------------------------


@cache
def orphan() -> Assessment:
    """An answer of knowledge that is not at hand, which praises itself."""
    data = written()
    data["knowledge"].update(digest="sha256:gone", notice="clinically approved")
    return Assessment.from_dict(sealed(data))


def test_every_face_says_that_it_was_not_checked() -> None:
    stored = orphan()
    bundle = stored._repr_mimebundle_()
    faces = [
        stored.text(),
        stored.text(detail="full"),
        str(stored),
        repr(stored),
        bundle["text/plain"],
        bundle["text/html"],
        assessment_card(stored.to_show, stored.base()),
        contributions(stored).svg,
        diff(answer("cheek"), stored).text(),
        diff(stored, answer("cheek")).text(),
    ]
    for face in faces:
        assert NOT_CHECKED in " ".join(face.lower().split())
    assert repr(stored) == (
        "<Assessment: treat; first place extraction; determinate; not checked, its "
        "knowledge is not at hand; it says of itself: clinically approved>"
    )


def test_it_says_so_on_a_rich_terminal() -> None:
    pytest.importorskip("rich.console")
    for detail in DETAILS:
        said = richly(orphan().to_show, orphan().base(), 400, detail)
        assert NOT_CHECKED in " ".join(said.lower().split())


def test_what_was_decided_or_found_again_is_not_marked() -> None:
    given = answer("cheek")
    for each in (given, Assessment.from_dict(given.to_dict()), copied(given)):
        assert each.to_show is each.outcome
        assert NOT_CHECKED not in each.text()


def copied(given: Assessment) -> Assessment:
    again: Assessment = pickle.loads(pickle.dumps(given))  # noqa: S301 - our own
    return again


def test_an_answer_under_a_policy_is_checked_where_the_policy_is_at_hand() -> None:
    local = load_knowledge(policy=POLICY)
    stored = assess(adult(), local).to_dict()
    assert Assessment.from_dict(stored, local).to_show.knowledge.notice == (
        BASE.about.notice
    )
    alone = Assessment.from_dict(stored)
    assert alone.base() is None
    assert NOT_CHECKED in repr(alone)


def test_a_pickle_that_praises_itself_is_not_taken_at_its_word() -> None:
    given = answer("cheek").outcome
    praised = attrs.evolve(given.knowledge, notice="clinically approved")
    stored = copied(Assessment(outcome=attrs.evolve(given, knowledge=praised)))
    assert stored.base() is None
    assert NOT_CHECKED in repr(stored)


def test_no_leaflet_is_printed_of_it_unless_that_is_asked_for_by_name() -> None:
    said = (
        "the knowledge base that gave this assessment (sha256:gone) is not at hand; "
        "assess the case anew"
    )
    for ask in (
        lambda: leaflet(orphan(), "extraction"),
        lambda: decision_graph(orphan()),
    ):
        with pytest.raises(TypeError) as refused:
            ask()
        assert str(refused.value) == said
    page = leaflet(orphan(), "extraction", unchecked_by=BASE)
    assert NOT_CHECKED in page.lower()
    found = leaflet(answer("cheek"), "extraction", unchecked_by=BASE)
    assert found == leaflet(answer("cheek"), "extraction")
    assert NOT_CHECKED not in found


def test_an_assessment_is_its_own_copy() -> None:
    given = answer("cheek")
    assert copy(given) is given
    assert deepcopy(given) is given


# -- the ranking by id -----------------------------------------------------------------


def test_the_ranking_finds_a_place_by_its_id() -> None:
    given = answer("cheek")
    assert given.ranking["extraction"] is given.ranking[0]
    assert given.ranking["extraction"] is given["extraction"]
    assert "extraction" in given.ranking
    assert "steaming" not in given.ranking
    assert given.ranking[0] in given.ranking


def test_the_ranking_is_the_tuple_that_it_was() -> None:
    ranking = answer("cheek").ranking
    assert ranking == tuple(ranking)
    assert isinstance(ranking[:2], tuple)
    assert hash(ranking) == hash(tuple(ranking))
    assert pickle.loads(pickle.dumps(ranking)) == ranking  # noqa: S301 - our own
    assert answer("growing").ranking == ()


def test_what_is_not_offered_has_no_place() -> None:
    with pytest.raises(LookupError) as refused:
        answer("cheek").ranking["steaming"]
    assert str(refused.value) == (
        'no offered option "steaming"; use one of '
        f"{', '.join(each.option for each in answer('cheek').ranking)}"
    )
    with pytest.raises(LookupError) as refused:
        answer("growing").ranking["extraction"]
    assert str(refused.value) == 'no offered option "extraction"; there is none'


def test_what_if_and_stating_take_facts_in_the_same_ways() -> None:
    given = answer("cheek")
    for case in (
        given.case.stating({"history.keloid": True}),
        given.case.stating({"keloid": True}),
        given.case.stating(keloid=True),
        given.case.stating({}, keloid=True),
    ):
        assert case.history.keloid is True
    assert given.case.stating() == given.case
    assert given.what_if(growing=True) == given.what_if({"findings.growing": True})
    assert given.what_if({"growing": True}) == given.what_if(growing=True)
    assert Case().stating({"age_years": 5}, keloid=None).to_dict() == {
        "patient": {"age_years": 5},
        "history": {"keloid": None},
    }
