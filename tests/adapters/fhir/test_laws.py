"""What holds for every record: unknown is never "no", whatever is missing.

30 records a law; `MILIA_CDS_THOROUGH=1` tries 1,000 of each.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from milia_cds import (
    Assessment,
    ContradictionError,
    Knowledge,
    assess,
    load_knowledge,
)
from milia_cds.adapters.fhir import Reading, read_fhir
from milia_cds.case.stated import StatedCase
from milia_cds.logic.facts import Kind, Members
from tests.adapters.fhir.records import (
    AS_OF,
    Resource,
    record,
    records,
    resources,
)
from tests.adapters.fhir.traits import MAY_BE_READ, TRAITS
from tests.common import EVERY_ANSWER, THOROUGH

LAW = settings(
    max_examples=1000 if THOROUGH else 30,
    deadline=None,
    derandomize=not THOROUGH,
)

chances = st.randoms(use_true_random=False)

HEALTHY = {name: each for name, each in EVERY_ANSWER.items() if name != "lesion.cause"}
"""What the healthy adult answers; their milia are primary, and so have no cause."""

SAYS_NO = (
    "refuted",
    "not-taken",
    "not-done",
    "60001007",  # not pregnant
    "716186003",  # no known allergy
    "409137002",  # no known drug allergy
    "787483001",  # no known device
    '"code": "no"',  # an answer
    "no_raynaud",  # a word of the clinic
)
"""What a resource has that says no."""


@cache
def base() -> Knowledge:
    """The knowledge, with the codes of the clinic whose records these are."""
    return load_knowledge(policy=Path(__file__).with_name("clinic.toml"))


def read(found: Any, patient: str | None = None) -> Reading:
    return read_fhir(found, as_of=AS_OF, knowledge=base(), patient=patient)


def noes(reading: Reading) -> set[str]:
    """The facts that are read as no, none or never."""
    kinds = names(reading)
    return {
        fact
        for fact, each in reading.evidence.items()
        if each.value is False
        or (each.value is not None and each.value == kinds[fact].absent)
        or each.value in {"none", "not_possible"}
        or (isinstance(kinds[fact], Members) and each.value == frozenset())
    }


def names(reading: Reading) -> dict[str, Kind]:
    """What a case may state, settings too, by dotted name."""
    return {
        f"{section}.{fact}": kind
        for section, facts in reading.case.vocabulary.by_section.items()
        for fact, kind in facts.items()
    }


def named(reading: Reading, fact: str) -> set[str]:
    """The resources that say a fact, each by type and id."""
    said_by = reading.evidence[fact].said_by
    return {"/".join(each.reference.split("/")[-2:]) for each in said_by}


def name(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def ids(bundle: Resource) -> set[str]:
    return {each["id"] for each in resources(bundle)}


def with_entries(bundle: Resource, entries: Iterable[Resource]) -> Resource:
    return {**bundle, "entry": list(entries)}


def alone(bundle: Resource, said_by: set[str]) -> Resource:
    """The patient, some resources, and what these refer to."""
    patient, *others = bundle["entry"]
    said = [each for each in others if name(each["resource"]) in said_by]
    text = json.dumps(said)
    rest = [each for each in others if each["resource"]["id"] in text]
    return with_entries(bundle, [patient, *rest])


def without(bundle: Resource, chance: random.Random) -> Resource:
    """A record from which some resources are missing, the patient never."""
    patient, *others = bundle["entry"]
    rest = [each for each in others if chance.randrange(3)]
    return with_entries(bundle, [patient, *rest])


def same(one: Reading, other: Reading) -> bool:
    """Whether two readings state the same, for the same reasons."""
    return one.case.to_dict() == other.case.to_dict() and dict(one.evidence) == dict(
        other.evidence
    )


# -- 1: a no has a resource that says it --


@LAW
@given(records())
def test_a_no_has_resources_that_say_it_by_themselves(bundle: Resource) -> None:
    reading = read(bundle)
    held = {name(each) for each in resources(bundle)}
    for fact in noes(reading):
        said_by = named(reading, fact)
        assert said_by, fact
        assert said_by <= held, fact
        by_itself = alone(bundle, said_by)
        assert any(word in json.dumps(by_itself) for word in SAYS_NO), fact
        assert fact in noes(read(by_itself)), fact


@LAW
@given(records())
def test_a_no_is_gone_without_the_resources_that_say_it(bundle: Resource) -> None:
    for fact in noes(read(bundle)):
        left, reading = bundle, read(bundle)
        while fact in noes(reading):  # an older resource may say it again
            said_by = named(reading, fact)
            rest = [e for e in left["entry"] if name(e["resource"]) not in said_by]
            assert len(rest) < len(left["entry"]), fact
            left = with_entries(left, rest)
            reading = read(left)


# -- 2: less never says no --


@LAW
@given(records(), chances)
def test_fewer_resources_never_say_no_but_by_themselves(
    bundle: Resource, chance: random.Random
) -> None:
    fewer = without(bundle, chance)
    before, after = read(bundle), read(fewer)
    for fact in noes(after) - noes(before):
        assert fact in noes(read(alone(fewer, named(after, fact)))), fact


@LAW
@given(records(), chances)
def test_a_type_that_cannot_be_had_says_nothing(
    bundle: Resource, chance: random.Random
) -> None:
    searches = by_type(bundle)
    kind = chance.choice(sorted(searches))
    assume(kind != "Patient")
    said = {"severity": "error", "code": "exception", "diagnostics": "no such thing"}
    outcome = {"resourceType": "OperationOutcome", "issue": [said]}
    after = read({**searches, kind: outcome})
    for fact in noes(after):
        said_by = named(after, fact)
        assert kind not in {each.partition("/")[0] for each in said_by}, fact
        assert fact in noes(read(alone(bundle, said_by))), fact


def by_type(bundle: Resource) -> dict[str, Resource]:
    """The record as a client fetches it: a search for each type."""
    found: dict[str, list[Resource]] = {}
    for entry in bundle["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry)
    return {kind: searchset(entries, len(entries)) for kind, entries in found.items()}


# -- 3: pages --


def searchset(entries: list[Resource], total: int, after: str = "") -> Resource:
    link = [{"relation": "next", "url": after}] if after else []
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": total}
    plain = [{key: each[key] for key in ("fullUrl", "resource")} for each in entries]
    return {**bundle, "link": link, "entry": plain}


def pages(bundle: Resource, size: int) -> list[Resource]:
    """A record but for its patient as a search gives it: so many entries a page."""
    _, *entries = bundle["entry"]
    starts = range(0, len(entries), size)
    total = len(entries)
    url = "https://fhir.example.org/R4?page="
    return [
        searchset(
            entries[start : start + size],
            total,
            f"{url}{page}" if start + size < total else "",
        )
        for page, start in enumerate(starts, 2)
    ]


@LAW
@given(records(), st.integers(1, 6))
def test_pages_together_are_the_whole(bundle: Resource, size: int) -> None:
    patient, *entries = bundle["entry"]
    whole = searchset(entries, len(entries))
    together = [patient["resource"], *linked(pages(bundle, size))]
    assert same(read([patient["resource"], whole]), read(together))


def linked(found: list[Resource]) -> list[Resource]:
    """Pages that say where they stand, as a server's do."""
    url = "https://fhir.example.org/R4?page="
    return [
        {**page, "link": [{"relation": "self", "url": f"{url}{place}"}, *page["link"]]}
        for place, page in enumerate(found, 1)
    ]


