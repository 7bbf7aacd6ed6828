"""The command that serves CDS Hooks: `milia-cds serve`."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from milia_cds.assessment.base import load_knowledge
from milia_cds.cli.overdue import say_overdue
from milia_cds.cli.program import complain
from milia_cds.cli.streams import InputError, today
from milia_cds.errors import Problem, Problems, quoted
from milia_cds.knowledge.currency import refuse_long_overdue

try:
    import uvicorn

    from milia_cds.adapters.cds_hooks.feedback_file import FeedbackFile
    from milia_cds.adapters.cds_hooks.issuers_file import issuers_of
    from milia_cds.adapters.cds_hooks.safety import (
        SettingsError,
        loopback,
        refuse_unsafe,
    )
    from milia_cds.adapters.cds_hooks.seen import SeenInFile
    from milia_cds.adapters.cds_hooks.service import mounted, service
except ModuleNotFoundError as missing:
    extra = {"cryptography", "jwt", "starlette", "uvicorn"}
    if (missing.name or "").partition(".")[0] not in extra:
        raise
    message = "serve needs the extra hooks: pip install 'milia-cds[hooks]'"
    raise InputError(message) from None

SETTINGS = "MILIA_CDS_SERVE"
"""The variable of the environment by which workers get their settings."""

T = TypeVar("T")

HOME = "milia_cds.cli.serve:application"
"""Where each of several workers finds its application."""
_DEVELOPMENT = """\
This is development mode: {who} on this machine is answered, and nothing is encrypted.
Send it no record of a patient. milia-cds serve --help says what production mode needs.
"""
_HIGHEST_PORT = 65_535
_GRACE = 20
"""As many seconds as answers that are being made have, when it is told to end."""
_READY = 120
"""As many seconds as a worker has to say that it lives, while it gets ready too."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "stream": "ext://sys.stderr",
        }
    },
    "loggers": {
        name: {"handlers": ["stderr"], "level": "INFO", "propagate": False}
        for name in ("milia_cds", "uvicorn")
    },
}


def run(asked: argparse.Namespace) -> None:
    """Serve until it is told to end."""
    settings = _settings(asked)
    if asked.development:
        who = "whoever has a token" if asked.issuers else "everybody"
        complain(_DEVELOPMENT.format(who=who).rstrip())
    given = _given(settings)
    say_overdue(given["knowledge"])
    refuse_long_overdue(given["knowledge"], today())
    refuse_unsafe(given["trusted"], given["base_url"], given["origins"])
    several = asked.workers > 1
    os.environ[SETTINGS] = json.dumps(settings)
    with _ending_well(), suppress(KeyboardInterrupt):
        app = HOME if several else _made(given)
        complain(f"The services are listed at {settings['base_url']}/cds-services")
        uvicorn.run(
            app,
            factory=several,
            workers=asked.workers,
            host=asked.host,
            port=asked.port,
            log_config=LOGGING,
            access_log=False,  # a line of it would hold the address that was called
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=_GRACE,
            timeout_worker_healthcheck=_READY,
        )


def application() -> Any:
    """The application of one of several workers, as the command was told."""
    return _made(_given(json.loads(os.environ[SETTINGS])))


def _given(settings: dict[str, Any]) -> dict[str, Any]:
    """What the service is given; whatever cannot be read is refused here."""
    issuers, seen = settings["issuers"], settings["tokens_seen"]
    kept = settings["feedback"]
    return {
        "knowledge": load_knowledge(settings["knowledge"], policy=settings["policy"]),
        "trusted": None if issuers is None else issuers_of(issuers),
        "base_url": settings["base_url"],
        "tokens_seen": None if seen is None else _opened(SeenInFile, seen),
        "feedback": None if kept is None else _opened(FeedbackFile, kept),
        "origins": settings["origins"],
    }


def _opened(kind: Callable[[str], T], name: str) -> T:
    """A file in which the service keeps something."""
    try:
        return kind(name)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{name}: {reason}; name a file that can be written"
        raise InputError(message) from None


def _made(given: dict[str, Any]) -> Any:
    made = mounted(service(**given), given["base_url"])
    # What is there now stays: to look through it for garbage would hold up a call for a
    # tenth of a second.
    gc.collect()
    gc.freeze()
    return made


@contextmanager
def _ending_well() -> Iterator[None]:
    """Take being told to end, by SIGTERM, as an end like any other."""

    def ended(signum: int, frame: FrameType | None) -> NoReturn:
        del signum, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, ended)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# -- settings --


def _settings(asked: argparse.Namespace) -> dict[str, Any]:
    """The settings of each worker; what would not be safe is refused."""
    problems = Problems()
    if not 1 <= asked.port <= _HIGHEST_PORT:
        mend = f"give one from 1 to {_HIGHEST_PORT}"
        problems.append(Problem("--port", f"{asked.port} is no port", mend))
    if asked.workers < 1:
        message = f"{asked.workers} is no number of workers"
        problems.append(Problem("--workers", message, "give 1 or more"))
    if asked.workers > 1 and asked.issuers and asked.tokens_seen is None:
        message = "several workers do not know which tokens the others have seen"
        mend = "name a file that they share, such as --tokens-seen tokens.db"
        problems.append(Problem("--tokens-seen", message, mend))
    look = _not_for_development if asked.development else _not_for_production
    problems.extend(look(asked))
    if problems:
        raise SettingsError(problems)
    host = f"[{asked.host}]" if ":" in asked.host else asked.host
    return {
        "knowledge": asked.knowledge,
        "policy": asked.policy,
        "issuers": asked.issuers,
        "tokens_seen": asked.tokens_seen,
        "feedback": asked.feedback,
        "origins": asked.origin,
        "base_url": asked.base_url or f"http://{host}:{asked.port}",
    }


def _not_for_production(asked: argparse.Namespace) -> Iterator[Problem]:
    other = "or give --development, to try it on this machine alone"
    if asked.issuers is None:
        message = "nobody is trusted, so nobody could call"
        mend = f"name the file of trusted issuers and their keys, {other}"
        yield Problem("--issuers", message, mend)
    if asked.base_url is None:
        mend = f'give the address that clients call, "https://...", {other}'
        yield Problem("--base-url", "it is missing", mend)
    elif not asked.base_url.startswith("https://"):
        message = f"{quoted(asked.base_url)} is not https"
        mend = f"let a proxy encrypt, and give its address, {other}"
        yield Problem("--base-url", message, mend)


def _not_for_development(asked: argparse.Namespace) -> Iterator[Problem]:
    mend = "stay on 127.0.0.1, or leave --development out"
    if not loopback(asked.host):
        message = f"{quoted(asked.host)} can be reached from other machines"
        yield Problem("--host", message, mend)
    if asked.base_url is not None and not loopback(_host_of(asked.base_url)):
        message = f"{quoted(asked.base_url)} is not on this machine"
        yield Problem("--base-url", message, mend)


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
