"""The CDS Hooks service under load, over loopback.

The service runs in one process as in production, its tokens included; whoever calls it
runs beside it, on the same cores. Each call has 60 resources, and the answers of one of
the patients of `examples/`.
"""

from __future__ import annotations

import http.client
import json
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from uuid import uuid4

import attrs

from benchmarks.rounds import (
    Row,
    compared,
    interleaved,
    progress,
    shown,
    stopwatch,
    taken,
)
from benchmarks.serving import (
    BASE_URL,
    HOST,
    SERVICES,
    Clinic,
    Service,
    call,
    record,
    running,
    trusted,
)
from milia_cds import load_knowledge
from milia_cds.adapters.cds_hooks.answering import answered, prepare_answers
from milia_cds.adapters.cds_hooks.calls import call_of

NAME = "service"
HOOK = "patient-view"
PATH = f"/cds-services/{SERVICES[HOOK]}"
EXAMPLES = Path(__file__).parents[1] / "examples" / "cases"

IN_PROCESS = "a call, read and answered in process"
LOOPBACK = "a call over loopback"
WORK = "processor time of the service for each"
FIRST, TENTH = "the first call of a new service", "its tenth"

SLOWEST = 100.0
"""The target of 99 calls of 100 at half of the sustained rate, in milliseconds."""
LONGEST = 100
"""As many seconds as calls at half of the rate take at most: then tokens run out."""
CONNECTIONS = 4
ON_LINUX = Path("/proc/self/stat").is_file()
_INSTANCE = "00000000-0000-4000-8000-000000000000"


def service(rounds: int, *, quick: bool) -> list[Row]:
    """Time the service, with one caller and with several."""
    clinic = Clinic()
    with _service(clinic) as started:
        calling = Calling(started, clinic)
        rows = _alone(calling, rounds, quick=quick)
        rows += _under_load(calling, rounds, quick=quick)
        rows += [] if quick else _in_memory(calling)
    return [*rows, _warm(clinic, 2 if quick else rounds)]


@contextmanager
def _service(clinic: Clinic) -> Iterator[Service]:
    with TemporaryDirectory() as folder:
        issuers = trusted(Path(folder), clinic.keys())
        with running(["--issuers", str(issuers)]) as started:
            yield started


def bodies() -> list[str]:
    """The calls, one for each patient; all are the same calling of the hook."""
    now = datetime.now(UTC)
    cases = [
        json.loads(path.read_text("utf-8")) for path in sorted(EXAMPLES.glob("*.json"))
    ]
    made = [
        {**call(HOOK, record(case, now)), "hookInstance": _INSTANCE} for case in cases
    ]
    return [json.dumps(each) for each in made]


