"""A small program of a clinic: a plain form in, the assessment and a leaflet out.

`.venv/bin/python examples/apps/plain_form.py` serves it on this machine only. It needs
the library alone. It stores nothing and logs no value: a case travels in the form.

Every yes/no fact has three answers, and none is chosen at first. What nobody touched is
left out, so that a screening may fill it; what was answered with "not known" stays
unknown whatever was screened.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any, TypeAlias
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

from milia_cds import (
    Assessment,
    Case,
    CaseError,
    MiliaError,
    OverdueError,
    assess,
    leaflet,
    load_knowledge,
)
from milia_cds.errors import Problem

ASKED = (
    "patient.age_years",
    "patient.phototype",
    "patient.pregnancy",
    "patient.cooperative",
    "lesion.diagnosis",
    "lesion.origin",
    "lesion.pattern",
    "lesion.site",
    "lesion.count",
    "history.pacemaker",
    "history.anticoagulant",
    "history.keloid",
    "goals.wants_treatment",
    "clinic.operator",
)
"""The facts that this clinic's form asks; the library asks for more where needed."""

SCREENED = {
    "findings": "I have looked for every finding: what is not stated is not there",
    "history": "I have asked for the whole history: what is not stated is not there",
}
NOT_KNOWN = "not_known"  # the answer; a field that is empty was not touched
NONE_OF_THEM = "none"  # the empty set
YES_NO = {"yes": "yes", "no": "no", NOT_KNOWN: "not known"}
NUMBERS = {"number", "whole_number", "weights"}
MOST = 20_000  # bytes that a form may have
FACTS = load_knowledge().facts

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
STYLE = """
:root { color-scheme: light dark; background: Canvas; color: CanvasText }
body { max-width: 54rem; margin: 1rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif }
fieldset { border: 0; margin: 1rem 0; padding: 0; min-width: 0 }
legend { padding: 0 } label { margin-right: 1rem } .help { margin: 0; opacity: .85 }
.wrong { border-left: .3rem solid; padding-left: .7rem; font-weight: bold }
input, select, button { font: inherit; min-height: 2rem; max-width: 100% }
input[type=radio], input[type=checkbox] { min-width: 1.5rem; vertical-align: middle }
"""

Fields: TypeAlias = Mapping[str, Sequence[str]]
"""What was posted, as `urllib.parse.parse_qs` gives it."""

Start: TypeAlias = Callable[[str, list[tuple[str, str]]], object]


class NoFormError(Exception):
    """What was sent is no form of this program, or too long."""


def app(environ: Mapping[str, Any], start: Start) -> list[bytes]:
    """Answer one request (WSGI)."""
    asked = environ.get("REQUEST_METHOD", "GET"), environ.get("PATH_INFO", "/")
    try:
        match asked:
            case "GET", "/":
                return reply(start, "200 OK", form_page())
            case "POST", "/assessment":
                return assessed(start, posted(environ))
            case "POST", "/leaflet":
                return printed(start, posted(environ))
    except NoFormError as error:
        return reply(start, "400 Bad Request", page("No form", escape(str(error))))
    return reply(start, "404 Not Found", page("Not found", "No such page."))


