"""The example programs: they answer, refuse beside the field, and keep nothing."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from html import unescape
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import attrs
import pytest
from django.test import Client
from django.test.utils import override_settings
from fastapi.testclient import TestClient

from examples.apps import django_app, fastapi_app, plain_form
from milia_cds import Assessment, Case, CaseError, assess, examples

ADULT = {
    "patient.age_years": "34",
    "patient.phototype": "2",
    "patient.pregnancy": "none",
    "patient.cooperative": "yes",
    "lesion.diagnosis": "confirmed",
    "lesion.origin": "primary",
    "lesion.pattern": "scattered",
    "lesion.site": "cheek",
    "lesion.count": "5",
    "goals.wants_treatment": "yes",
    "clinic.operator": "dermatologist",
}
SCREENED = {"assume_absent": ["findings", "history"]}
HOSTILE = '<script>alert("1")</script>'
TOO_LATE = date(2028, 11, 22)
Form = dict[str, Any]


@attrs.frozen
class Reply:
    """What a program sent."""

    status: int
    headers: dict[str, str]
    html: str

    @property
    def text(self) -> str:
        """The page as it is read."""
        return unescape(self.html)


Post = Callable[[Form], Reply]


def wsgi(method: str, path: str, body: bytes = b"") -> Reply:
    """Send a request to the plain form."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    said: list[Any] = []

    def start(
        status: str, headers: list[tuple[str, str]], *_: object
    ) -> Callable[[bytes], object]:
        said.extend([status, dict(headers)])
        return lambda _: None

    sent = validator(plain_form.app)(environ, start)
    html = b"".join(sent).decode("utf-8")
    sent.close()  # type: ignore[attr-defined]  # Django closes it
    return Reply(int(said[0][:3]), said[1], html)


def to_plain_form(form: Form, path: str = "/assessment") -> Reply:
    return wsgi("POST", path, urlencode(form, doseq=True).encode())


@pytest.fixture(scope="module")
def django() -> Iterator[Client]:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        yield Client()


@pytest.fixture(params=["plain", "django"])
def post(request: pytest.FixtureRequest, django: Client) -> Post:
    """Send a form to either of the programs that have one."""
    if request.param == "plain":
        return to_plain_form

    def to_django(form: Form) -> Reply:
        sent = django.post("/", form)
        return Reply(sent.status_code, dict(sent.headers), sent.content.decode())

    return to_django


# -- what both forms do --


def test_facts_go_in_and_the_card_comes_out(post: Post) -> None:
    said = post({**ADULT, **SCREENED})
    assert said.status == 200
    case = plain_form.case_of_form(_lists({**ADULT, **SCREENED}))
    assert str(assess(case)._repr_html_()) in said.html
    assert "Draft, not clinically reviewed." in said.text


def test_nothing_filled_in_is_no_error(post: Post) -> None:
    said = post({})
    assert said.status == 200
    assert "Nothing can be said yet. Start with the age." in said.text


def test_not_known_is_not_filled_by_a_screening_and_untouched_is(post: Post) -> None:
    ask = "Does the patient have a pacemaker"
    untouched = post({**ADULT, **SCREENED})
    not_known = post({**ADULT, **SCREENED, "history.pacemaker": "not_known"})
    withheld = "Withheld until more is known"
    assert withheld not in _card(untouched.text)
    assert withheld in _card(not_known.text)
    assert ask in _card(not_known.text)


def _card(text: str) -> str:
    """The page without its form, whose questions are the same for all."""
    return text.partition("<form")[0]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"lesion.site": HOSTILE}, ""),
        ({"patient.age_years": HOSTILE}, ""),
        ({"patient.cooperative": HOSTILE}, ""),
        ({"assume_absent": HOSTILE}, ""),
        ({"patient.age_years": "340"}, "120"),
    ],
)
def test_what_is_wrong_is_refused_escaped_and_kept_to_be_mended(
    post: Post, changed: Form, message: str
) -> None:
    said = post({**ADULT, **changed})
    assert said.status == 422
    assert "<script" not in said.html
    assert message in said.text
    assert 'value="5"' in said.html
    assert "Assess</button>" in said.html