@LAW
@given(records(), st.integers(1, 6), chances)
def test_with_a_page_missing_nothing_says_no(
    bundle: Resource, size: int, chance: random.Random
) -> None:
    found = linked(pages(bundle, size))
    assume(len(found) > 1)
    found.pop(chance.randrange(len(found)))
    reading = read([bundle["entry"][0]["resource"], *found])
    assert noes(reading) == set()
    # The newest is not known either: a newer one may stand on that page.
    assert reading.case.value("patient.pregnancy") is None
    assert reading.case.value("patient.phototype") is None


# -- 4: what is beside the point --


@LAW
@given(records(), chances)
def test_order_changes_nothing(bundle: Resource, chance: random.Random) -> None:
    entries = list(bundle["entry"])
    chance.shuffle(entries)
    assert same(read(bundle), read(with_entries(bundle, entries)))


@LAW
@given(records(), records())
def test_what_is_of_others_changes_nothing_and_is_ignored(
    bundle: Resource, other: Resource
) -> None:
    about = {"subject", "patient"}
    strange = [each for each in other["entry"] if about & set(each["resource"])]
    entries = [*bundle["entry"], *strange]
    assume({each["resource"]["id"] for each in strange}.isdisjoint(ids(bundle)))
    start = resources(bundle)[0]["id"]
    more = read(with_entries(bundle, entries), start)
    before = read(bundle)
    assert same(before, more)
    ignored = {"/".join(each.reference.split("/")[-2:]) for each in more.ignored}
    spoken = {name(each["resource"]) for each in strange}
    read_kinds = {"Condition", "Observation", "AllergyIntolerance", "Procedure"}
    assert {each for each in spoken if each.split("/")[0] in read_kinds} <= ignored


