"""A ledger is whole or says that it is not: flipped bytes, cut ends, killed writers."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from milia_cds.adapters.ledger import Ledger, LedgerError
from tests.adapters.ledger.held import AT, answer, filled
from tests.common import OTHERWORLD, THOROUGH, sampled

ROOT = Path(__file__).parents[3]
WRITER = Path(__file__).with_name("writer.py")
KILLS = 100 if THOROUGH else 3
WRITERS = 4


def exported(path: Path) -> list[str]:
    """All that is read of a ledger."""
    with Ledger.open(path, create=False) as ledger:
        return [*ledger.export()]


def is_whole(path: Path) -> bool:
    """Whether a ledger says that nothing is wrong."""
    try:
        with Ledger.open(path, create=False) as ledger:
            return bool(ledger.verify())
    except LedgerError:
        return False


# -- bytes --


@pytest.fixture(scope="module")
def small_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of one file: nothing of it stands in a log beside it."""
    path: Path = tmp_path_factory.mktemp("flips") / "ledger.sqlite"
    ids = filled(path)
    with Ledger.open(path) as ledger:
        ledger.note("outcome", {"said": "done"}, at=AT, about=ids[0])
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def test_every_flipped_byte_is_found_or_changes_nothing_that_is_read(
    small_ledger: Path, tmp_path: Path
) -> None:
    whole = small_ledger.read_bytes()
    before = exported(small_ledger)
    flipped = tmp_path / "flipped"
    found = without_effect = 0
    for place in sampled(range(len(whole)), 401):
        for bit in (1, 0x80):
            content = bytearray(whole)
            content[place] ^= bit
            flipped.write_bytes(content)
            for beside in ("-wal", "-shm"):
                flipped.with_name(f"flipped{beside}").unlink(missing_ok=True)
            if not is_whole(flipped):
                found += 1
                continue
            assert exported(flipped) == before, place
            without_effect += 1
    print(f"{found} flips were found, {without_effect} changed nothing")  # noqa: T201 - a count for who runs it
    assert found > without_effect > 0 or not THOROUGH