@attrs.define(eq=False)
class Calling:
    """Calls a service, each call with a token and an id of its own.

    Parameters
    ----------
    service
        The service.
    clinic
        Who signs.
    bodies
        The calls, in turn.
    """

    service: Service
    clinic: Clinic
    bodies: Iterator[str] = attrs.field(factory=lambda: cycle(bodies()))

    def made(self) -> tuple[bytes, dict[str, str]]:
        """The body and the headers of the next call."""
        body = next(self.bodies).replace(_INSTANCE, str(uuid4()))
        token = self.clinic.token(f"{BASE_URL}{PATH}")
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
        }
        return body.encode(), headers

    def connection(self) -> http.client.HTTPConnection:
        """A connection to the service, which is kept."""
        return http.client.HTTPConnection(HOST, self.service.port, timeout=60)

    def sent(
        self, over: http.client.HTTPConnection, made: tuple[bytes, dict[str, str]]
    ) -> float:
        """Send a call, and give the seconds until its answer was read."""
        start = perf_counter()
        over.request("POST", PATH, *made)
        answer = over.getresponse()
        text = answer.read()
        seconds = perf_counter() - start
        if answer.status != http.HTTPStatus.OK or b'"cards":[{' not in text:
            message = f"the service answered {answer.status}: {text[:300]!r}"
            raise RuntimeError(message)
        return seconds

    def several(
        self, count: int, rate: float | None = None
    ) -> tuple[float, list[float]]:
        """Send calls over several connections.

        Parameters
        ----------
        count
            How many.
        rate
            How many are due in a second, whether the ones before are answered or not;
            `None` sends each as soon as a connection is free.

        Returns
        -------
        tuple
            The seconds that all took, and those of each from when it was due until its
            answer was read.
        """
        waiting: queue.SimpleQueue[tuple[float, tuple[bytes, dict[str, str]]]]
        waiting = queue.SimpleQueue()
        for number in range(count):
            waiting.put((number / rate if rate else 0.0, self.made()))
        times: list[float] = []
        failed: list[BaseException] = []
        start = perf_counter()

        def send() -> None:
            over = self.connection()
            try:
                while not failed:
                    due, made = waiting.get_nowait()
                    sleep(max(0.0, due - (perf_counter() - start)))
                    late = perf_counter() - start - due if rate else 0.0
                    times.append(late + self.sent(over, made))
            except queue.Empty:
                pass
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                failed.append(error)
            finally:
                over.close()

        # Where calls are due, each must find a connection that is free.
        threads = [
            threading.Thread(target=send)
            for _ in range(CONNECTIONS * (4 if rate else 1))
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        if failed:
            raise failed[0]
        return perf_counter() - start, times


# What is measured ---------------------------------------------------------------------


def _alone(calling: Calling, rounds: int, *, quick: bool) -> list[Row]:
    """One caller, one call after the other, against the same work in this process."""
    count = 4 if quick else 28
    texts = [next(calling.bodies) for _ in range(count)]
    timings = interleaved(
        NAME,
        {
            IN_PROCESS: stopwatch(_in_process(), texts),
            LOOPBACK: partial(_one_after_the_other, calling, count),
        },
        rounds,
    )
    return [
        compared(timings, NAME, LOOPBACK, IN_PROCESS),
        taken(timings, NAME, IN_PROCESS),
        taken(timings, NAME, LOOPBACK),
    ]


def _in_process() -> Callable[[str], bytes]:
    base = load_knowledge()
    prepare_answers(base)
    today = datetime.now(UTC).date()

    def answer(text: str) -> bytes:
        read = call_of(json.loads(text), hook=HOOK)
        cards = answered(read, base, as_of=today, base_url=BASE_URL)
        return json.dumps(cards.to_dict()).encode()

    return answer


def _one_after_the_other(calling: Calling, count: int) -> float:
    made = [calling.made() for _ in range(count)]
    over = calling.connection()
    try:
        return sum(calling.sent(over, each) for each in made) / count
    finally:
        over.close()


def _under_load(calling: Calling, rounds: int, *, quick: bool) -> list[Row]:
    """As many calls a second as it answers, and how fast it is at half of them."""
    count = 40 if quick else 400
    rates, worked = [], []
    for number in range(rounds + 1):
        progress(f"{NAME}: load {number} of {rounds}")
        before = calling.service.processor_seconds() if ON_LINUX else 0.0
        seconds, _ = calling.several(count)
        rates.append(count / seconds)
        if ON_LINUX:
            worked.append((calling.service.processor_seconds() - before) / count)
    low, rate, high = quantiles(rates[1:], n=4)
    progress(f"{NAME}: at half of {rate:.0f} calls a second")
    most = 60 if quick else 2000
    many = max(20, min(most, int(rate / 2 * LONGEST)))
    _, times = calling.several(many, rate / 2)
    ordered = sorted(times)
    middle, slow = (
        1000 * ordered[int(part * (len(ordered) - 1))] for part in (0.5, 0.99)
    )
    target = f"at most {SLOWEST:g} ms{': missed' if slow > SLOWEST else ''}"
    spread = f"{low:.0f} to {high:.0f} /s"
    return [
        Row(NAME, "calls answered, sustained", "", f"{rate:.0f} /s", spread),
        *([taken({WORK: worked[1:]}, NAME, WORK)] if worked else []),
        Row(NAME, "at half of that, 50 of 100 within", "", f"{middle:.1f} ms"),
        Row(
            NAME, "at half of that, 99 of 100 within", "", f"{slow:.1f} ms", "", target
        ),
    ]


def _in_memory(calling: Calling) -> list[Row]:
    """What it has in memory after 10,000 calls, against that after 1,000."""
    if not ON_LINUX:
        return []
    held = []
    for thousand in range(1, 11):
        progress(f"{NAME}: memory, {thousand} of 10 thousand calls")
        for _ in range(4):  # no token may wait longer than it lives
            calling.several(250)
        held.append(calling.service.memory())
    ratio = held[-1] / held[0]
    target = f"at most 1.05{': missed' if ratio > 1.05 else ''}"  # noqa: PLR2004 - as said
    spread = f"{min(held):.0f} to {max(held):.0f} MB"
    what, against = "memory after 10,000 calls", "after 1,000"
    return [Row(NAME, what, against, shown(ratio), spread, target)]


def _warm(clinic: Clinic, rounds: int) -> Row:
    """The first call of a new service against its tenth."""
    timings: dict[str, list[float]] = {FIRST: [], TENTH: []}
    for number in range(rounds):
        progress(f"{NAME}: start {number + 1} of {rounds}")
        with _service(clinic) as started:
            calling = Calling(started, clinic, cycle(bodies()[:1]))
            times = [_one_after_the_other(calling, 1) for _ in range(12)]
        timings[FIRST].append(times[0])
        timings[TENTH].append(median(times[8:]))
    return compared(timings, NAME, FIRST, TENTH, most=1.5)
