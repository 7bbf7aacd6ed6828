"""Whatever a server fails to send: unknown is never "no", and nothing more is offered.

20 records a law; `MILIA_CDS_THOROUGH=1` tries 10,000 of each.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import assume, event, given, reject, settings
from hypothesis import strategies as st

from milia_cds import ContradictionError
from milia_cds.adapters.cds_hooks.answering import (
    NoPatientError,
    answered,
    prepare_answers,
)
from milia_cds.adapters.cds_hooks.calls import Call, call_of
from milia_cds.adapters.cds_hooks.cards import CdsResponse, cards_of
from milia_cds.adapters.fhir import Reading, read_fhir, response
from milia_cds.assessment.decided import decided
from milia_cds.explanation.composing import Report
from tests.adapters.cds_hooks.calling import INSTANCE
from tests.adapters.cds_hooks.charts import (
    BASE_URL,
    CRYOTHERAPY,
    TRETINOIN,
    base,
    condition,
    prescription,
    request,
    searchset,
)
from tests.adapters.fhir.records import AS_OF, Resource, records
from tests.adapters.fhir.test_laws import (
    HEALTHY,
    noes,
    spoken_once,
)
from tests.common import THOROUGH

LAW = settings(
    max_examples=10_000 if THOROUGH else 20,
    deadline=None,
    derandomize=not THOROUGH,
)
if THOROUGH:
    prepare_answers(base())
chances = st.randoms(use_true_random=False)

Prefetch = dict[str, Any]
KEYS: Mapping[str, str] = {
    "Condition": "conditions",
    "Observation": "observations",
    "AllergyIntolerance": "allergies",
    "MedicationStatement": "medication_statements",
    "MedicationRequest": "medication_requests",
    "Device": "devices",
    "DeviceUseStatement": "device_uses",
    "Procedure": "procedures",
}
HOSTILE = "<img src=x onerror=alert(1)> ](javascript:x) \u202e ``` | \x00"


def reading(found: Any) -> Reading:
    return read_fhir(found, as_of=AS_OF, knowledge=base())


def fetched(bundle: Resource) -> Prefetch:
    """A record as a client fetches it, with milia and what a healthy adult answers."""
    patient, *others = (entry["resource"] for entry in bundle["entry"])
    found: dict[str, list[Resource]] = {key: [] for key in KEYS.values()}
    rest: list[Resource] = []
    for each in others:
        found.get(KEYS.get(each["resourceType"], ""), rest).append(each)
    subject = {"reference": f"Patient/{patient['id']}"}
    sent = {key: search(*each, *rest) for key, each in found.items()}
    for each in sent.values():
        relative(each, patient["id"])
    recorded = {"patient": patient, **sent}
    answers = answers_to(recorded, subject["reference"])
    milia = {"resource": condition(id="milia", subject=subject)}
    sent["conditions"]["entry"].append(milia)
    return {**recorded, "answers": answers}


def search(*found: Resource) -> Resource:
    """A search that gives all that it found; two versions count as one resource."""
    ids = {(each["resourceType"], each["id"]) for each in found}
    return searchset(*found, total=len(ids))


def relative(found: Resource, name: str) -> None:
    """Name the patient by type and id, as one server does."""
    for entry in found["entry"]:
        for key in ("subject", "patient"):
            said = entry["resource"].get(key)
            if said and name in str(said.get("reference")):
                entry["resource"][key] = {"reference": f"Patient/{name}"}


def answers_to(whole: Prefetch, subject: str) -> Resource:
    """The answers to all of which the record does not speak."""
    known = reading(whole)
    silent = [fact for fact, each in known.evidence.items() if not each.said_by]
    kinds = known.case.vocabulary.kinds
    facts = {
        f: kinds[f].plain(HEALTHY[f]) for f in silent if f in HEALTHY and f in kinds
    }
    case = base().case({}).stating(facts)
    said = response(case, knowledge=base(), subject=subject, at=AS_OF)
    return searchset({"id": "answers", **said})


# -- what may go wrong --


def _absent(sent: Prefetch, key: str) -> None:
    del sent[key]


def _null(sent: Prefetch, key: str) -> None:
    sent[key] = None


def _empty(sent: Prefetch, key: str) -> None:
    sent[key] = searchset()


def _outcome(sent: Prefetch, key: str) -> None:
    issue = [{"severity": "error", "code": "exception", "diagnostics": HOSTILE}]
    sent[key] = {"resourceType": "OperationOutcome", "issue": issue}


def _paged(sent: Prefetch, key: str) -> None:
    bundle = sent[key]
    link = [{"relation": "next", "url": "https://fhir.example.org/R4?page=2"}]
    half = bundle["entry"][: len(bundle["entry"]) // 2]
    sent[key] = {**bundle, "link": link, "entry": half}


def _wrong_patient(sent: Prefetch, key: str) -> None:
    for entry in sent[key]["entry"]:
        for name in ("subject", "patient"):
            if name in entry["resource"]:
                entry["resource"][name] = {"reference": "Patient/somebody-else"}


def _hostile(sent: Prefetch, key: str) -> None:
    for entry in sent[key]["entry"]:
        entry["resource"]["note"] = [{"text": HOSTILE}]
        entry["resource"].setdefault("meta", {})["source"] = HOSTILE
        code = entry["resource"].get("code")
        if isinstance(code, dict):
            code["text"] = HOSTILE
            code["coding"] = [*code.get("coding", []), {"display": HOSTILE}]


FAULTS: list[Callable[[Prefetch, str], None]] = [
    _absent,
    _null,
    _empty,
    _outcome,
    _paged,
    _wrong_patient,
    _hostile,
]


def failing(sent: Prefetch, chance: random.Random) -> Prefetch:
    """What is sent where some searches fail, each in its own way."""
    found = copy.deepcopy(sent)
    for key in sent:
        if key != "patient" and not chance.randrange(4):
            chance.choice(FAULTS)(found, key)
    return found


# -- calls --


def called(sent: Prefetch, hook: str, **context: Any) -> Call:
    about = {"userId": "Practitioner/1", "patientId": sent["patient"]["id"], **context}
    said = {"hook": hook, "hookInstance": INSTANCE, "context": about, "prefetch": sent}
    return call_of(said, hook=hook)


def said_of(call: Call) -> CdsResponse:
    """The answer to a call, which passes the rules when it is read again too."""
    found = answered(call, base(), as_of=AS_OF, base_url=BASE_URL)
    assert cards_of(found.to_dict()) == found
    return found


def suggested(found: CdsResponse) -> set[str]:
    """The options that are suggested, by id."""
    actions = [a for c in found.cards for s in c.suggestions for a in s.actions]
    resources: list[Any] = [each.resource for each in actions]
    return {each["code"]["coding"][0]["code"] for each in resources}


def offered(sent: Prefetch) -> set[str]:
    """The options that the engine offers by what was sent."""
    return {each.option for each in report(sent).ranking}


def report(sent: Prefetch) -> Report:
    try:
        return decided(reading(sent).case, base()).report
    except ContradictionError:  # a form may contradict a record
        reject()


def is_comparable(less: Prefetch, more: Prefetch) -> bool:
    """Whether no settled fact of the less stands against what the more states."""
    stated = reading(more).case
    return not any(
        stated.value(each.fact) not in {None, each.value}
        for each in report(less).assumptions
        if each.by == "settled"
    )


@LAW
@given(records(), chances)
def test_nothing_that_is_not_sent_becomes_a_no(
    bundle: Resource, chance: random.Random
) -> None:
    whole = fetched(spoken_once(bundle))
    fewer = failing(whole, chance)
    assert noes(reading(fewer)) <= noes(reading(whole))


@LAW
@given(records(), chances)
def test_nothing_that_is_not_sent_makes_a_suggestion(
    bundle: Resource, chance: random.Random
) -> None:
    whole = fetched(spoken_once(bundle))
    fewer = failing(whole, chance)
    assume(is_comparable(fewer, whole))
    found = said_of(called(fewer, "patient-view"))
    event(f"{bool(suggested(found))} suggested")
    assert suggested(found) <= offered(whole)
    assert suggested(found) <= offered(fewer)


@LAW
@given(records(), chances, st.sampled_from([CRYOTHERAPY, TRETINOIN]))
def test_nothing_that_is_not_sent_makes_an_order_fit(
    bundle: Resource, chance: random.Random, code: tuple[str, str]
) -> None:
    whole = fetched(spoken_once(bundle))
    fewer = failing(whole, chance)
    assume(is_comparable(fewer, whole))
    subject = {"reference": f"Patient/{whole['patient']['id']}"}
    make = prescription if code == TRETINOIN else request
    drafts = searchset(make(code, subject=subject))
    option = "tretinoin" if code == TRETINOIN else "cryotherapy"
    found = said_of(called(fewer, "order-sign", draftOrders=drafts))
    if any(f"{option} is offered here" in each.summary for each in found.cards):
        assert option in offered(whole)


@LAW
@given(records(), chances)
def test_whatever_is_sent_there_is_an_answer_that_keeps_the_rules(
    bundle: Resource, chance: random.Random
) -> None:
    whole = fetched(bundle)
    fewer = failing(whole, chance)
    if not chance.randrange(4):
        chance.choice(FAULTS[:2])(fewer, "patient")
    name = whole["patient"]["id"]
    for hook, drafts in (("patient-view", {}), ("order-sign", whole["conditions"])):
        context = {"patientId": name, **({"draftOrders": drafts} if drafts else {})}
        call = called({**fewer, "patient": whole["patient"]}, hook, **context)
        call = Call(call.hook, call.instance, call.context, fewer)
        try:
            said_of(call)
        except NoPatientError:
            assert not fewer.get("patient")
