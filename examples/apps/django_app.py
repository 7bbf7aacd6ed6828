"""The library in Django: a form made from the knowledge, errors beside its fields.

`.venv/bin/python examples/apps/django_app.py runserver` serves it on this machine only.
There is no database, no session and no log of what is posted: a case lives as long as
its request. In a project of your own, keep form, view and template, and drop the
settings.

A radio that nobody touched is left out, and a screening may fill it; "not known" is an
answer, which nothing fills. A number that is left empty is left out.
"""

import secrets
import sys
from collections.abc import Iterable
from typing import Any

import django
from django import forms
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from milia_cds import Case, CaseError, OverdueError, assess, load_knowledge

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
    "history.keloid",
    "goals.wants_treatment",
    "clinic.operator",
)
"""The facts that this form asks; the library asks for more where needed."""

NOT_KNOWN = "not_known"
YES_NO = {"yes": "yes", "no": "no"}
PLAIN = {"yes": True, "no": False}
FACTS = load_knowledge().facts

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        DEBUG=False,  # a page of debugging shows what was posted
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        ROOT_URLCONF=__name__,
        SECRET_KEY=secrets.token_urlsafe(50),
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()

PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A case</title></head>
<body><main><h1>A case</h1>{{ card }}
<form method="post" novalidate>{% csrf_token %}{{ form.as_div }}
<p><button>Assess</button></p></form></main></body></html>"""


class CaseForm(forms.Form):
    """The fields of a case; `case` holds it once the form is valid."""

    assume_absent = forms.MultipleChoiceField(
        label="Screened: what is not stated is not there",
        choices=[("findings", "findings"), ("history", "history")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {name: field_of(name) for name in ASKED}
        self.order_fields([*ASKED, "assume_absent"])
        self.case = Case()

    def clean(self) -> None:
        """Read the case; what the library refuses stands beside its field."""
        if self.errors:
            return
        try:
            self.case = Case.from_dict(plain(self.cleaned_data))
            self.answer = assess(self.case, on=timezone.localdate())
        except (CaseError, OverdueError) as error:
            for each in error.problems:
                beside = each.path if each.path in self.fields else None
                before = "" if beside else f"{each.path}: "
                self.add_error(beside, f"{before}{each.message}; {each.mend}")


def field_of(name: str) -> forms.Field:
    """The field of one fact: its question, its help, and always a "not known"."""
    entry = FACTS[name]
    words = {"label": entry.ask, "help_text": entry.help, "required": False}
    if entry.kind in {"number", "whole_number"}:
        kind = forms.FloatField if entry.kind == "number" else forms.IntegerField
        return kind(min_value=entry.low, max_value=entry.high, **words)
    members = YES_NO if entry.kind == "yes_no" else entry.members
    offered = [each for each in members.items() if each[0] not in entry.retired]
    choices = [*offered, (NOT_KNOWN, "not known")]
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)


def plain(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The answers as plain values; what was left untouched is left out."""
    case: dict[str, Any] = {"assume_absent": cleaned["assume_absent"]}
    for name in ASKED:
        given = cleaned[name]
        if given in {None, ""}:
            continue
        section, fact = name.split(".")
        yes_no = PLAIN.get(given, given) if FACTS[name].kind == "yes_no" else given
        case.setdefault(section, {})[fact] = None if given == NOT_KNOWN else yes_no
    return case


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def assessment(request: HttpRequest) -> HttpResponse:
    """The form, and above it the card of what was posted."""
    form = CaseForm(request.POST if request.method == "POST" else None)
    card, status = "", 422 if form.errors else 200
    if form.is_valid():
        # The library escapes all that it writes; the template escapes the rest.
        card = mark_safe(form.answer._repr_html_())  # noqa: S308 - the card escapes all it says
    page = engines["django"].from_string(PAGE)
    html = page.render({"card": card, "form": form}, request)
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
    headers = {"Content-Security-Policy": policy}
    return HttpResponse(html, status=status, headers=headers)


urlpatterns = [path("", assessment)]


def main(arguments: Iterable[str] = sys.argv) -> None:
    """Run a command of Django, such as `runserver`."""
    execute_from_command_line(list(arguments))


if __name__ == "__main__":
    main()
