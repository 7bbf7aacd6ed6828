"""What goes out: cards of CDS Hooks 2.0, as records that cannot break its rules.

A response is held to the rules when it is made, and when it is read: what they forbid
is refused, each problem with its path. Texts that clients draw hold no HTML, for some
clients would obey it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import attrs

from milia_cds.adapters.cds_hooks.card_rules import problems_of
from milia_cds.errors import ProblemsError

Indicator: TypeAlias = Literal["info", "warning", "critical"]
SelectionBehavior: TypeAlias = Literal["at-most-one", "any"]
LinkType: TypeAlias = Literal["absolute", "smart"]
ActionType: TypeAlias = Literal["create", "update", "delete"]


class CardsError(ProblemsError):
    """A response breaks the rules of CDS Hooks; nobody may be sent it."""

    subject = "The response"


_NAMES = {
    "selection_behavior": "selectionBehavior",
    "override_reasons": "overrideReasons",
    "is_recommended": "isRecommended",
    "resource_id": "resourceId",
    "app_context": "appContext",
}
"""The members whose name is not that of the attribute."""


class _Written:
    """A record that is written as an object, without what it does not have."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON values; what it lacks is left out."""
        found = {
            _NAMES.get(each.name, each.name): _plain(getattr(self, each.name))
            for each in attrs.fields(type(self))  # type: ignore[arg-type]  # only records are written
        }
        return {name: value for name, value in found.items() if value is not None}


@attrs.frozen(kw_only=True)
class Coding(_Written):
    """A code of a system; where it is shown to be chosen, with its words."""

    system: str
    code: str
    display: str | None = None
    extension: Mapping[str, Any] | None = None


@attrs.frozen(kw_only=True)
class Link(_Written):
    """A link that a client shows with a card.

    Parameters
    ----------
    label
        What stands on it.
    url
        Its address, absolute.
    type
        "absolute" is opened as it is, "smart" is launched as a SMART app.
    app_context
        What a SMART app is given.
    autolaunchable
        Whether a client may open it by itself.
    """

    label: str
    url: str
    type: LinkType = "absolute"
    app_context: str | None = None
    autolaunchable: bool | None = None
    extension: Mapping[str, Any] | None = None


@attrs.frozen(kw_only=True, repr=False)
class Action(_Written):
    """What a client does where a suggestion is accepted.

    Parameters
    ----------
    type
        Whether something is created, updated or deleted.
    description
        What that is, in words.
    resource
        What is created, or the whole of what is updated.
    resource_id
        What is deleted, such as "ServiceRequest/1".
    """

    type: ActionType
    description: str
    resource: Mapping[str, Any] | None = None
    resource_id: str | None = None
    extension: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        """Say what it does; whom it is about is shown to nobody by chance."""
        return f"<Action: {self.type}>"


@attrs.frozen(kw_only=True)
class Suggestion(_Written):
    """What is suggested.

    Parameters
    ----------
    label
        What stands on its button.
    uuid
        By which feedback names it.
    is_recommended
        Whether it is recommended above the others; `None` does not say.
    actions
        What is done where it is accepted, all of it together.
    """

    label: str
    uuid: str | None = None
    is_recommended: bool | None = None
    actions: tuple[Action, ...] = ()
    extension: Mapping[str, Any] | None = None


@attrs.frozen(kw_only=True)
class Source(_Written):
    """Who says what a card says."""

    label: str
    url: str | None = None
    icon: str | None = None
    topic: Coding | None = None
    extension: Mapping[str, Any] | None = None


@attrs.frozen(kw_only=True)
class Card(_Written):
    """One card.

    Parameters
    ----------
    summary
        One line of fewer than 140 characters.
    indicator
        How important it is.
    source
        Who says so.
    uuid
        By which feedback names it.
    detail
        More of it, as GitHub-flavoured Markdown without HTML.
    suggestions, selection_behavior
        What is suggested, and how many of it may be accepted.
    override_reasons
        Why one may not want to follow it, to choose from.
    links
        Where more is to be seen or said.
    """

    summary: str
    indicator: Indicator
    source: Source
    uuid: str | None = None
    detail: str | None = None
    suggestions: tuple[Suggestion, ...] = ()
    selection_behavior: SelectionBehavior | None = None
    override_reasons: tuple[Coding, ...] = ()
    links: tuple[Link, ...] = ()
    extension: Mapping[str, Any] | None = None


@attrs.frozen(kw_only=True)
class CdsResponse(_Written):
    """What a service answers: its cards, none of which may break a rule.

    Raises
    ------
    CardsError
        With every problem, each with its path.
    """

    cards: tuple[Card, ...] = ()
    extension: Mapping[str, Any] | None = None

    def __attrs_post_init__(self) -> None:
        """Hold it to the rules."""
        found = problems_of(self.to_dict())
        if found:
            raise CardsError(found)

    def to_dict(self) -> dict[str, Any]:
        """The response as plain JSON values; `cards` is always there."""
        return {"cards": [], **super().to_dict()}


def cards_of(data: object) -> CdsResponse:
    """Read a response, strictly.

    Parameters
    ----------
    data
        The body as plain JSON values.

    Raises
    ------
    CardsError
        With every problem, each with its path.

    Examples
    --------
    >>> cards_of({"cards": []})
    CdsResponse(cards=(), extension=None)
    >>> cards_of({})
    Traceback (most recent call last):
    milia_cds.adapters.cds_hooks.cards.CardsError: The response has 1 problem:
      cards: it is missing; give a list of cards, which may be empty
    """
    found = problems_of(data)
    if found or not isinstance(data, dict):
        raise CardsError(found)
    cards = tuple(map(_card, data["cards"]))
    return CdsResponse(cards=cards, extension=data.get("extension"))


def _card(data: Mapping[str, Any]) -> Card:
    source = _named(data["source"])
    if "topic" in source:
        source["topic"] = _read(Coding, source["topic"])
    given = _named(data)
    given["source"] = Source(**source)
    given["suggestions"] = tuple(map(_suggestion, data.get("suggestions", ())))
    reasons = data.get("overrideReasons", ())
    given["override_reasons"] = tuple(_read(Coding, each) for each in reasons)
    given["links"] = tuple(_read(Link, each) for each in data.get("links", ()))
    return Card(**given)


def _suggestion(data: Mapping[str, Any]) -> Suggestion:
    given = _named(data)
    given["actions"] = tuple(_read(Action, each) for each in data.get("actions", ()))
    return Suggestion(**given)


def _read(kind: type[Any], data: Mapping[str, Any]) -> Any:
    return kind(**_named(data))


def _named(data: Mapping[str, Any]) -> dict[str, Any]:
    names = {member: name for name, member in _NAMES.items()}
    return {names.get(key, key): value for key, value in data.items()}


def _plain(value: Any) -> Any:
    """A value as it is written; `None` where it is not."""
    if isinstance(value, _Written):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(each) for each in value] or None
    return value
