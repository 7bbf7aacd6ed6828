"""The form that a card links to: its page, its answers, and the way back as facts."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milia_cds import Case, WrongTypeError, load_knowledge
from milia_cds.adapters.cds_hooks.form import (
    HEADERS,
    AskError,
    FormError,
    FormReply,
    answers_of,
    asked_form,
    asked_of,
    fields_of,
    form_page,
    posted_form,
)
from milia_cds.adapters.fhir import read_fhir
from milia_cds.case.stated import AnyCase
from milia_cds.errors import Problem
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Choice, Members, Number, Weights, YesNo
from milia_cds.testing import hostile_cases, near_patients
from tests.adapters.fhir.wellformed import faults, items
from tests.common import THOROUGH
from tests.otherworld.test_otherworld import BASE as DRAGONS
from tests.otherworld.test_otherworld import DRY, WET

BASE = load_knowledge()
AT = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
PATIENT = {"resourceType": "Patient", "id": "1"}
UNASKED = read_fhir([PATIENT], as_of=date(2026, 11, 30)).case.not_known
"""What the Patient alone leaves open."""
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
few = settings(
    deadline=None, derandomize=not THOROUGH, max_examples=1000 if THOROUGH else 10
)


class Tags(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.text += data

    def of(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """The attributes of the elements that have some."""
        return [
            given
            for name, given in self.found
            if name == tag and wanted.items() <= given.items()
        ]


def page(*ask: str, base: Knowledge = BASE, **more: Any) -> Tags:
    return Tags(form_page(base, ask, action="/form", **more))


def post(fields: Mapping[str, Sequence[str]], base: Knowledge = BASE) -> FormReply:
    body = urlencode(fields, doseq=True).encode()
    return posted_form(base, body, at=AT, action="/form")


def saved(fields: Mapping[str, Sequence[str]], base: Knowledge = BASE) -> Any:
    reply = post({**fields, "deed": ["save"]}, base)
    assert reply.status == 200, reply.body[-2000:]
    assert reply.media_type.startswith("application/fhir+json")
    return json.loads(reply.body)


def answered(said: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {
        each["linkId"]: [
            one.get("valueDecimal", one.get("valueCoding", {}).get("code"))
            for one in each.get("answer", [])
        ]
        for each in items(said)
    }


# -- the questions --


@pytest.mark.parametrize("base", [BASE, DRAGONS], ids=["shipped", "dragons"])
def test_every_fact_has_a_field_and_nothing_is_chosen(base: Knowledge) -> None:
    tags = page(base=base)

    controls = tags.of("input")
    named = {each["name"] for each in controls if each.get("type") != "hidden"}
    weights = {
        f"{fact}.{criterion}"
        for fact, kind in base.vocabulary.kinds.items()
        if isinstance(kind, Weights)
        for criterion in kind.criteria
    }
    facts = {n for n, k in base.vocabulary.kinds.items() if not isinstance(k, Weights)}
    assert named == facts | weights
    assert not [each for each in controls if "checked" in each]
    assert {each.get("value") for each in tags.of("input", type="text")} == {""}


def test_yes_no_has_three_answers() -> None:
    radios = page().of("input", type="radio", name="history.pacemaker")

    assert [each["value"] for each in radios] == ["yes", "no", "not_known"]


def test_what_may_be_not_known_can_be_said_to_be() -> None:
    tags = page()

    for name, kind in BASE.vocabulary.kinds.items():
        if not isinstance(kind, Weights):
            assert len(tags.of("input", name=name, value="not_known")) == 1, name


def test_what_is_asked_for_comes_first_and_open() -> None:
    html = form_page(BASE, ["history.pacemaker", "lesion.size_mm"], action="/form")
    first, fold, rest = html.partition("<details")

    assert first.index('id="history-pacemaker"') < first.index('id="lesion-size_mm"')
    assert fold
    assert 'id="history-pacemaker"' not in rest
    assert 'id="history-defibrillator"' in rest
    assert "<details open" not in html


def test_a_retired_member_is_not_offered() -> None:
    assert "sun_damage" in BASE.facts["lesion.cause"].retired
    assert not page().of("input", value="sun_damage")


def test_numbers_have_bounds_and_units_in_words() -> None:
    text = page().text

    assert "Number, 0.1 to 50 mm" in text
    assert "Whole number, 1 to 6" in text


def test_relevance_is_said_in_words() -> None:
    html = form_page(BASE, ["history.raynaud"], action="/form")

    said = "Needed only where “wish for treatment” is yes, not known or not answered."
    assert said in html


def test_a_relevance_of_several_answers_is_said_in_words() -> None:
    html = form_page(BASE, ["history.raynaud"], action="/form")
    [field] = re.findall(r'<fieldset id="history-raynaud".*?</fieldset>', html)

    assert BASE.screens["cold"].help in field or not BASE.screens["cold"].help
    assert field.count("Needed only where") == 1


def test_the_page_says_what_it_is_and_is_not() -> None:
    text = page().text

    assert "Draft, not clinically reviewed" in text
    assert BASE.digest in text
    assert "SMART launch" in text
    assert "never “no”" in text
    assert "stores it in its FHIR server" in text


def test_every_field_has_a_name_and_every_id_is_one() -> None:
    html = form_page(BASE, ["history.inr"], action="/form")
    tags = Tags(html)
    ids = [given["id"] for _, given in tags.found if given.get("id")]

    assert len(ids) == len({*ids})
    named = [
        each
        for _, given in tags.found
        for each in (given.get("aria-describedby") or "").split()
    ]
    assert {*named} <= {*ids}
    assert {each["for"] for each in tags.of("label") if "for" in each} <= {*ids}
    assert html.count("<legend") == html.count("<fieldset")


@pytest.mark.parametrize("page_of", ["form", "again", "answers", "refused"])
def test_pages_run_no_script_and_take_nothing_from_elsewhere(page_of: str) -> None:
    reply = {
        "form": lambda: asked_form(BASE, ["history.inr"], action="/form"),
        "again": lambda: post({"history.inr": ["x"]}),
        "answers": lambda: post({"history.inr": ["2"]}),
        "refused": lambda: asked_form(BASE, ["x"], action="/form"),
    }[page_of]()
    tags = Tags(reply.body)

    assert reply.headers == HEADERS
    assert not tags.of("script")
    assert not [g for _, g in tags.found for name in g if name.startswith("on")]
    assert not [g for _, g in tags.found if "style" in g or "src" in g]
    assert all((each["href"] or "").startswith("#") for each in tags.of("a"))
    styles = re.findall(r"<style>(.*?)</style>", reply.body, re.DOTALL)
    hashed = [b64encode(sha256(each.encode()).digest()).decode() for each in styles]
    policy = HEADERS["Content-Security-Policy"]
    assert [f"'sha256-{each}'" in policy for each in hashed] == [True]
    assert "unsafe" not in policy


def test_nobody_keeps_a_page_or_learns_of_its_address() -> None:
    assert HEADERS["Cache-Control"] == "no-store"
    assert HEADERS["Referrer-Policy"] == "no-referrer"
    assert page().of("form", autocomplete="off", method="post", action="/form")


# -- what is asked for --


def test_facts_are_asked_for_once_each_in_their_order() -> None:
    ask = ["history.inr, lesion.site", "history.inr", ""]

    assert asked_of(BASE, ask) == ("history.inr", "lesion.site")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(AskError) as caught:
        asked_of(BASE, ["patient.pregnant,history.inr,bogus"])

    assert [each.path for each in caught.value.problems] == ["ask", "ask"]
    assert 'did you mean "patient.pregnancy"?' in str(caught.value)


@pytest.mark.parametrize("name", ["patient.pregnant", HOSTILE, "goals.weights.speed"])
def test_an_unknown_name_gives_a_clear_page(name: str) -> None:
    reply = asked_form(BASE, [name], action="/form")

    assert (reply.status, reply.media_type) == (400, "text/html; charset=utf-8")
    assert "There is no fact" in Tags(reply.body).text.replace("there", "There")
    assert "<script" not in reply.body


def test_a_very_long_address_gives_a_short_page() -> None:
    reply = asked_form(BASE, [",".join(f"x{n}" for n in range(5000))], action="/form")

    assert reply.status == 400
    assert len(reply.body) < 200_000


# -- what is answered --


@pytest.mark.parametrize(
    ("field", "texts", "expected"),
    [
        ("history.pacemaker", ["yes"], ["yes"]),
        ("history.pacemaker", ["no"], ["no"]),
        ("history.pacemaker", ["not_known"], ["not_known"]),
        ("patient.pregnancy", ["none"], ["none"]),
        ("history.failed", ["tretinoin", "extraction"], ["extraction", "tretinoin"]),
        ("history.failed", ["no"], ["no"]),
        ("history.failed", ["not_known"], ["not_known"]),
        ("lesion.size_mm", [" 1.5 "], [1.5]),
        ("lesion.count", ["4.0"], [4]),
        ("lesion.count", ["", "not_known"], []),
        ("goals.weights.speed", ["9"], [9]),
        ("history.inr", ["2", "2"], [2]),
    ],
)
def test_an_answer_is_what_was_chosen(
    field: str, texts: list[str], expected: list[Any]
) -> None:
    assert answered(saved({field: texts}))[field] == expected


def test_what_nobody_touched_is_not_answered() -> None:
    said = saved(
        {"history.pacemaker": ["no"], "history.inr": [""], "lesion.site": [""]}
    )

    assert {*answered(said)} == {"screen.devices", "history.pacemaker"}


def test_a_response_is_completed_and_says_when_and_to_what_but_not_of_whom() -> None:
    said = saved({"history.pacemaker": ["no"]})

    assert faults(said) == []
    assert said["status"] == "completed"
    assert said["authored"] == "2026-11-30T09:30:00+00:00"
    assert (
        said["questionnaire"] == f"urn:milia-cds:questionnaire:1|{BASE.about.version}"
    )
    assert "subject" not in said


def test_a_saved_response_is_a_file() -> None:
    reply = post({"history.pacemaker": ["no"], "deed": ["save"]})

    assert reply.headers["Content-Disposition"].startswith("attachment; filename=")
    assert {**reply.headers, **HEADERS} == reply.headers


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(WrongTypeError, match="zone"):
        answers_of(BASE, {"history.inr": ["2"]}, at=AT.replace(tzinfo=None))


WRONG: list[tuple[dict[str, list[str]], str, str]] = [
    ({"lesion.size_mm": ["1,5"]}, "lesion.size_mm", "is not a number"),
    ({"lesion.size_mm": ["900"]}, "lesion.size_mm", "out of bounds"),
    ({"lesion.size_mm": ["1", "2"]}, "lesion.size_mm", "more than one answer"),
    ({"lesion.size_mm": ["1", "not_known"]}, "lesion.size_mm", "more than one"),
    ({"lesion.size_mm": ["٣"]}, "lesion.size_mm", "is not a number"),
    ({"lesion.size_mm": ["nan"]}, "lesion.size_mm", "is not a number"),
    ({"lesion.size_mm": ["1e3"]}, "lesion.size_mm", "is not a number"),
    ({"lesion.count": ["1.5"]}, "lesion.count", "is not a whole number"),
    ({"lesion.count": ["9" * 400]}, "lesion.count", "is not a number"),
    ({"history.lupus": ["maybe"]}, "history.lupus", "is no answer to it"),
    ({"history.lupus": ["true"]}, "history.lupus", "is no answer to it"),
    ({"history.lupus": ["yes", "no"]}, "history.lupus", "exclude one another"),
    ({"history.lupus": ["no", "not_known"]}, "history.lupus", "exclude one another"),
    ({"lesion.site": ["cheek", "nose"]}, "lesion.site", "exclude one another"),
    ({"lesion.cause": ["sun_damage"]}, "lesion.cause", "is no answer to it"),
    ({"history.failed": ["no", "steaming"]}, "history.failed", "exclude one another"),
    ({"history.failed": ["bleach"]}, "history.failed", "is no answer to it"),
    ({"goals.weights.speed": ["11"]}, "goals.weights.speed", "out of bounds"),
    ({"goals.weights.speed": ["x"]}, "goals.weights.speed", "is not a number"),
    ({"goals.weights.luck": ["1"]}, "goals.weights.luck", "is no question"),
    ({"goals.weights": ["1"]}, "goals.weights", "is no question"),
    ({"history.pacemakr": ["no"]}, "history.pacemakr", "is no question"),
    ({"pacemaker": ["no"]}, "pacemaker", "is no question"),
    ({}, "the form", "no question is answered"),
    (
        {"lesion.origin": ["primary"], "lesion.cause": ["burn"]},
        "lesion.origin and lesion.cause",
        "has no cause",
    ),
]


@pytest.mark.parametrize(("fields", "path", "message"), WRONG)
def test_what_is_wrong_is_said_at_its_field(
    fields: dict[str, list[str]], path: str, message: str
) -> None:
    with pytest.raises(FormError) as caught:
        answers_of(BASE, fields, at=AT)

    [problem] = caught.value.problems
    assert problem.path == path
    assert message in problem.message
    assert "null" not in problem.mend
    assert post(fields).status == 422


def test_all_problems_are_said_at_once_and_what_was_typed_is_kept() -> None:
    reply = post(
        {
            "ask": ["lesion.size_mm"],
            "lesion.size_mm": ["1,5"],
            "history.pacemaker": ["yes"],
            "history.failed": ["no", "tretinoin"],
            "lesion.origin": ["primary"],
            "lesion.cause": ["burn"],
            "goals.weights.speed": ["11"],
        }
    )
    tags = Tags(reply.body)

    assert reply.status == 422
    assert tags.of("input", name="ask", value="lesion.size_mm")
    assert tags.of("input", name="lesion.size_mm", value="1,5")
    checked = {(e["name"], e["value"]) for e in tags.of("input") if "checked" in e}
    assert checked == {
        ("history.pacemaker", "yes"),
        ("history.failed", "no"),
        ("history.failed", "tretinoin"),
        ("lesion.origin", "primary"),
        ("lesion.cause", "burn"),
    }
    assert tags.of("input", name="goals.weights.speed", value="11")
    targets = {(each["href"] or "")[1:] for each in tags.of("a")}
    assert targets == {
        "lesion-size_mm",
        "history-failed",
        "lesion-origin",
        "lesion-cause",
        "goals-weights-speed",
    }
    assert targets <= {each.get("id") for _, each in tags.found}
    assert "4 answers need to be corrected" in tags.text
    assert tags.of("div", role="alert", tabindex="-1")


def test_an_error_is_tied_to_its_field_and_opens_its_fold() -> None:
    reply = post({"history.inr": ["x"]})
    tags = Tags(reply.body)

    [field] = tags.of("input", name="history.inr", type="text")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "history-inr-wrong"
    assert tags.of("div", id="history-inr-wrong")
    assert re.search(r"<details open><summary>[^<]*INR", reply.body)
    assert len(tags.of("details")) - reply.body.count("<details open") > 20


# -- looked over --


def test_answers_are_shown_to_be_saved_or_changed() -> None:
    fields = {"history.failed": ["tretinoin"], "history.inr": ["not_known"]}
    reply = post({**fields, "ask": ["history.inr"], "deed": ["show"]})
    tags = Tags(reply.body)

    assert reply.status == 200
    assert "Tretinoin" in tags.text
    assert BASE.facts["history.inr"].ask in tags.text
    kept = {(e["name"], e["value"]) for e in tags.of("input", type="hidden")}
    assert kept == {
        ("ask", "history.inr"),
        ("history.failed", "tretinoin"),
        ("history.inr", "not_known"),
    }
    assert [each["value"] for each in tags.of("button")] == ["save", "change"]
    again = post({**fields, "ask": ["history.inr"], "deed": ["change"]})
    assert Tags(again.body).of("input", name="history.failed", checked="") == []
    checked = [e["value"] for e in Tags(again.body).of("input") if "checked" in e]
    assert checked == ["not_known", "tretinoin"]


def test_what_is_copied_from_the_page_is_what_is_saved() -> None:
    fields = {"history.inr": ["2.5"], "history.lupus": ["not_known"]}
    shown = Tags(post({**fields, "deed": ["show"]}).body).text

    assert json.dumps(saved(fields), indent=2) in shown


# -- hostile --


@pytest.mark.parametrize(
    "fields",
    [
        {"lesion.size_mm": [HOSTILE]},
        {"history.lupus": [HOSTILE]},
        {"lesion.site": [HOSTILE]},
        {"history.failed": [HOSTILE, "no"]},
        {"goals.weights.speed": [HOSTILE]},
        {HOSTILE: ["yes"]},
        {f"goals.weights.{HOSTILE}": ["1"]},
        {"ask": [HOSTILE], "history.lupus": ["no"]},
        {"deed": [HOSTILE], "history.lupus": ["no"]},
        {"deed": ["change"], "lesion.size_mm": [HOSTILE], HOSTILE: [HOSTILE]},
    ],
)
def test_nothing_that_is_sent_becomes_markup(fields: dict[str, list[str]]) -> None:
    body = post(fields).body

    assert "<script" not in body
    assert "<img" not in body
    tags = Tags(body)
    assert not [g for _, g in tags.found for name in g if name.startswith("on")]


def test_nor_does_a_problem_or_the_address_of_the_form() -> None:
    wrong = [
        Problem(HOSTILE, HOSTILE, HOSTILE),
        Problem("history.inr", HOSTILE, HOSTILE),
    ]
    html = form_page(BASE, ["history.inr"], problems=wrong, action=HOSTILE)

    assert "<script" not in html
    assert Tags(html).of("form", action=HOSTILE)


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"history.inr=%ff", b"&".join([b"a=1"] * 1001), "ä=1".encode()],
)
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(FormError):
        fields_of(body)

    reply = posted_form(BASE, body, at=AT, action="/form")
    assert reply.status == 400
    assert "cannot be read as a form" in reply.body


@few
@given(
    st.dictionaries(
        st.sampled_from([*BASE.vocabulary.kinds, "goals.weights.speed", "deed", "x"])
        | st.text(max_size=20),
        st.lists(
            st.sampled_from(["yes", "no", "not_known", "1", "none", "show", "save"])
            | st.text(max_size=20),
            max_size=3,
        ),
        max_size=8,
    )
)
def test_whatever_is_posted_is_answered(fields: dict[str, list[str]]) -> None:
    body = urlencode(fields, doseq=True, errors="surrogatepass").encode()
    reply = posted_form(BASE, body, at=AT, action="/form")

    assert reply.status in {200, 400, 422}
    if reply.media_type.startswith("application/fhir+json"):
        assert faults(json.loads(reply.body)) == []


# -- and back --


def typed(case: AnyCase, base: Knowledge) -> dict[str, list[str]]:
    """What one enters to state what a case states."""
    fields: dict[str, list[str]] = {}
    for name, kind in base.vocabulary.kinds.items():
        value: Any = case.value(name)
        match kind:
            case Weights():
                for criterion, weight in (value or {}).items():
                    fields[f"{name}.{criterion}"] = [str(weight)]
            case _ if name in case.not_known:
                fields[name] = ["not_known"]
            case _ if value is None:
                fields[name] = [""]
            case YesNo():
                fields[name] = ["yes" if value else "no"]
            case Number():
                fields[name] = [f"{Decimal(repr(value)):f}"]
            case Members():
                fields[name] = sorted(value) or ["no"]
            case Choice():
                retired = value in base.facts[name].retired
                fields[name] = [""] if retired else [str(value)]
    return fields


def read_back(said: Any, base: Knowledge, **subject: str) -> AnyCase:
    response = {**said, "subject": subject or {"reference": "Patient/1"}}
    reading = read_fhir([PATIENT, response], as_of=date(2026, 11, 30), knowledge=base)
    assert reading.problems == ()
    assert reading.ignored == ()
    return reading.case


def comes_back(case: AnyCase, base: Knowledge) -> None:
    fields = typed(case, base)
    if not any(map("".join, fields.values())):
        return
    said = saved(fields, base)
    assert faults(said) == []
    back = read_back(said, base)
    for name, kind in base.vocabulary.kinds.items():
        stated: Any = case.value(name)
        if isinstance(kind, Weights):
            assert back.value(name) == (stated or None)
        elif fields[name] != [""]:
            assert back.value(name) == stated, name
            assert (name in back.not_known) is (name in case.not_known), name
        else:
            assert back.value(name) is None, name
            assert (name in back.not_known) is (name in UNASKED), name


@few
@given(near_patients() | hostile_cases())
def test_what_is_stated_in_the_form_comes_back_exactly(case: Case) -> None:
    comes_back(case, BASE)


@pytest.mark.parametrize("data", [WET, DRY])
def test_so_it_does_in_another_domain(data: Mapping[str, Any]) -> None:
    comes_back(
        DRAGONS.case({k: v for k, v in data.items() if k != "assume_absent"}), DRAGONS
    )


@pytest.mark.parametrize(
    "reference",
    ["Patient/1", "Patient/1/_history/7", "https://fhir.example.org/r4/Patient/1"],
)
def test_a_response_is_read_whatever_way_its_client_adds_the_patient(
    reference: str,
) -> None:
    said = saved({"history.pacemaker": ["yes"]})
    stored = {**said, "id": "17", "meta": {"versionId": "3"}}
    stored["source"] = {"reference": "Practitioner/9"}

    back = read_back(stored, BASE, reference=reference)

    assert back.value("history.pacemaker") is True


def test_a_response_to_which_no_patient_was_added_says_nothing() -> None:
    said = saved({"history.pacemaker": ["no"]})
    reading = read_fhir([PATIENT, said], as_of=date(2026, 11, 30))

    assert reading.case.value("history.pacemaker") is None
    [ignored] = reading.ignored
    assert ignored.why == "it names no patient"
