"""A ledger on a server of PostgreSQL: the same promises, kept by the same chain.

`make postgres` runs it, against a server of its own: a cluster that is made by `initdb`
as the user `postgres`, on a socket in its own folder, without a port.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from milia_cds import assess, load_knowledge
from milia_cds.adapters.ledger import KeyTakenError, Ledger, LedgerError
from milia_cds.adapters.ledger.schema import postgres_schema

ROOT = Path(__file__).parents[2]
WRITER = ROOT / "tests" / "adapters" / "ledger" / "writer.py"
OTHERWORLD = ROOT / "tests" / "otherworld" / "knowledge"
PROGRAMS = Path(os.environ.get("POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))
AT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
WRITERS, EACH = 4, 100


def _as_postgres(*command: str) -> None:
    """Run a program as the user `postgres`: the server refuses to run as root."""
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(  # noqa: S603 - programs of the server
        command, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL
    )


@pytest.fixture(scope="session")
def socket() -> Iterator[str]:
    """The folder of the socket of a server of our own."""
    place = Path(f"/tmp/milia-cds-postgres-{os.getpid()}")  # noqa: S108 - a short path, for a socket
    place.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(place, "postgres", "postgres")
    cluster = str(place / "cluster")
    start = f"-c listen_addresses='' -c unix_socket_directories={place}"
    try:
        _as_postgres(str(PROGRAMS / "initdb"), "-D", cluster, "-A", "trust", "-N")
        control = (str(PROGRAMS / "pg_ctl"), "-D", cluster, "-w")
        _as_postgres(*control, "-l", str(place / "log"), "-o", start, "start")
        try:
            yield str(place)
        finally:
            _as_postgres(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place)


@pytest.fixture
def address(socket: str) -> str:
    """A database of its own for each test."""
    user = "postgres" if os.geteuid() == 0 else os.environ.get("USER", "postgres")
    name = f"test_{time.monotonic_ns()}"
    there = f"postgresql://{user}@/{{}}?host={socket}"
    with psycopg.connect(there.format("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return there.format(name)


def test_the_same_is_kept_found_erased_and_moved(address: str, tmp_path: Path) -> None:
    base = load_knowledge(OTHERWORLD)
    said = assess(base.case({}), base)
    with Ledger.open(address) as ledger, Ledger.open(tmp_path / "l") as other:
        kept = ledger.record(said, at=AT, key="k", subject="dora")
        assert ledger.record(said, at=AT, key="k", subject="dora") == kept
        with pytest.raises(KeyTakenError):
            ledger.record(said, at=AT, key="k", subject="eve")
        ledger.note("outcome", {"said": "done"}, at=AT, about=kept)
        assert ledger.replay(kept)
        assert len(ledger.events(kept)) == 1
        assert ledger.erase("dora", at=AT) == 2
        ledger.record(said, at=AT)
        found = ledger.verify()
        assert found.problems == ()
        assert (found.decisions, found.replayed, found.erased) == (2, 1, 2)
        other.import_(ledger.export())
        assert other.head() == ledger.head()
        assert [*other.export()] == [*ledger.export()]
        assert other.verify(ledger.head())


def test_an_export_of_a_file_is_read_by_the_server(
    address: str, tmp_path: Path
) -> None:
    said = assess(load_knowledge().case({"patient": {"age_years": 34}}))
    with Ledger.open(address) as ledger, Ledger.open(tmp_path / "l") as other:
        kept = other.record(said, at=AT)
        assert ledger.import_(other.export()) == 1
        assert ledger.replay(kept)
        assert ledger.verify(other.head())


def test_nothing_is_changed_emptied_or_taken_away(address: str) -> None:
    base = load_knowledge(OTHERWORLD)
    with Ledger.open(address) as ledger:
        ledger.record(assess(base.case({}), base), at=AT)
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in (
            "UPDATE entry SET at = ''",
            "DELETE FROM entry",
            "TRUNCATE entry CASCADE",
            "UPDATE body SET json = ''",
            "DELETE FROM body",
            "TRUNCATE body",
            "UPDATE bundle SET content = ''",
            "DELETE FROM bundle",
            "TRUNCATE bundle",
        ):
            with pytest.raises(psycopg.errors.RaiseException):
                connection.execute(statement)


def test_a_trigger_that_is_gone_or_off_is_told(address: str) -> None:
    base = load_knowledge(OTHERWORLD)
    with Ledger.open(address) as ledger:
        ledger.record(assess(base.case({}), base), at=AT)
        assert ledger.verify()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER TABLE entry DISABLE TRIGGER entry_is_kept")
        [problem] = ledger.verify().problems
    assert problem.message == "its triggers are not those of a ledger"


def test_four_writers_at_once_keep_the_chain_whole(address: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = [sys.executable, str(WRITER), str(OTHERWORLD), address]
    writers = [
        subprocess.Popen(  # noqa: S603 - a file of ours
            [*program, str(name), str(EACH)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for name in range(WRITERS)
    ]
    kept = {line for each in writers for line in each.communicate()[0].splitlines()}
    assert len(kept) == WRITERS * EACH
    with Ledger.open(address) as ledger:
        assert ledger.head().number == WRITERS * EACH
        assert {f"{each.key} {each.id}" for each in ledger.entries()} == kept
        assert ledger.verify().problems == ()


def test_what_is_no_ledger_or_no_server_is_refused(address: str, socket: str) -> None:
    with pytest.raises(LedgerError) as raised:
        Ledger.open(address, create=False)
    assert str(raised.value) == (
        "this database holds no ledger; give the address of another, or of one that is "
        "empty"
    )
    with pytest.raises(LedgerError) as raised:
        Ledger.open(f"postgresql:///x?host={socket}/nowhere")
    assert str(raised.value) == (
        "there is no connection to the server; see the log of the server, and whether "
        "this user may do it"
    )


def test_the_schema_that_is_printed_makes_a_ledger(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in postgres_schema():
            connection.execute(statement)
    with Ledger.open(address, create=False) as ledger:
        assert ledger.verify().problems == ()