def test_pages_are_not_kept_run_no_script_and_log_no_value(
    post: Post, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        said = post({**ADULT, "lesion.site": "whereabouts"})
    assert "no-store" in said.headers["Cache-Control"]
    assert "default-src 'none'" in said.headers["Content-Security-Policy"]
    assert "script-src" not in said.headers["Content-Security-Policy"]
    written = capsys.readouterr()
    assert "whereabouts" not in f"{caplog.text}{written.out}{written.err}"


# -- the plain form --


def test_every_yes_or_no_has_a_third_answer_and_none_is_chosen() -> None:
    form = wsgi("GET", "/")
    asked = [each for each in plain_form.ASKED if _kind(each) == "yes_no"]
    assert len(asked) == 5
    for name in asked:
        for value in ("yes", "no", "not_known"):
            assert f'type="radio" name="{name}" value="{value}"' in form.html
    assert "checked" not in form.html
    assert form.html.count('value="not_known"') == len(plain_form.ASKED)


def test_the_form_has_the_questions_and_helps_of_the_knowledge() -> None:
    form = wsgi("GET", "/")
    for name in plain_form.ASKED:
        assert plain_form.FACTS[name].ask in form.text
        assert plain_form.FACTS[name].help in form.text


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_entered() -> None:
    said = to_plain_form({**ADULT, "patient.age_years": "3 months", **SCREENED})
    ask = plain_form.FACTS["patient.age_years"].ask
    _, _, after = said.text.partition(f"<legend>{ask}</legend>")
    beside, _, _ = after.partition("</fieldset>")
    assert 'role="alert">"3 months" is not a number; ' in beside
    assert 'value="3 months"' in beside
    assert '<option value="cheek" selected>' in said.html
    assert said.html.count(" checked>") == 4


def test_a_contradiction_names_the_fields_that_it_is_between() -> None:
    said = to_plain_form({"lesion.origin": "primary", "lesion.cause": "burn"})
    assert said.status == 422
    assert 'role="alert">lesion.origin and lesion.cause: ' in said.text


def test_the_leaflet_of_an_offered_option_comes_out() -> None:
    case = examples.case("adult_cheek").to_json()
    said = to_plain_form({"case": case, "option": "extraction"}, "/leaflet")
    assert said.status == 200
    assert "having them taken out" in said.text


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"case": "{", "option": "extraction"}, "this is not JSON"),
        (
            {"case": "{}", "option": "extraction"},
            '"extraction" is withheld in this assessment, not offered; no option is',
        ),
    ],
)
def test_a_leaflet_that_cannot_be_is_refused(form: Form, message: str) -> None:
    said = to_plain_form(form, "/leaflet")
    assert said.status == 422
    assert message in said.text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/x"), ("POST", "/"), ("GET", "/leaflet")]
)
def test_another_page_is_not_found(method: str, path: str) -> None:
    assert wsgi(method, path).status == 404


@pytest.mark.parametrize("length", ["-1", "many", "20001"])
def test_a_form_of_no_length_or_too_long_is_not_read(length: str) -> None:
    with pytest.raises(
        plain_form.NoFormError, match=r"^A form has at most 20000 bytes"
    ):
        plain_form.posted({"CONTENT_LENGTH": length})


@pytest.mark.parametrize("body", [b"\xff", b"lesion.site=%ff", b"a=1&" * 501])
def test_what_is_no_form_is_refused_whole(body: bytes) -> None:
    said = wsgi("POST", "/assessment", body)
    assert said.status == 400
    assert "This cannot be read as a form." in said.text


# -- the case of a form --


def _lists(form: Form) -> dict[str, Sequence[str]]:
    return {
        name: [value] if isinstance(value, str) else value
        for name, value in form.items()
    }


def _kind(name: str) -> str:
    return plain_form.FACTS[name].kind


def test_every_kind_of_answer_gives_the_case_that_json_gives() -> None:
    case = plain_form.case_of_form(
        {
            "patient.age_years": [" 0.5 "],
            "patient.phototype": ["", "not_known"],
            "patient.preterm": ["no"],
            "lesion.count": [""],
            "lesion.site": ["cheek"],
            "lesion.origin": ["not_known"],
            "findings.bleeding": [],
            "history.failed": ["cryotherapy", "extraction"],
            "history.not_tolerated": ["none"],
            "clinic.offers": ["extraction"],
            "goals.weights.scarring": ["7"],
            "assume_absent": ["history"],
        }
    )
    assert case == Case.from_dict(
        {
            "patient": {"age_years": 0.5, "phototype": None, "preterm": False},
            "lesion": {"site": "cheek", "origin": None},
            "history": {"failed": ["extraction", "cryotherapy"], "not_tolerated": []},
            "clinic": {"offers": ["extraction"]},
            "goals": {"weights": {"scarring": 7}},
            "assume_absent": ["history"],
        }
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            {"lesion.count": ["5", "not_known"]},
            "lesion.count: there is more than one answer; give one of them",
        ),
        (
            {"goals.weights": ["not_known"], "goals.weights.scarring": ["1"]},
            "goals.weights.scarring: there is more than one answer; give one of them",
        ),
        (
            {"lesion": ["x"], "lesion.site": ["cheek"]},
            "lesion.site: there is more than one answer; give one of them",
        ),
        ({"history.failed": ["none", "extraction"]}, 'history.failed[0]: "none" is '),
        ({"patient.age": ["3"]}, 'patient.age: "age" is no fact of patient; '),
        ({"patient.age_years": ["nan"]}, 'patient.age_years: "nan" is not a number; '),
        ({"patient.age_years": ["1e1"]}, 'patient.age_years: "1e1" is not a number; '),
        ({"patient.preterm": ["on"]}, 'patient.preterm: "on" is not yes or no; '),
        ({"site": ["cheek"]}, "site: "),
    ],
)
def test_what_no_answer_can_be_is_refused_with_the_name_of_its_field(
    form: Form, said: str
) -> None:
    with pytest.raises(CaseError) as refused:
        plain_form.case_of_form(form)
    assert any(str(each).startswith(said) for each in refused.value.problems)


