"""Draft orders: which options they order, and what is so once they are carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from milia_cds.adapters.fhir.conditions import is_reason
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.drugs import drug_of
from milia_cds.adapters.fhir.elements import items, table, text
from milia_cds.adapters.fhir.gathering import Gathered, Resource, gather
from milia_cds.adapters.fhir.reader import context_of, reading_in
from milia_cds.adapters.fhir.whose import not_understood

_DRUG = "MedicationRequest"
_KINDS = frozenset({_DRUG, "ServiceRequest"})
_NO_MORE = frozenset(
    {
        *("cancelled", "completed", "entered-in-error", "revoked", "stopped"),
        "on-hold",
    }
)
"""What an order is of that nobody is about to carry out."""


@attrs.frozen(eq=False)
class DraftOrders:
    """The orders that are about to be signed for the patient who is read.

    Parameters
    ----------
    options
        The options that they order, each with the orders that do.
    facts
        What is so once all of them are carried out.
    """

    options: Mapping[str, tuple[Resource, ...]]
    facts: Mapping[str, Any]
    _drugs: Mapping[int, Mapping[str, Any]]

    def facts_beside(self, option: str) -> dict[str, Any]:
        """What is so once all but the orders of an option are carried out."""
        own = {id(each) for each in self.options[option]}
        return {
            name: value
            for order, facts in self._drugs.items()
            if order not in own
            for name, value in facts.items()
        }


def draft_orders(drafts: object, context: Context) -> DraftOrders:
    """Read draft orders.

    An order of another patient is none of ours; nor is one of an option that says that
    it is for something else.

    Parameters
    ----------
    drafts
        The Bundle of the orders.
    context
        The record of the patient.
    """
    said = gather(drafts if isinstance(drafts, dict | list) else [])
    every = [*context.record.said.resources, *said.resources]
    options: dict[str, tuple[Resource, ...]] = {}
    drugs: dict[int, Mapping[str, Any]] = {}
    for each in said.resources:
        if not _is_order(each, context):
            continue
        if each.kind == _DRUG:
            drugs[id(each)] = _carried_out(each, every, context)
        for option in _ordered(each, every, context):
            options[option] = (*options.get(option, ()), each)
    facts = {name: value for each in drugs.values() for name, value in each.items()}
    return DraftOrders(options, facts, drugs)


def _is_order(each: Resource, context: Context) -> bool:
    """Whether it asks to do something for the patient who is read."""
    data = each.data
    return (
        each.kind in _KINDS
        and not not_understood(data)
        and text(data.get("status")) not in _NO_MORE
        and data.get("doNotPerform", False) is False
        and context.record.is_of(context.patient, table(data.get("subject")), each)
    )


def _alone(
    each: Resource, every: list[Resource], context: Context
) -> tuple[Resource, Context]:
    """An order as it stands once it is carried out, in a record of nothing else."""
    done = {"status": "active", "intent": "order", "authoredOn": str(context.as_of)}
    left_out = {"id", "meta", "doNotPerform"}
    data = {key: value for key, value in each.data.items() if key not in left_out}
    carried = Resource({**data, **done}, each.kind, "", each.path)
    kept = [other for other in every if other.kind == "Medication"]
    said = Gathered(resources=[context.patient, carried, *kept])
    return carried, context_of(said, context.base, context.as_of)


def _carried_out(
    each: Resource, every: list[Resource], context: Context
) -> Mapping[str, Any]:
    """What is so once an order of a drug is carried out."""
    _, alone = _alone(each, every, context)
    evidence = reading_in(alone).evidence
    kinds = context.vocabulary.kinds
    return {
        name: kinds[name].plain(known.value)
        for name, known in evidence.items()
        if known.value is not None and _DRUG in context.index.types.get(name, ())
    }


def _ordered(each: Resource, every: list[Resource], context: Context) -> Iterator[str]:
    """The options that an order is of, each once."""
    concepts = [each.data.get("code")]
    if each.kind == _DRUG:
        carried, alone = _alone(each, every, context)
        concepts = [drug_of(carried, alone)[0]]
    if not _is_for_something_else(each, context):
        for concept in concepts:
            yield from context.index.options.found(concept)


def _is_for_something_else(each: Resource, context: Context) -> bool:
    """Whether an order says for what it is, by codes, and none is a reason to speak."""
    reasons = [*items(each.data.get("reasonCode"))]
    for reference in items(each.data.get("reasonReference")):
        at = context.record.at(text(table(reference).get("reference")), each)
        if at is not None and at.kind == "Condition":
            reasons.append(at.data.get("code"))
    coded = [each for each in reasons if items(table(each).get("coding"))]
    return bool(coded) and not any(is_reason(each, context) for each in coded)
