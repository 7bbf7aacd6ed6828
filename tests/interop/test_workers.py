"""The service as a system runs it: several workers, and killed amid its work."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from benchmarks.serving import (
    BASE_URL,
    SERVICES,
    Clinic,
    Service,
    call,
    record,
    running,
    trusted,
)
from milia_cds.adapters.cds_hooks.feedback_file import FeedbackFile
from tests.common import THOROUGH

PATH = f"/cds-services/{SERVICES['patient-view']}"
FEEDBACK = f"{PATH}/feedback"
ROUNDS = 10 if THOROUGH else 2


@contextmanager
def stopped(process: int) -> Iterator[None]:
    """Stop a process while the block runs."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux")
def test_a_token_is_used_once_whichever_worker_is_asked(tmp_path: Path) -> None:
    clinic = Clinic()
    issuers = trusted(tmp_path, clinic.keys())
    seen = tmp_path / "tokens.sqlite"
    arguments = [
        "--issuers",
        str(issuers),
        "--workers",
        "2",
        "--tokens-seen",
        str(seen),
    ]
    body = call("patient-view", record({}, datetime.now(UTC)))
    with running(arguments) as service:
        one, other = service.workers()[-2:]
        token = clinic.token(f"{BASE_URL}{PATH}")
        # A worker that stands still takes no connection, so the other one answers.
        with stopped(one):
            assert service.asked(PATH, body, token)[0] == 200
            assert service.asked(PATH, body, token)[0] == 401
        with stopped(other):
            assert service.asked(PATH, body, token)[0] == 401
            fresh = clinic.token(f"{BASE_URL}{PATH}")
            assert service.asked(PATH, body, fresh)[0] == 200
        at_once = clinic.token(f"{BASE_URL}{PATH}")
        with ThreadPoolExecutor(8) as threads:
            asked = [
                threads.submit(service.asked, PATH, body, at_once) for _ in range(16)
            ]
        assert sorted(each.result()[0] for each in asked) == [200, *[401] * 15]
        assert service.ended() == 0


def test_feedback_that_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    clinic = Clinic()
    issuers = trusted(tmp_path, clinic.keys())
    kept = tmp_path / "feedback.jsonl"
    arguments = ["--issuers", str(issuers), "--feedback", str(kept)]
    acknowledged: set[str] = set()
    for number in range(ROUNDS):
        with running(arguments) as service:
            sending = Sending(clinic, service, acknowledged)
            sending.until(30 + 17 * number)
            service.process.kill()
            service.process.wait()
            sending.end()
    assert len(acknowledged) >= 30 * ROUNDS
    FeedbackFile(kept)  # the next start takes a torn line away
    lines = [json.loads(each) for each in kept.read_text("utf-8").splitlines()]
    assert acknowledged <= {each["feedback"]["card"] for each in lines}


class Sending:
    """Sends feedback over several connections for as long as somebody answers."""

    def __init__(
        self, clinic: Clinic, service: Service, acknowledged: set[str]
    ) -> None:
        self.clinic = clinic
        self.service = service
        self.acknowledged = acknowledged
        self.enough = threading.Condition()
        self.threads = [threading.Thread(target=self.send) for _ in range(4)]
        for each in self.threads:
            each.start()

    def send(self) -> None:
        """Send one report after another."""
        try:
            while True:
                card = str(uuid4())
                token = self.clinic.token(f"{BASE_URL}{FEEDBACK}")
                status, said = self.service.asked(FEEDBACK, _report(card), token)
                assert status == 200, said
                with self.enough:
                    self.acknowledged.add(card)
                    self.enough.notify()
        except (OSError, http.client.HTTPException):
            pass  # it was killed

    def until(self, more: int) -> None:
        """Wait until so many more were acknowledged."""
        with self.enough:
            before = len(self.acknowledged)
            self.enough.wait_for(lambda: len(self.acknowledged) >= before + more, 60)

    def end(self) -> None:
        """Wait until nothing more is sent."""
        for each in self.threads:
            each.join()


def _report(card: str) -> object:
    at = datetime.now(UTC) - timedelta(seconds=1)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    one = {"card": card, "outcome": "overridden", "outcomeTimestamp": stamp}
    return {"feedback": [one]}