# -- Django --


def test_the_form_of_django_has_three_answers_and_its_token(django: Client) -> None:
    form = django.get("/").content.decode()
    asked = [each for each in django_app.ASKED if _kind(each) == "yes_no"]
    assert form.count('type="radio"') > 3 * len(asked)
    assert "checked" not in form
    assert "csrfmiddlewaretoken" in form
    for name in asked:
        for value in ("yes", "no", "not_known"):
            assert f'name="{name}" value="{value}"' in form


def test_a_form_from_elsewhere_is_refused() -> None:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        assert Client(enforce_csrf_checks=True).post("/", ADULT).status_code == 403


# -- FastAPI --


@pytest.fixture(scope="module")
def api() -> Iterator[TestClient]:
    with TestClient(fastapi_app.app) as client:
        yield client


def test_json_goes_in_and_the_assessment_comes_out(api: TestClient) -> None:
    case = examples.case("pregnancy_unknown")
    said = api.post("/assessments", content=case.to_json())
    assert said.status_code == 200
    assert said.headers["content-type"] == "application/json"
    assert said.headers["cache-control"] == "no-store"
    assert said.json() == assess(case).to_dict()
    assert Assessment.from_json(said.text).status == assess(case).status


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"patient": {"preterm": "no"}}', "patient.preterm"),
        ('{"lesion": {"count": 1, "count": 30}}', "lesion.count"),
        ('{"lesion": {"origin": "primary", "cause": "burn"}}', "lesion.origin and "),
        ('{"lesion": {"count": NaN}}', "lesion.count"),
        ("", ""),
        ("[]", "case"),
    ],
)
def test_a_case_that_is_wrong_is_422_with_each_problem_as_the_library_says_it(
    api: TestClient, body: str, path: str
) -> None:
    said = api.post("/assessments", content=body)
    assert said.status_code == 422
    assert said.headers["cache-control"] == "no-store"
    with pytest.raises(CaseError) as refused:
        assess(Case.from_json(body))
    assert said.json() == {
        "problems": [attrs.asdict(e) for e in refused.value.problems]
    }
    assert said.json()["problems"][0]["path"].startswith(path)


def test_a_body_that_is_too_long_is_not_read(api: TestClient) -> None:
    said = api.post("/assessments", content=b" " * 100_001)
    assert said.status_code == 413
    assert said.json() == {"detail": "a case has at most 100000 bytes"}


def test_the_service_gives_its_schema_and_loads_no_script(api: TestClient) -> None:
    assert api.get("/schema").json() == fastapi_app.SCHEMA
    assert api.get("/docs").status_code == 404
    posted = api.get("/openapi.json").json()["paths"]["/assessments"]["post"]
    shown = posted["requestBody"]["content"]["application/json"]["schema"]
    assert shown == {"$ref": "/schema"}


# -- knowledge whose review is long overdue --

REFUSED = "about.toml: review_by: it was to be reviewed by 2027-11-22, and is refused"


def test_a_form_gives_no_advice_by_long_overdue_knowledge(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_form, "today", lambda: TOO_LATE)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TOO_LATE)

    said = post({**ADULT, **SCREENED})

    assert said.status in {422, 500}
    assert REFUSED in said.text
    assert "Extraction" not in said.text


def test_the_service_gives_no_advice_by_long_overdue_knowledge(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        """A clock that stands."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(TOO_LATE.year, TOO_LATE.month, TOO_LATE.day, 12, tzinfo=tz)

    monkeypatch.setattr(fastapi_app, "datetime", Clock)

    said = api.post("/assessments", content="{}")

    assert said.status_code == 500
    [problem] = said.json()["problems"]
    assert problem["message"].startswith("it was to be reviewed by 2027-11-22")