@LAW
@given(records(), chances)
def test_members_of_vendors_change_nothing(
    bundle: Resource, chance: random.Random
) -> None:
    told = copy.deepcopy(bundle)
    for resource in resources(told):
        if chance.randrange(2):
            resource["vendorSays"] = {"status": "refuted", "code": "716186003"}
            resource["_status"] = {"extension": [{"url": "urn:x", "valueCode": "no"}]}
            resource.setdefault("extension", []).append({"url": "urn:vendor:y"})
    assert same(read(bundle), read(told))


# -- 5: less never offers more --


def spoken_once(bundle: Resource) -> Resource:
    """A record in which no two resources speak of one fact or have one address.

    Of two entries under one address none is believed: they contest each other.
    """
    patient, *others = bundle["entry"]
    kept, spoken, addresses = [patient], set[str](), {patient.get("fullUrl")}
    for entry in others:
        address = entry.get("fullUrl")
        if address is not None and address in addresses:
            continue
        reading = read(alone(bundle, {name(entry["resource"])}))
        facts = {fact for fact, each in reading.evidence.items() if each.said_by}
        facts -= {"patient.age_years"}
        if facts.isdisjoint(spoken):
            kept.append(entry)
            spoken |= facts
            addresses.add(address)
    return with_entries(bundle, kept)


def assessed(case: StatedCase) -> Assessment:
    try:
        return assess(case, knowledge=base())
    except ContradictionError:  # a form may contradict a record
        reject()


def offered(answer: Assessment) -> set[str]:
    return {each.option for each in answer.ranking}


def settled_otherwise(answer: Assessment, stated: StatedCase) -> bool:
    """Whether known facts settle what a fuller record states against them.

    A pregnancy at the age of 70 is stated so; where nothing states it, the age says
    that there is none, and more may be offered.
    """
    return any(
        stated.value(each.fact) not in {None, each.value}
        for each in answer.assumptions
        if each.by == "settled"
    )


def filled(case: StatedCase, silent: Iterable[str]) -> StatedCase:
    """The case with what a healthy adult answers to what no resource speaks of."""
    kinds = case.vocabulary.readable
    known = {fact: HEALTHY[fact] for fact in silent if fact in HEALTHY}
    return case.stating({fact: kinds[fact].plain(each) for fact, each in known.items()})


@LAW
@given(records(), chances)
def test_fewer_resources_never_offer_more(
    bundle: Resource, chance: random.Random
) -> None:
    once = spoken_once(bundle)
    fewer = without(once, chance)
    before = read(once)
    silent = [fact for fact, each in before.evidence.items() if not each.said_by]
    whole = filled(before.case, silent)
    less = assessed(filled(read(fewer).case, silent))
    assume(not settled_otherwise(less, whole))
    assert offered(less) <= offered(assessed(whole))


# -- what a hasty reader would take for an answer --


@pytest.mark.parametrize("trait", TRAITS)
@pytest.mark.parametrize("seed", range(200 if THOROUGH else 5))
def test_a_trait_is_a_question(trait: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a record that is made up
    bundle = record(chance, [TRAITS[trait]], speaking=False)
    reading = read(bundle)
    for fact, values in MAY_BE_READ[trait].items():
        assert reading.evidence[fact].value in values
        assert reading.evidence[fact].why
    assert noes(reading) == set()


@LAW
@given(records())
def test_every_fact_says_where_it_comes_from_or_why_it_is_not_known(
    bundle: Resource,
) -> None:
    reading = read(bundle)
    assert list(reading.evidence) == list(names(reading))
    for fact, each in reading.evidence.items():
        assert each.fact == fact
        assert each.value == reading.case.value(fact)
        assert each.why
        assert each.said_by or each.value is None
