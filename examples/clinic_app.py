"""A small clinic program: facts from a form in, assessment and leaflet out.

`.venv/bin/python examples/clinic_app.py` serves it on this machine only. It stores
nothing: a case travels in the form. What is left open in the form stays not known.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

from milia_cds import (
    Assessment,
    Case,
    CaseError,
    MiliaError,
    assess,
    case_schema,
    leaflet,
    load_knowledge,
)

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

STYLE = """
:root { color-scheme: light dark; background: Canvas; color: CanvasText }
body { max-width: 54rem; margin: 1rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif }
input, select, button { font: inherit; min-height: 2rem; max-width: 100% }
"""

MOST = 20_000  # bytes that a form may have
SCHEMA: dict[str, Any] = case_schema()["properties"]
FACTS = load_knowledge().facts

Start = Callable[[str, list[tuple[str, str]]], object]


def app(environ: Mapping[str, Any], start: Start) -> list[bytes]:
    """Answer one request (WSGI)."""
    path, method = environ.get("PATH_INFO", "/"), environ.get("REQUEST_METHOD", "GET")
    if (method, path) == ("GET", "/"):
        return reply(start, "200 OK", form())
    if method != "POST" or path not in {"/assessment", "/leaflet"}:
        return reply(start, "404 Not Found", page("Not found", "No such page."))
    try:
        return reply(start, "200 OK", answer(path, fields(environ)))
    except MiliaError as error:  # what is wrong and how to mend it, in its own words
        return reply(start, "400 Bad Request", refusal(error))


def answer(path: str, given: Mapping[str, str]) -> str:
    """The page for what was posted."""
    if path == "/assessment":
        case = Case.from_dict(facts_of(given))
        return assessment_page(case, assess(case))
    case = Case.from_json(given.get("case", ""))
    return leaflet(assess(case), given.get("option", ""))


# -- from the form to a case --


def fields(environ: Mapping[str, Any]) -> dict[str, str]:
    """Read what was posted."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(min(length, MOST))
    posted = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in posted.items()}


def facts_of(given: Mapping[str, str]) -> dict[str, Any]:
    """The facts of a form as plain values; what was left open is left out."""
    case: dict[str, Any] = {}
    for name in ASKED:
        if given.get(name):
            section, fact = name.split(".")
            case.setdefault(section, {})[fact] = value_of(name, given[name])
    if given.get("screened"):
        case["assume_absent"] = ["findings", "history"]
    return case


def value_of(name: str, text: str) -> object:
    """A field as the library wants it, or as it is, for the library to refuse."""
    kinds = kinds_of(name)
    if "boolean" in kinds:
        return {"yes": True, "no": False}.get(text, text)
    if kinds & {"integer", "number"}:
        try:
            return float(text)
        except ValueError:
            return text
    return text


def kinds_of(name: str) -> set[str]:
    """The JSON types that a fact may have."""
    section, fact = name.split(".")
    said = SCHEMA[section]["properties"][fact].get("type", [])
    return {said} if isinstance(said, str) else set(said)


# -- pages --


def form() -> str:
    """The form."""
    asked = "".join(map(field, ASKED))
    return page(
        "A new case",
        f'<form method="post" action="/assessment">{asked}'
        '<p><label><input type="checkbox" name="screened" value="yes"> I have screened '
        "for findings and history: what is not mentioned is absent</label></p>"
        "<p><button>Assess</button></p></form>",
    )


def field(name: str) -> str:
    """The field of one fact, which begins as not known."""
    entry = FACTS[name]
    if kinds_of(name) & {"integer", "number"}:
        control = f'<input name="{name}" inputmode="decimal">'
    else:
        members = entry.members or {"yes": "yes", "no": "no"}
        choices = "".join(
            f'<option value="{escape(value)}">{escape(label)}</option>'
            for value, label in members.items()
            if value not in entry.retired
        )
        open_ = '<option value="">not known</option>'
        control = f'<select name="{name}">{open_}{choices}</select>'
    return f"<p><label>{escape(entry.ask)}<br>{control}</label></p>"


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


def refusal(error: MiliaError) -> str:
    """Say what is wrong with what was entered, each problem in its own line."""
    lines = [str(error)]
    if isinstance(error, CaseError):
        lines = [
            f"{label_of(each.path)}: {each.message}; {each.mend}"
            for each in error.problems
        ]
    said = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return page("Please correct this", f'<ul>{said}</ul><p><a href="/">Back</a></p>')


def label_of(path: str) -> str:
    """Name a fact as the form does, where the path is that of one."""
    return FACTS[path].label if path in FACTS else path


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
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
            ),
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
