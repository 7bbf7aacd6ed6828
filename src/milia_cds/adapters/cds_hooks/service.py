"""The service: discovery, calls, feedback and the form as one ASGI application.

All that is known of a patient comes in the call and is gone after it. The service calls
nobody, and what it logs are counts, times and names of its own. It needs the extra
`hooks`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import ip_address
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

import attrs
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from milia_cds.adapters.cds_hooks.answering import NoPatientError, answer_to
from milia_cds.adapters.cds_hooks.calls import (
    CallError,
    OtherHookError,
    call_of,
    unreadable,
)
from milia_cds.adapters.cds_hooks.counts import Counts
from milia_cds.adapters.cds_hooks.discovery import services
from milia_cds.adapters.cds_hooks.feedback import (
    FeedbackError,
    FeedbackStore,
    feedback_of,
)
from milia_cds.adapters.cds_hooks.form import FormReply, asked_form, posted_form
from milia_cds.adapters.cds_hooks.limits import AnsweringQueue, Limits, body_of
from milia_cds.adapters.cds_hooks.openapi import openapi
from milia_cds.adapters.cds_hooks.outcomes import (
    UNFORESEEN,
    RefusalError,
    of_problems,
    outcome,
)
from milia_cds.adapters.cds_hooks.rehearsal import rehearse
from milia_cds.adapters.cds_hooks.safety import refuse_unsafe
from milia_cds.adapters.cds_hooks.seen import SeenInProcess, TokensSeen
from milia_cds.adapters.cds_hooks.tokens import (
    Issuers,
    TokenError,
    UntrustedIssuerError,
)
from milia_cds.assessment.base import knowledge_of
from milia_cds.case.strict_json import parse_json
from milia_cds.errors import OverdueError, ProblemsError
from milia_cds.knowledge.currency import refuse_long_overdue
from milia_cds.knowledge.model import Knowledge

Clock: TypeAlias = Callable[[], datetime]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

LOG = logging.getLogger("milia_cds.adapters.cds_hooks")
"""Where the service says what it did: counts and times, and nothing of a patient."""

_JSON, _OUTCOME = "application/json", "application/fhir+json"
_FORM = "application/x-www-form-urlencoded"
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_OK = HTTPStatus.OK


def service(  # noqa: PLR0913 - each stands for itself, and is given by its name
    knowledge: Knowledge | None = None,
    *,
    trusted: Issuers | None,
    base_url: str,
    tokens_seen: TokensSeen | None = None,
    feedback: FeedbackStore | None = None,
    origins: Sequence[str] = (),
    clock: Clock | None = None,
    limits: Limits | None = None,
) -> Starlette:
    """Make the service of a knowledge base.

    It is made ready for its first call, so this takes some seconds. Where its server
    tells it of the start, it begins the threads that answer too: a process that is
    forked later would not have them.

    Parameters
    ----------
    knowledge
        The knowledge base, with the policy of the clinic where it has one; `None` is
        the one that comes with the library.
    trusted
        Who may call. `None` is everybody on this machine, for development: then
        `base_url` must be an address of the loopback, and so must the client's.
    base_url
        Where clients find it, as they write it: an https address without a slash at its
        end, with a path where it is mounted below one. On the loopback http will do.
    tokens_seen
        Which tokens were used; `None` keeps it in this process, which is enough for one
        worker alone.
    feedback
        Where feedback is kept; `None` keeps none, and says so to who sends it.
    origins
        The pages that may call from a browser, such as "https://ehr.example.org".
    clock
        Gives the time, with its zone; `None` is that of this machine.
    limits
        What one request may take.

    Returns
    -------
    Starlette
        An application of ASGI, which may be mounted in another.

    Raises
    ------
    SettingsError
        When it could not be run safely so, with how to mend it.
    OverdueError
        When the review of the knowledge is long overdue; later it answers calls by the
        same error.
    WrongTypeError
        When `knowledge` is none.
    """
    base = knowledge_of("service", knowledge)
    refuse_unsafe(trusted, base_url, origins)
    settings = ServiceSettings(
        trusted=trusted,
        base_url=base_url,
        tokens_seen=SeenInProcess() if tokens_seen is None else tokens_seen,
        feedback=feedback,
        clock=clock or _now,
        limits=limits or Limits(),
    )
    refuse_long_overdue(base, settings.clock().date())
    made = Service(base, settings)
    rehearsed = Service(base, attrs.evolve(settings, feedback=None))
    rehearse(base, rehearsed.answer)  # whose cards nobody is shown

    @asynccontextmanager
    async def begun(app: Starlette) -> AsyncIterator[None]:
        del app
        await made.begin(rehearsed.answer)
        yield

    middleware = []
    if origins:
        cors = Middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
            max_age=600,
        )
        middleware.append(cors)
    app = Starlette(
        routes=made.routes(),
        middleware=middleware,
        exception_handlers={HTTPException: _no_such_route},
        lifespan=begun,
    )
    app.router.redirect_slashes = False  # a path with a slash at its end is another
    return app


def mounted(app: Starlette, base_url: str) -> Starlette:
    """A service below the path of its base URL, as a proxy passes it on."""
    path = urlsplit(base_url).path
    if not path:
        return app

    @asynccontextmanager
    async def begun(whole: Starlette) -> AsyncIterator[None]:
        del whole
        async with app.router.lifespan_context(app):
            yield

    return Starlette(routes=[Mount(path, app)], lifespan=begun)


def _now() -> datetime:
    return datetime.now().astimezone()


async def _no_such_route(request: Request, error: Exception) -> Response:
    del request
    status = error.status_code if isinstance(error, HTTPException) else 500
    said = HTTPStatus(status).phrase.lower()
    headers = getattr(error, "headers", None)
    return _refused(
        RefusalError(status, f"{said}: the description says what there is"), headers
    )


class CallReply(NamedTuple):
    """The answer to a call, ready to be sent.

    Parameters
    ----------
    body
        The cards, as JSON.
    indicators
        The indicator of each card.
    """

    body: bytes
    indicators: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ServiceSettings:
    """How a service was set up; `service` says what each is."""

    trusted: Issuers | None
    base_url: str
    tokens_seen: TokensSeen
    feedback: FeedbackStore | None
    clock: Clock
    limits: Limits


class Service:
    """What `service` serves: its routes, and how each is answered."""

    def __init__(self, base: Knowledge, settings: ServiceSettings) -> None:
        self._base = base
        self._set = settings
        self._queue = AnsweringQueue(settings.limits)
        self._counts = Counts()
        offered = services(base)
        self._hooks = {each["id"]: each["hook"] for each in offered["services"]}
        self._discovery = _dumped(offered)
        self._openapi = _dumped(openapi(base, settings.base_url, self._hooks))
        self._stamp = {"version": base.about.version, "digest": base.digest}

    def routes(self) -> list[Route]:
        """The routes, each answered whatever happens."""
        return [
            _route("/cds-services", self.discover, "GET"),
            _route("/cds-services/{id}", self.call, "POST"),
            _route("/cds-services/{id}/feedback", self.feedback, "POST"),
            _route("/health", self.health, "GET"),
            _route("/form", self.ask, "GET"),
            _route("/form", self.posted, "POST"),
            _route("/openapi.json", self.describe, "GET"),
        ]

    async def begin(self, answer: Callable[[str, bytes], CallReply]) -> None:
        """Begin the threads: the first call of a thread takes some milliseconds more.

        Parameters
        ----------
        answer
            Answers a call of the rehearsal.
        """
        await asyncio.to_thread(self._counts.to_dict)
        await self._queue.work(rehearse, self._base, answer)

    # -- the routes --

    async def discover(self, request: Request) -> Response:
        """Which services there are."""
        await self._admitted(request, "/cds-services")
        return _sent(self._discovery)

    async def call(self, request: Request) -> Response:
        """Answer a call with cards."""
        name = self._named(request)
        indicators: tuple[str, ...] = ()
        start, status = perf_counter(), 500
        try:
            await self._admitted(request, f"/cds-services/{name}")
            body = await self._body(request, _JSON)
            reply = await self._queue.work(self.answer, name, body)
            status, indicators = 200, reply.indicators
            return _sent(reply.body)
        except RefusalError as refusal:
            status = refusal.status
            raise
        finally:
            self._counts.add(name, status, indicators)
            took = (perf_counter() - start) * 1000
            LOG.info("%s %d in %.0f ms, cards: %d", name, status, took, len(indicators))

    async def feedback(self, request: Request) -> Response:
        """Keep what became of cards."""
        name = self._named(request)
        await self._admitted(request, f"/cds-services/{name}/feedback")
        store = self._set.feedback
        if store is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, "this service keeps no feedback")
        body = await self._body(request, _JSON)
        count = await self._queue.work(_keep, store, name, body)
        LOG.info("%s feedback 200, %d reports", name, count)
        return Response(headers=_HEADERS)

    async def health(self, request: Request) -> Response:
        """Whether it runs, with which knowledge, and what it did, by counts."""
        del request
        said = {"status": "ok", "knowledge": self._stamp, **self._counts.to_dict()}
        return _sent(_dumped(said))

    async def describe(self, request: Request) -> Response:
        """The description of the service, as OpenAPI."""
        del request
        return _sent(self._openapi)

    async def ask(self, request: Request) -> Response:
        """Show the form, with the facts that a card asks for first."""
        asked = request.query_params.getlist("ask")
        return _page(await self._queue.work(self._form, asked))

    async def posted(self, request: Request) -> Response:
        """Give the answers of the form as a QuestionnaireResponse."""
        body = await self._body(request, _FORM)
        return _page(await self._queue.work(self._answers, body))

    # -- their work, in a thread --

    def answer(self, name: str, body: bytes) -> CallReply:
        """The cards for the body of a call.

        Parameters
        ----------
        name
            The id of the service.
        body
            The call, as JSON.

        Raises
        ------
        RefusalError
            When it cannot be answered.
        """
        data = _plain(body, CallError)
        try:
            call = call_of(data, hook=self._hooks[name])
        except OtherHookError as error:
            raise of_problems(HTTPStatus.BAD_REQUEST, error) from None
        except CallError as error:
            raise of_problems(HTTPStatus.UNPROCESSABLE_ENTITY, error) from None
        today = self._set.clock().date()
        try:
            made = answer_to(call, self._base, as_of=today, base_url=self._set.base_url)
        except NoPatientError as error:
            raise of_problems(HTTPStatus.PRECONDITION_FAILED, error) from None
        except OverdueError as error:
            raise of_problems(HTTPStatus.INTERNAL_SERVER_ERROR, error) from None
        indicators = tuple(each.indicator for each in made.response.cards)
        if self._set.feedback is not None and made.issued:
            self._set.feedback.issued(name, made.issued)
        return CallReply(_dumped(made.response.to_dict()), indicators)

    def _form(self, asked: Sequence[str]) -> FormReply:
        return asked_form(self._base, asked, action=self._action)

    def _answers(self, body: bytes) -> FormReply:
        return posted_form(self._base, body, at=self._set.clock(), action=self._action)

    @property
    def _action(self) -> str:
        return f"{urlsplit(self._set.base_url).path}/form"

    # -- requests --

    def _named(self, request: Request) -> str:
        """The service that a path names."""
        name: str = request.path_params["id"]
        if name not in self._hooks:
            said = "there is no such service; /cds-services lists them"
            raise RefusalError(HTTPStatus.NOT_FOUND, said)
        return name

    async def _admitted(self, request: Request, path: str) -> None:
        """Refuse who may not call."""
        if self._set.trusted is None:
            _only_from_here(request)
            return
        given = request.headers.getlist("authorization")
        header = given[0] if len(given) == 1 else None
        try:
            await asyncio.to_thread(self._admit, self._set.trusted, header, path)
        except TokenError as error:
            status = HTTPStatus.UNAUTHORIZED
            raise RefusalError(status, str(error), headers=_CHALLENGE) from None
        except UntrustedIssuerError as error:
            raise RefusalError(HTTPStatus.FORBIDDEN, str(error)) from None

    def _admit(self, trusted: Issuers, header: str | None, path: str) -> None:
        now = self._set.clock().astimezone(UTC)
        token = trusted.verify(header, f"{self._set.base_url}{path}", now)
        if not self._set.tokens_seen.first_seen(token.key, token.until):
            message = "the token was used before; make one for each call"
            raise TokenError(message)

    async def _body(self, request: Request, kind: str) -> bytes:
        """The body of a request of one media type."""
        given, _, rest = request.headers.get("content-type", "").partition(";")
        charset = rest.strip().lower().removeprefix("charset=").strip('"')
        coded = request.headers.get("content-encoding", "identity").lower()
        known = given.strip().lower() == kind and charset in {"", "utf-8"}
        if not known or coded != "identity":
            said = f"send {kind} in UTF-8, not compressed"
            raise RefusalError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, said)
        return await body_of(request.stream(), self._set.limits)


def _only_from_here(request: Request) -> None:
    """Refuse other machines while everybody on this one may call."""
    host = request.client.host if request.client else "127.0.0.1"
    try:
        here = ip_address(host).is_loopback
    except ValueError:  # a name is that of a test; a server gives an address
        here = True
    if not here:
        said = "this is a service for development, for this machine alone"
        raise RefusalError(HTTPStatus.FORBIDDEN, said)


def _plain(body: bytes, error: type[ProblemsError]) -> Any:
    """A body of JSON as plain values: nothing twice or too deep, no NaN."""
    try:
        data, problems = parse_json(body, error)
    except ProblemsError as found:
        raise of_problems(HTTPStatus.BAD_REQUEST, found) from None
    problems.extend(unreadable(data))
    if problems:
        raise of_problems(HTTPStatus.BAD_REQUEST, error(problems))
    return data


def _keep(store: FeedbackStore, name: str, body: bytes) -> int:
    try:
        reports = feedback_of(_plain(body, FeedbackError))
    except FeedbackError as error:
        raise of_problems(HTTPStatus.UNPROCESSABLE_ENTITY, error) from None
    store.reported(name, reports)
    return len(reports)


# -- answers --


def _route(path: str, endpoint: Endpoint, method: str) -> Route:
    async def safely(request: Request) -> Response:
        try:
            return await endpoint(request)
        except RefusalError as refusal:
            return _refused(refusal)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)  # nobody reads it
        except Exception as error:  # noqa: BLE001 - what it says may name a patient
            _log_unforeseen(error)
            return _refused(RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, UNFORESEEN))

    return Route(path, safely, methods=[method])


def _log_unforeseen(error: Exception) -> None:
    """Log where an exception arose and of which type it is, not what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
    LOG.error("unforeseen %s at %s", type(error).__name__, place)


def _dumped(data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _sent(body: bytes) -> Response:
    return Response(body, _OK, _HEADERS, _JSON)


def _refused(
    refusal: RefusalError, headers: Mapping[str, str] | None = None
) -> Response:
    body = _dumped(outcome(refusal.status, refusal.said))
    sent = {**_HEADERS, **refusal.headers, **(headers or {})}
    return Response(body, refusal.status, sent, _OUTCOME)


def _page(reply: FormReply) -> Response:
    return Response(reply.body, reply.status, dict(reply.headers), reply.media_type)
