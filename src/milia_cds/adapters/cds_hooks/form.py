"""The form that a card links to: the questions as a page, and its answers as FHIR.

The page runs no script, holds no record, is filled in from nothing and keeps nothing:
what is typed travels in the body of a POST, and comes back as a QuestionnaireResponse
to be saved. What nobody touched is not answered, and "not known" is never "no".
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from milia_cds.adapters.cds_hooks.form_answers import (
    DEED,
    Fields,
    answers_of,
    fields_of,
)
from milia_cds.adapters.cds_hooks.form_pages import (
    CHANGE,
    SAVE,
    SHOW,
    answers_page,
    form_page,
    framed_page,
    problem_sentence,
)
from milia_cds.adapters.cds_hooks.form_questions import (
    ASK,
    AskError,
    FormError,
    asked_of,
)
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.markup import element
from milia_cds.render.parts import bullets
from milia_cds.render.style import FORM

__all__ = [
    "HEADERS",
    "AskError",
    "Fields",
    "FormError",
    "FormReply",
    "answers_of",
    "answers_page",
    "asked_form",
    "asked_of",
    "fields_of",
    "form_page",
    "posted_form",
]

PAGE, RESPONSE = "text/html; charset=utf-8", "application/fhir+json; charset=utf-8"
"""The types of what the form is answered by."""

_STYLED = b64encode(sha256(FORM.encode()).digest()).decode()

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLED}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer of the form is sent with: nobody keeps it, and it runs nothing."""

_FILE = 'attachment; filename="questionnaire-response.json"'


class FormReply(NamedTuple):
    """What a request for the form is answered by.

    Parameters
    ----------
    status
        The status of HTTP: 200, 400 where the request is none, 422 where answers are
        wrong.
    media_type
        The type of the body.
    headers
        What else it is sent with.
    body
        A page, or a QuestionnaireResponse.
    """

    status: int
    media_type: str
    headers: Mapping[str, str]
    body: str


# -- requests --


def asked_form(base: Knowledge, ask: Iterable[str], *, action: str) -> FormReply:
    """Answer who opens the form.

    Parameters
    ----------
    base
        The knowledge base whose facts are asked for.
    ask
        The values of `ask` in the address: names of facts, with commas between them.
    action
        Where the form is posted to, such as "/form".
    """
    try:
        return _page(200, form_page(base, asked_of(base, ask), action=action))
    except AskError as error:
        return _refused(base, error)


def posted_form(
    base: Knowledge, body: bytes, *, at: datetime, action: str
) -> FormReply:
    """Answer who posts the form: by the answers, or by the form with what is wrong.

    Parameters
    ----------
    base
        The knowledge base whose facts were asked for.
    body
        What was posted, as `application/x-www-form-urlencoded`.
    at
        When, with its zone.
    action
        Where the form is posted to.
    """
    try:
        fields = fields_of(body)
        ask = asked_of(base, fields.get(ASK, ()))
    except FormError as error:
        return _refused(base, error)
    deed = [*fields.get(DEED, ()), SHOW][0]
    if deed == CHANGE:
        return _page(200, form_page(base, ask, given=fields, action=action))
    try:
        said = answers_of(base, fields, at=at)
    except FormError as error:
        wrong = error.problems
        again = form_page(base, ask, given=fields, problems=wrong, action=action)
        return _page(422, again)
    if deed == SAVE:
        headers = {**HEADERS, "Content-Disposition": _FILE}
        return FormReply(200, RESPONSE, headers, f"{json.dumps(said, indent=2)}\n")
    return _page(200, answers_page(base, fields, said, action=action))


def _page(status: int, page: str) -> FormReply:
    return FormReply(status, PAGE, HEADERS, page)


def _refused(base: Knowledge, error: FormError) -> FormReply:
    """A page that says why there is no form."""
    said = bullets(problem_sentence(each) for each in error.problems)
    title = "No such question" if isinstance(error, AskError) else "No form"
    mend = "Open the link of the card again. Nothing was kept."
    return _page(400, framed_page(base, title, said, element("p", mend)))