def posted(environ: Mapping[str, Any]) -> Fields:
    """Read what was posted, whole or not at all."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST:
        message = f"A form has at most {MOST} bytes."
        raise NoFormError(message)
    try:
        body = environ["wsgi.input"].read(int(length)).decode("utf-8")
        return parse_qs(body, errors="strict", max_num_fields=500)
    except ValueError:  # no UTF-8, or too many fields
        message = "This cannot be read as a form."
        raise NoFormError(message) from None


def assessed(start: Start, fields: Fields) -> list[bytes]:
    """The assessment, or the form again with what is wrong beside its fields."""
    try:
        case = case_of_form(fields)
        said = assessment_page(case, assess(case, on=today()))
    except CaseError as error:
        again = form_page(fields, error.problems)
        return reply(start, "422 Unprocessable Content", again)
    except OverdueError as error:
        return reply(start, "500 Internal Server Error", refusal("No answer", error))
    return reply(start, "200 OK", said)


def printed(start: Start, fields: Fields) -> list[bytes]:
    """The leaflet of an option of a case that was assessed."""
    text, option = (fields.get(name, [""])[0] for name in ("case", "option"))
    try:
        answer = assess(Case.from_json(text), on=today())
        return reply(start, "200 OK", leaflet(answer, option))
    except MiliaError as error:
        return reply(start, "422 Unprocessable Content", refusal("No leaflet", error))


def today() -> date:
    """The day of the answer, by which the age of case and knowledge is told."""
    return datetime.now().astimezone().date()


# -- from the form to a case --


def case_of_form(fields: Fields) -> Case:
    """Read a case from what a form posted.

    Parameters
    ----------
    fields
        The texts of each field, by the dotted name of a fact, as a browser sends them:
        "yes", "no", a member, a number, several members of a set or "none" of them, a
        weight by the name of its criterion (`goals.weights.scarring`), the screened
        sections as `assume_absent`. Empty or left out: not touched, so a screening may
        fill it. "not_known": asked and not known, which nothing fills.

    Raises
    ------
    CaseError
        With every problem at once, each with the name of its field.
    """
    plain: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, texts in fields.items():
        given = [text.strip() for text in texts if text.strip()]
        if given:
            put(plain, name, given, problems)
    try:
        case = Case.from_dict(plain)
    except CaseError as error:
        raise CaseError([*problems, *error.problems]) from None
    if problems:
        raise CaseError(problems)
    return case


def put(
    plain: dict[str, Any], name: str, given: list[str], problems: list[Problem]
) -> None:
    """Put the answer of a field into its place among the plain values of a case."""
    *steps, last = name.split(".", 2)
    place: Any = plain
    for step in steps:
        place = place.setdefault(step, {}) if isinstance(place, dict) else None
    several = kind_of(name) in {"options", "screened"}
    if not isinstance(place, dict) or last in place or (given[1:] and not several):
        problem = Problem(name, "there is more than one answer", "give one of them")
        problems.append(problem)
        return
    place[last] = sets(given) if several else value_of(name, given[0])


def kind_of(name: str) -> str:
    """The kind of a field; the library refuses what is none of its facts."""
    if name == "assume_absent":
        return "screened"
    fact = ".".join(name.split(".")[:2])
    return FACTS[fact].kind if fact in FACTS else ""


def sets(given: list[str]) -> list[str] | None:
    """Several boxes that were ticked; "none" and "not known" stand alone."""
    alone: dict[str, list[str] | None] = {NONE_OF_THEM: [], NOT_KNOWN: None}
    return given if given[1:] else alone.get(given[0], given)


def value_of(name: str, text: str) -> object:
    """An answer as the library wants it, or as it is, for the library to refuse."""
    kind = kind_of(name)
    if text == NOT_KNOWN:
        return None
    if kind == "weights" and text == NONE_OF_THEM:
        return {}
    if kind == "yes_no":
        return {"yes": True, "no": False}.get(text, text)
    if kind in NUMBERS and re.fullmatch(r"-?[0-9]{1,300}(\.[0-9]+)?", text):
        return float(text) if "." in text else int(text)
    return text


# -- the form --


def form_page(fields: Fields | None = None, problems: Iterable[Problem] = ()) -> str:
    """The form; after a refusal with what was entered, and what is wrong with it."""
    given, wrong = fields or {}, list(problems)
    drawn = "".join(field(name, given, wrong) for name in ASKED)
    screened = "".join(
        f"<p>{box('checkbox', 'assume_absent', section, label, given)}</p>"
        for section, label in SCREENED.items()
    )
    rest = "".join(said_of(each) for each in wrong if each.path not in ASKED)
    return page(
        "Please correct this" if wrong else "A new case",
        f'<form method="post" action="/assessment">{rest}{drawn}'
        f"<fieldset><legend>Screened for</legend>{screened}</fieldset>"
        "<p><button>Assess</button></p></form>",
    )


def field(name: str, given: Fields, problems: Iterable[Problem]) -> str:
    """The field of one fact, with its help and what is wrong with it."""
    entry = FACTS[name]
    wrong = "".join(said_of(each) for each in problems if each.path == name)
    help_ = f'<p class="help">{escape(entry.help)}</p>' if entry.help else ""
    return (
        f"<fieldset><legend>{escape(entry.ask)}</legend>{help_}{wrong}"
        f"{''.join(controls(name, given))}</fieldset>"
    )


def controls(name: str, given: Fields) -> Iterator[str]:
    """Three answers to yes or no, a list of members, or a number and its unknown."""
    entry = FACTS[name]
    if entry.kind == "yes_no":
        for value, label in YES_NO.items():
            yield box("radio", name, value, label, given)
    elif entry.kind == "choice":
        yield select(name, given)
    else:
        text = next((each for each in given.get(name, ()) if each != NOT_KNOWN), "")
        yield (
            f'<label>{escape(entry.label)} <input name="{name}" inputmode="decimal" '
            f'value="{escape(text)}"> {escape(entry.unit)}</label>'
        )
        yield box("checkbox", name, NOT_KNOWN, "not known", given)


def select(name: str, given: Fields) -> str:
    """A list to choose from, which begins as not touched."""
    entry = FACTS[name]
    choices = {"": "choose", **entry.members, NOT_KNOWN: "not known"}
    listed = "".join(
        f'<option value="{value}"{_if(value in given.get(name, ()), " selected")}>'
        f"{escape(label)}</option>"
        for value, label in choices.items()
        if value not in entry.retired
    )
    return f'<select name="{name}" aria-label="{escape(entry.label)}">{listed}</select>'


def box(kind: str, name: str, value: str, label: str, given: Fields) -> str:
    """One radio button or check box with its label."""
    on = _if(value in given.get(name, ()), " checked")
    return (
        f'<label><input type="{kind}" name="{name}" value="{value}"{on}> '
        f"{escape(label)}</label>"
    )


def said_of(problem: Problem) -> str:
    """What is wrong with a field, and how to mend it."""
    path = "" if problem.path in ASKED else f"{problem.path}: "
    said = f"{path}{problem.message}; {problem.mend}"
    return f'<p class="wrong" role="alert">{escape(said)}</p>'


def _if(is_so: object, text: str) -> str:
    return text if is_so else ""


# -- the answers --


def assessment_page(case: Case, given: Assessment) -> str:
    """The card of an assessment, and a leaflet for each option it offers."""
    offered = "".join(
        f'<button name="option" value="{place.option}">{escape(place.label)}</button> '
        for place in given.ranking
    )
    leaflets = ""
    if offered:
        carried = escape(json.dumps(case.to_dict()))
        leaflets = (
            "<h2>Leaflets for the patient</h2>"
            '<form method="post" action="/leaflet">'
            f'<input type="hidden" name="case" value="{carried}"><p>{offered}</p>'
            "</form>"
        )
    return page("Assessment", f"{given._repr_html_()}{leaflets}")


def refusal(title: str, error: MiliaError) -> str:
    """Say why there is none, in the words of the library."""
    return page(title, f'<p>{escape(str(error))}</p><p><a href="/">Back</a></p>')


def page(title: str, body: str) -> str:
    """A page."""
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body>"
        "</html>"
    )


def reply(start: Start, status: str, html: str) -> list[bytes]:
    """Send a page that runs no script and that nobody keeps."""
    start(
        status,
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", POLICY),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
    return [html.encode("utf-8")]


def main(arguments: Iterable[str] | None = None) -> None:
    """Serve on this machine until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args(None if arguments is None else list(arguments))
    with make_server("127.0.0.1", asked.port, app) as server:
        print(f"http://127.0.0.1:{server.server_port}/ (Ctrl-C stops it)")
        server.serve_forever()


if __name__ == "__main__":
    main()
