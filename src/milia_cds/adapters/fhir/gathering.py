"""The resources of a record, wherever they stand, and what of it is not there.

A record is a Bundle of any type, a list, or an object of prefetch keys; bundles may
stand in bundles. A page that is missing, an OperationOutcome and a total above what is
there each leave a search incomplete.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import attrs

from milia_cds.adapters.fhir.elements import Json, items, table, text
from milia_cds.adapters.fhir.reading import Ignored
from milia_cds.errors import (
    Problem,
    Problems,
    RecordError,
    described,
    name_in_path,
    visible,
)

SUBJECT: Mapping[str, str] = {
    "Condition": "subject",
    "Observation": "subject",
    "AllergyIntolerance": "patient",
    "MedicationStatement": "subject",
    "MedicationRequest": "subject",
    "Device": "patient",
    "DeviceUseStatement": "subject",
    "Procedure": "subject",
    "AdverseEvent": "subject",
    "DocumentReference": "subject",
    "QuestionnaireResponse": "subject",
}
"""The types of resource that are read, and the element that says whose they are."""
EVERY = ""
"""What stands for the resources of every type."""

_DEEPEST = 20
_BUNDLE = "a Bundle, a list of resources, or an object of prefetch keys"
_HISTORY = "/_history/"
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_LONGEST = 100
"""How many characters of a name are shown; none of a sound record is longer."""
_FAILED = frozenset({"error", "fatal"})


class Resource:
    """A resource of the record, and where it stands.

    Attributes
    ----------
    data
        Its elements.
    kind
        Its type, such as "Condition".
    url
        Its `fullUrl`, without a version; "" where it has none.
    home
        The server that it comes from, as far as `url` says so; "" where it does not.
    reference
        How it is named: by type and id, or else by its URL or its place.
    version
        Its `meta.versionId`; "" where it has none.
    path
        Where it stands in the record.
    contested
        Whether there are two versions of it, and which is newer is not said.
    """

    __slots__ = (
        "contested",
        "data",
        "home",
        "kind",
        "local",
        "path",
        "reference",
        "url",
        "version",
    )

    def __init__(self, data: Json, kind: str, url: str, path: str) -> None:
        self.data = data
        self.kind = kind
        self.path = path
        name = data.get("id")
        self.local = f"{kind}/{name}" if isinstance(name, str) and name else ""
        self.url = unversioned(url)
        self.home = ""
        if self.local and _HTTP.match(self.url) and self.url.endswith(self.local):
            self.home = self.url[: -len(self.local)]
        self.reference = shown_name(self.local or self.url or path or "the resource")
        self.version = text(table(data.get("meta")).get("versionId"))[:_LONGEST]
        self.contested = False

    @property
    def key(self) -> str:
        """By what two versions of one resource are known to be that; "" is nothing."""
        return self.url or self.local


@attrs.define
class Gathered:
    """What a record holds.

    Parameters
    ----------
    resources
        The resources, each as it stands there.
    ignored
        What was skipped, and why.
    incomplete
        Why a search for a type of resource is incomplete, by the type; `EVERY` is all.
    problems
        What is wrong with the record.
    """

    resources: list[Resource] = attrs.field(factory=list)
    ignored: list[Ignored] = attrs.field(factory=list)
    incomplete: dict[str, str] = attrs.field(factory=dict)
    problems: Problems = attrs.field(factory=Problems)

    def problem(self, path: str, message: str, mend: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(path or "the record", message, mend))

    def lacks(self, kinds: Iterable[str], why: str) -> None:
        """Say that a search for some types is incomplete; for none: all of them."""
        for kind in [*kinds] or [EVERY]:
            self.incomplete.setdefault(kind, why)


class _Open(NamedTuple):
    """A value that is still to be looked at: what it is, and where it stands."""

    value: object
    path: str
    url: str = ""
    depth: int = 0
    kinds: tuple[str, ...] = ()


@attrs.define
class _Page:
    """A page of a search: its links, its total and what is on it."""

    own: str
    following: str
    before: str
    total: int | None
    kinds: tuple[str, ...]
    found: set[str]


def shown_name(name: str) -> str:
    """A name as it stands in a sentence, where nothing in it is obeyed."""
    seen = visible(name[: _LONGEST + 1])
    return seen if len(seen) <= _LONGEST else f"{seen[:_LONGEST]}..."


def unversioned(reference: str) -> str:
    """A reference or URL without the version that it names."""
    return reference.partition(_HISTORY)[0]


def gather(record: object) -> Gathered:
    """The resources of a record.

    Parameters
    ----------
    record
        A Bundle of any type, a list, or an object of prefetch keys, as plain values.

    Raises
    ------
    RecordError
        When it is none of these.
    """
    if not isinstance(record, dict | list):
        message = f"{described(record)} is no FHIR record"
        raise RecordError([Problem("the record", message, f"give {_BUNDLE}")])
    return _Gatherer().gathered(record)


class _Gatherer:
    def __init__(self) -> None:
        self.said = Gathered()
        self.ahead: list[_Open] = []
        self.pages: list[_Page] = []
        self.deleted: dict[str, str] = {}

    def gathered(self, record: Json | list[Any]) -> Gathered:
        self.begin(record)
        while self.ahead:
            self.look(self.ahead.pop())
        self.join_pages()
        self.without_deleted()
        return self.said

    def begin(self, record: Json | list[Any]) -> None:
        if isinstance(record, list):
            found = [_Open(each, f"[{n}]") for n, each in enumerate(record)]
        elif "resourceType" in record:
            found = [_Open(record, "")]
        else:
            found = [
                _Open(each, name_in_path(key), kinds=_of_prefetch(key))
                for key, each in record.items()
                if each is not None  # an absent key is what an error looks like
            ]
        self.ahead += reversed(found)

    def look(self, at: _Open) -> None:
        if isinstance(at.value, list):
            path = f"{at.path}[{{}}]"
            self.below(at, [(path.format(n), "", v) for n, v in enumerate(at.value)])
            return
        kind = table(at.value).get("resourceType")
        if not isinstance(at.value, dict) or not isinstance(kind, str):
            message = f"{described(at.value)} is no resource"
            if isinstance(at.value, dict):
                message = "it has no resourceType, so it is no resource"
            self.said.problem(at.path, message, "give a resource with its type")
            self.said.lacks(at.kinds, f"{at.path or 'it'} is no resource")
        elif kind == "Bundle":
            self.bundle(at, at.value)
        elif kind == "OperationOutcome":
            self.outcome(at, at.value)
        else:
            self.said.resources.append(Resource(at.value, kind, at.url, at.path))

    def below(self, at: _Open, found: list[tuple[str, str, object]]) -> None:
        if at.depth >= _DEEPEST:
            message = "bundles stand in one another too deeply"
            self.said.problem(at.path, message, f"give at most {_DEEPEST} of them")
            self.said.lacks((), "bundles stand in one another too deeply")
            return
        deeper = at.depth + 1
        self.ahead += [
            _Open(value, path, url, deeper, at.kinds)
            for path, url, value in reversed(found)
        ]

    # -- bundles --

    def bundle(self, at: _Open, data: Json) -> None:
        lead = f"{at.path}." if at.path else ""
        if data.get("implicitRules"):
            name = text(data.get("id"))
            reference = f"Bundle/{name}" if name else at.path or "the Bundle"
            why = "it has implicit rules, which are not known"
            self.said.ignored.append(Ignored(shown_name(reference), why))
            self.said.lacks((), f"{shown_name(reference)} was not read: {why}")
            return
        page = self.page(lead, data, at.kinds)
        entries = data.get("entry")
        if entries is not None and not isinstance(entries, list):
            message = f"{described(entries)} is not a list"
            self.said.problem(f"{lead}entry", message, "give a list of entries")
            self.said.lacks(page.kinds, "the entries of a bundle cannot be read")
        found: list[tuple[str, str, object]] = []
        for number, entry in enumerate(items(entries)):
            path = f"{lead}entry[{number}]"
            found += self.entry(path, entry, page)
        self.below(at._replace(kinds=page.kinds), found)

    def entry(
        self, path: str, entry: object, page: _Page
    ) -> Iterator[tuple[str, str, object]]:
        if not isinstance(entry, dict):
            message = f"{described(entry)} is no entry"
            self.said.problem(path, message, "give an object with a resource")
            self.said.lacks(page.kinds, f"{path} cannot be read")
            return
        url = text(entry.get("fullUrl"))
        request, response = table(entry.get("request")), table(entry.get("response"))
        if request.get("method") == "DELETE":
            self.deleted[unversioned(url or text(request.get("url")))] = path
            return
        if text(response.get("status"))[:1] in {"4", "5"}:
            self.said.lacks((), f"{path} says that a request failed")
        if isinstance(response.get("outcome"), dict):
            yield f"{path}.response.outcome", "", response["outcome"]
        resource = entry.get("resource")
        if resource is None:
            return
        mode = table(entry.get("search")).get("mode", "match")
        if mode == "match":
            data = table(resource)
            name = f"{data.get('resourceType')}/{data.get('id')}"
            page.found.add(url or (name if data.get("id") else path))
        yield f"{path}.resource", url, resource

    def page(self, lead: str, data: Json, kinds: tuple[str, ...]) -> _Page:
        links: dict[str, str] = {}
        for link in items(data.get("link")):
            relation, url = table(link).get("relation"), table(link).get("url")
            if isinstance(relation, str):
                links[relation] = text(url) or " "  # a link that leads nowhere
        total = data.get("total")
        if total is not None and type(total) is not int:
            message = f"{described(total)} is no number of resources"
            self.said.problem(f"{lead}total", message, "give a whole number")
            self.said.lacks(
                _searched(links, kinds), "the total of a search is no number"
            )
            total = None
        before = links.get("previous", links.get("prev", ""))
        page = _Page(
            links.get("self", ""),
            links.get("next", ""),
            before,
            total,
            _searched(links, kinds),
            set(),
        )
        self.pages.append(page)
        return page

    def outcome(self, at: _Open, data: Json) -> None:
        for issue in items(data.get("issue")):
            if text(table(issue).get("severity")) in _FAILED:
                why = f"{at.path or 'the answer'} says that the search failed"
                self.said.lacks(at.kinds, why)
                return
        if not isinstance(data.get("issue"), list):
            self.said.lacks(at.kinds, f"{at.path or 'the answer'} says nothing")

    # -- all of it --

    def join_pages(self) -> None:
        """See of each search whether all of its pages are there."""
        given = {page.own: page for page in self.pages if page.own}
        for page in self.pages:
            for url in (page.following, page.before):
                if url and url not in given:
                    self.said.lacks(page.kinds, "a page of the search is missing")
        for chain in _chains(self.pages, given):
            totals = [page.total for page in chain if page.total is not None]
            found = set().union(*(page.found for page in chain))
            if totals and max(totals) > len(found):
                why = f"the search found {max(totals)}, and {len(found)} are given"
                for page in chain:
                    self.said.lacks(page.kinds, why)

    def without_deleted(self) -> None:
        """Leave out what a history says was deleted."""
        if not self.deleted:
            return
        kept = []
        for each in self.said.resources:
            if {each.url, each.local} & {*self.deleted} - {""}:
                self.said.ignored.append(Ignored(each.reference, "it was deleted"))
            else:
                kept.append(each)
        self.said.resources[:] = kept


def _chains(pages: list[_Page], given: Mapping[str, _Page]) -> list[list[_Page]]:
    """The pages of each search together."""
    chain = {id(page): [page] for page in pages}
    for page in pages:
        for url in (page.following, page.before):
            other = given.get(url)
            if other is not None and chain[id(page)] is not chain[id(other)]:
                joined = [*chain[id(page)], *chain[id(other)]]
                chain |= dict.fromkeys(map(id, joined), joined)
    return list({id(each): each for each in chain.values()}.values())


def _searched(links: Mapping[str, str], kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The type of resource that a search was for; nothing where that is not clear."""
    path = links.get("self", "").partition("?")[0]
    last = path.rstrip("/").rpartition("/")[2]
    return (last,) if last in SUBJECT else kinds


def _of_prefetch(key: object) -> tuple[str, ...]:
    """The types of resource of which a prefetch key speaks; nothing: perhaps all."""
    stem = re.sub(r"[^a-z]", "", text(key).lower()).removesuffix("s")
    stem = f"{stem[:-2]}y" if stem.endswith("ie") else stem
    least = 4
    if len(stem) < least:
        return ()
    return tuple(kind for kind in SUBJECT if kind.lower().startswith(stem))
