"""Cross-checks of what a knowledge base promises, raises and rests on.

Guarantees, alerts, what texts claim, sources, and facts that stand beside a condition.
"""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.errors import Problem, quoted
from milia_cds.knowledge.consequences import (
    DESTINATION,
    FACT,
    MEASURE,
    OPTION,
    SOURCE,
    Home,
)
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.named import (
    known_names,
    no_repeats,
    single_names,
)
from milia_cds.knowledge.options import Option
from milia_cds.knowledge.promises import Guarantee
from milia_cds.logic.conditions import (
    And,
    Atom,
    Condition,
    Not,
    Or,
    Term,
)


def promised(base: Knowledge) -> Iterator[Problem]:
    """Every problem of what a knowledge base promises, raises and rests on."""
    yield from _destinations(base)
    yield from _alerts(base)
    yield from _claims(base)
    yield from _guarantees(base)
    yield from _sourced(base)
    yield from _guards(base)


def _guarantees(base: Knowledge) -> Iterator[Problem]:
    ids = [each.id for each in base.guarantees]
    ids += [each.id for each in base.promises]
    yield from no_repeats("guarantees.toml: guarantee", ids)
    for each in base.guarantees:
        path = f"guarantees.toml: guarantee.{each.id}"
        yield from single_names(f"{path}.options", each.options, base)
        yield from single_names(f"{path}.binds", each.binds, base)
        measures = Home(MEASURE, base.measures)
        yield from known_names(f"{path}.measures", "measure", each.measures, measures)
        if each.alert is not None:
            alerts = Home("alerts.toml: alert.{}", base.alerts)
            yield from known_names(f"{path}.alert", "alert", [each.alert], alerts)
        if sum(_forms(each)) != 1:
            mend = "write options or measures with never_when, when with action or "
            mend += "alert, or gentler with binds"
            yield Problem(path, "this is no form of a guarantee", mend)
        yield from _of_referral(path, each, base)
        yield from _order_of_harm(path, each, base)


def _forms(each: Guarantee) -> Iterator[bool]:
    """Whether a guarantee has what each of the forms needs."""
    yield bool(each.options or each.measures) and bool(each.never_when)
    yield bool(each.when) and each.action is not None
    yield bool(each.when) and each.alert is not None
    yield bool(each.gentler) and bool(each.binds)


def _of_referral(path: str, each: Guarantee, base: Knowledge) -> Iterator[Problem]:
    urgency = each.urgency or each.urgency_at_least
    if each.to and each.action != "refer":
        message = "to belongs to a referral"
        yield Problem(path, message, 'write action = "refer", or remove it')
    if urgency and each.action != "refer" and each.alert is None:
        message = "an urgency belongs to a referral or an alert"
        yield Problem(path, message, 'write action = "refer" or alert, or remove it')
    if each.urgency and each.urgency_at_least:
        mend = "keep one of the two"
        yield Problem(path, "urgency and urgency_at_least both stand there", mend)
    if each.to:
        known = Home(DESTINATION, base.destinations)
        yield from known_names(f"{path}.to", "destination", [each.to], known)


def _order_of_harm(path: str, each: Guarantee, base: Knowledge) -> Iterator[Problem]:
    if not each.gentler:
        return
    at = f"{path}.gentler"
    yield from known_names(at, "option", [each.gentler], Home(OPTION, base.options))
    if each.gentler in each.binds:
        mend = "name the harsher ones alone"
        yield Problem(f"{path}.binds", f"{each.gentler} cannot bind itself", mend)
    option = base.options.get(each.gentler)
    for number, exempt in enumerate(each.except_ if option else ()):
        at = f"{path}.except[{number}]"
        yield from known_names(f"{at}.gate", "gate", [exempt.gate], *_deciding(option))
        if not exempt.options:
            mend = "name some that it does not bind"
            yield Problem(f"{at}.options", "no option is named", mend)
        if not exempt.reason.strip():
            yield Problem(f"{at}.reason", "there is no reason", "say why")


