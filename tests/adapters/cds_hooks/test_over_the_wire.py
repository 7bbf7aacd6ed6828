"""The service in a process of its own: it starts, answers, and ends when it is told."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any

import pytest

from milia_cds.adapters.cds_hooks.cards import cards_of
from tests.adapters.cds_hooks.calling import call
from tests.common import OTHERWORLD

pytestmark = pytest.mark.slow
SECRET = "Jane-Doe-1992"  # noqa: S105 - the word to look for
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Running:
    """A process that serves on a port.

    Parameters
    ----------
    port
        The port.
    told
        Where it writes what it has to say.
    """

    def __init__(self, port: int, told: IO[str]) -> None:
        self.port = port
        self.told = told
        command = ("-m", "milia_cds.cli", "serve", "--development")
        given = ("--port", str(port), "--knowledge", str(OTHERWORLD))
        self.process = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, *command, *given], stderr=told, stdout=told
        )

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and body of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body), headers)
        answer = connection.getresponse()
        status, said = answer.status, json.load(answer)
        connection.close()
        return status, said

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(600):
            assert self.process.poll() is None
            try:
                assert self.ask("GET", "/health")[0] == 200
            except ConnectionError:
                time.sleep(0.1)
            else:
                return
        pytest.fail("it does not answer")

    def seconds(self) -> float:
        """The time of the processor that it has taken."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / _TICKS


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "told").open("w+", encoding="utf-8") as told:
        found = Running(port, told)
        try:
            yield found
        finally:
            found.process.kill()
            found.process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_it_starts_ready_answers_and_ends_when_it_is_told(running: Running) -> None:
    running.wait()
    _, offered = running.ask("GET", "/cds-services")
    view = offered["services"][0]["id"]
    times = []
    for _ in range(10):
        start = running.seconds()
        status, said = running.ask("POST", f"/cds-services/{view}", call())
        assert status == 200
        cards_of(said)
        times.append(running.seconds() - start)
    assert times[0] <= 3 * max(times[1:]) + 0.1
    running.ask("POST", f"/cds-services/{SECRET}?{SECRET}={SECRET}", call())
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(20) == 0
    running.told.seek(0)
    told = running.told.read()
    assert "This is development mode" in told
    assert f"{view} 200 in " in told
    assert SECRET not in told
    assert "Traceback" not in told