def changed(path: Path, *statements: str) -> None:
    """Do to a ledger what its triggers forbid."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in rows:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in rows:
        connection.execute(sql)
    connection.commit()
    connection.close()


GONE = "what was stored with it is gone, and nothing says that it was erased"
RESTORE = "; restore a backup, and find out who wrote the file"


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (
            "UPDATE entry SET at = '2020-01-01T00:00:00+00:00' WHERE n = 4",
            f"entry 4: it is not what its digest was made over{RESTORE}",
        ),
        (
            "UPDATE body SET subject = 'q' WHERE entry = 2",
            f"entry 2: what is stored with it was changed{RESTORE}",
        ),
        (
            "DELETE FROM body WHERE entry = 3",
            f"entry 3: {GONE}{RESTORE}",
        ),
        (
            "DELETE FROM entry WHERE n = 2",
            f"entry 3: it follows entry 1{RESTORE}",
        ),
        (
            "CREATE TABLE more (x)",
            f"schema: its tables and triggers are not those of a ledger{RESTORE}",
        ),
        (
            "DELETE FROM bundle",
            f"entry 1: its bundle is missing{RESTORE}",
        ),
        (
            "UPDATE bundle SET content = x'00'",
            None,
        ),
    ],
)
def test_a_change_behind_its_back_is_told(
    tmp_path: Path, statement: str, problem: str | None
) -> None:
    path = tmp_path / "l"
    filled(path)
    changed(path, statement)
    with Ledger.open(path) as ledger:
        problems = [*map(str, ledger.verify().problems)]
    if problem is None:
        assert problems[0].endswith(f": it was changed{RESTORE}")
        assert "it is no zip that can be read" in problems[1]
    else:
        assert problem in problems


def test_a_body_that_is_said_to_be_erased_and_is_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "l"
    filled(path)
    with Ledger.open(path) as ledger:
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT * FROM body").fetchall()
        connection.close()
        ledger.erase("p", at=AT)
    connection = sqlite3.connect(path)
    connection.executemany("INSERT INTO body VALUES (?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    with Ledger.open(path) as ledger:
        problem, *_ = map(str, ledger.verify().problems)
    assert problem == f"entry 1: it is said to be erased, and is there{RESTORE}"


# -- the head --


def test_a_cut_end_is_found_by_the_head_alone(tmp_path: Path) -> None:
    path = tmp_path / "l"
    filled(path)
    with Ledger.open(path) as ledger:
        head = ledger.head()
    changed(path, "DELETE FROM body WHERE entry = 4", "DELETE FROM entry WHERE n = 4")
    with Ledger.open(path) as ledger:
        assert ledger.verify()
        [problem] = map(str, ledger.verify(head).problems)
    assert (
        problem == f"head 4: the ledger ends at entry 3: its end was cut off{RESTORE}"
    )


def test_a_chain_that_was_written_anew_is_found_by_the_head_alone(
    tmp_path: Path,
) -> None:
    filled(tmp_path / "l")
    filled(tmp_path / "other")
    with Ledger.open(tmp_path / "l") as one, Ledger.open(tmp_path / "other") as other:
        assert other.verify()
        [problem] = map(str, other.verify(one.head()).problems)
        assert one.verify(one.head())
    assert problem == (
        f"head 4: that entry is another: the chain was written anew{RESTORE}"
    )


def test_an_older_head_still_holds(tmp_path: Path) -> None:
    filled(tmp_path / "l", 2)
    with Ledger.open(tmp_path / "l") as ledger:
        head = ledger.head()
        ledger.record(answer(), at=AT)
        assert ledger.verify(head)


# -- writers that are killed --


Writers = list[subprocess.Popen[str]]


def writers(path: str, names: Iterator[int], count: str = "") -> Writers:
    """Processes that write one ledger at once."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    program = [sys.executable, str(WRITER), str(OTHERWORLD)]
    return [
        subprocess.Popen(  # noqa: S603 - a file beside this one
            [*program, path, str(next(names)), *count.split()],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        for _ in range(WRITERS)
    ]


def acknowledged(processes: Writers) -> dict[str, str]:
    """The id of each key that a process said to be kept."""
    said = [process.communicate()[0] for process in processes]
    lines = [line for each in said for line in each.split("\n")[:-1]]
    return dict(line.split(" ", 1) for line in lines)


def test_nothing_that_was_acknowledged_is_lost_when_writers_are_killed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "l"
    chance = random.Random(7)  # noqa: S311 - no secret
    names = iter(range(10_000))
    kept: dict[str, str] = {}
    for _ in range(KILLS):
        processes = writers(str(path), names)
        _until_one_writes(path, processes)
        time.sleep(chance.random() * 0.4)
        for process in processes:
            process.send_signal(signal.SIGKILL)
        kept |= acknowledged(processes)
    with Ledger.open(path) as ledger:
        found = {each.key: each.id for each in ledger.entries()}
        assert ledger.verify()
    assert kept.items() <= found.items()
    assert len(kept) >= KILLS
    print(f"{KILLS} kills: {len(kept)} acknowledged, {len(found)} there")  # noqa: T201 - a count for who runs it


def _until_one_writes(path: Path, processes: Writers) -> None:
    """Wait until a process has written, so that a kill finds it at work."""
    first = processes[0].stdout
    assert first is not None
    line = first.readline()
    assert line
    with Ledger.open(path) as ledger:
        assert ledger.entry(line.split()[1]).kind == "decision"


def test_a_log_that_is_cut_anywhere_after_a_commit_keeps_what_was_before(
    tmp_path: Path,
) -> None:
    path = tmp_path / "l"
    ledger = Ledger.open(path)
    kept = ledger.record(answer(1), at=AT)
    log = Path(f"{path}-wal")
    before = log.stat().st_size
    ledger.record(answer(2), at=AT)
    content = log.read_bytes()
    half = tmp_path / "half"
    numbers = set()
    for end in sampled(range(before, len(content) + 1), 97):
        shutil.copy(path, half)
        Path(f"{half}-wal").write_bytes(content[:end])
        Path(f"{half}-shm").unlink(missing_ok=True)
        with Ledger.open(half) as cut:
            assert cut.entry(kept).kind == "decision"
            assert cut.verify(replay=False)
            numbers.add(cut.head().number)
        Path(f"{half}-wal").unlink(missing_ok=True)
    ledger.close()
    assert numbers <= {1, 2}