def _deciding(option: Option | None) -> Iterator[Home]:
    """Where the gates stand that forbid or lower an option."""
    gates = option.gate if option else ()
    names = [gate.id for gate in gates if gate.kind in {"forbid", "lower"}]
    yield Home("common.toml: gate.{}", names)
    yield Home(f"options/{option.id if option else ''}.toml: gate.{{}}", names)


def _destinations(base: Knowledge) -> Iterator[Problem]:
    known = Home(DESTINATION, base.destinations)
    for name, each in base.destinations.items():
        path = f"scenarios.toml: destination.{name}.covered_by"
        yield from known_names(path, "destination", each.covered_by, known)


def _alerts(base: Knowledge) -> Iterator[Problem]:
    addressees = Home("alerts.toml: addressee.{}", base.addressees)
    for name, alert in base.alerts.items():
        path = f"alerts.toml: alert.{name}"
        yield from known_names(f"{path}.to", "addressee", alert.to, addressees)
        if not alert.to:
            yield Problem(f"{path}.to", "it is for nobody", "name an addressee")
        if isinstance(alert.signs, Or) and not alert.signs.parts:
            message = "it has no sign: nothing that is stated could make anybody ask"
            mend = "name what states the danger, beside what every case has"
            yield Problem(f"{path}.when", message, mend)


def _claims(base: Knowledge) -> Iterator[Problem]:
    claims = Home("claims.toml: claim.{}", base.claims)
    for placed in base.entries:
        for key in ("claims", "silences"):
            for claim in getattr(placed.entry, key, ()):
                name, _, about = claim.partition(":")
                path = f"{placed.path}.{key}"
                yield from known_names(path, "claim", [name], claims)
                if name in base.claims:
                    yield from _about(base, path, base.claims[name].stands, about)
        if hasattr(placed.entry, "sentence") and not placed.entry.text.strip():
            message = "it says nothing"
            yield Problem(placed.path, message, "give text, or a list of sentences")


def _about(base: Knowledge, path: str, stands: str, about: str) -> Iterator[Problem]:
    """What is wrong with the option or fact that a claim is about."""
    if stands in {"offered", "first"}:
        yield from known_names(path, "option", [about], Home(OPTION, base.options))
    elif stands == "unsilenced":
        yield from known_names(path, "fact", [about], Home(FACT, base.kinds))
    elif about:
        message = f"the claim is about nothing, and names {quoted(about)}"
        yield Problem(path, message, "remove what stands after the colon")


def _sourced(base: Knowledge) -> Iterator[Problem]:
    sources = Home(SOURCE, base.sources)
    for path, claim in base.sourced():
        if not claim.sources and not claim.judgement:
            mend = "add sources = [...], or judgement = true"
            at = path.removesuffix(": ")
            yield Problem(at, "the claim has no source and is no judgement", mend)
        at = f"{path}sources" if path.endswith(": ") else f"{path}.sources"
        yield from known_names(at, "source", claim.sources, sources)


def _guards(base: Knowledge) -> Iterator[Problem]:
    for fact, guard in base.guards.items():
        if guard.condition is None:
            continue
        for path, condition in base.conditions():
            if not _guarded(condition, fact, guard.condition):
                message = f"{fact} is read without {guard.when}"
                yield Problem(path, message, f"join it by and; {guard.text}")


def _guarded(condition: Condition, fact: str, guard: Condition) -> bool:
    match condition:
        case Atom(name, _):
            return name != fact
        case Term():
            return True  # its own condition is checked
        case Not(part):
            return _guarded(part, fact, guard)
        case Or(parts):
            return all(_guarded(part, fact, guard) for part in parts)
        case And(parts):
            # To compare with the guard takes time, and few conditions read the fact.
            return all(_guarded(part, fact, guard) for part in parts) or any(
                _bare(part) == _bare(guard) for part in parts
            )


def _bare(condition: Condition) -> Condition:
    return _bare(condition.stands_for) if isinstance(condition, Term) else condition
