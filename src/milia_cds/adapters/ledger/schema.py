"""The tables of a ledger, and the triggers that let nothing be changed in them.

They are the same on SQLite and PostgreSQL but for how a trigger is written.
"""

from __future__ import annotations

from collections.abc import Iterator

APPLICATION = 0x6D63_6C31
"""The number by which an SQLite file is known as a ledger."""

NAMES = ("bundle", "entry", "body")
TABLES = (
    """
CREATE TABLE bundle (
    knowledge TEXT NOT NULL,
    policy TEXT NOT NULL,
    content {bytes} NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (knowledge, policy)
)""",
    """
CREATE TABLE entry (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    about INTEGER REFERENCES entry (n),
    knowledge TEXT NOT NULL,
    policy TEXT NOT NULL,
    engine TEXT NOT NULL,
    sealed TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
)""",
    """
CREATE TABLE body (
    entry INTEGER PRIMARY KEY REFERENCES entry (n),
    subject TEXT,
    key TEXT,
    salt TEXT NOT NULL,
    json TEXT NOT NULL
)""",
    "CREATE INDEX entry_about ON entry (about) WHERE about IS NOT NULL",
    "CREATE INDEX body_subject ON body (subject) WHERE subject IS NOT NULL",
    "CREATE UNIQUE INDEX body_key ON body (key) WHERE key IS NOT NULL",
)

_NEVER = "nothing in a ledger is changed or taken away"
_NEXT = "an entry follows the newest one, and nothing is put in its place"
_ERASED = "a body goes only where an entry says that it is erased"
_IS_NEXT = """NEW.n <> (SELECT COALESCE(MAX(n), 0) + 1 FROM entry)
    OR EXISTS (SELECT 1 FROM entry WHERE id = NEW.id)"""
_IS_NEW = """EXISTS (SELECT 1 FROM body WHERE entry = NEW.entry OR key = NEW.key)"""
_NOT_ERASED = """NOT EXISTS (
    SELECT 1 FROM entry WHERE kind = 'erased' AND about = OLD.entry
)"""
_RULES = (
    ("bundle_is_kept", "bundle", "UPDATE", "", _NEVER),
    ("bundle_stays", "bundle", "DELETE", "", _NEVER),
    ("entry_is_next", "entry", "INSERT", _IS_NEXT, _NEXT),
    ("entry_is_kept", "entry", "UPDATE", "", _NEVER),
    ("entry_stays", "entry", "DELETE", "", _NEVER),
    ("body_is_new", "body", "INSERT", _IS_NEW, _NEXT),
    ("body_is_kept", "body", "UPDATE", "", _NEVER),
    ("body_stays", "body", "DELETE", _NOT_ERASED, _ERASED),
)
"""Each trigger: its name, the table, before what, when it refuses, and what it says."""


def sqlite_schema() -> Iterator[str]:
    """The statements that make a ledger on SQLite."""
    for table in TABLES:
        yield table.format(bytes="BLOB").strip()
    for name, table, before, when, says in _RULES:
        refused = f"WHEN {when} " if when else ""
        yield (
            f"CREATE TRIGGER {name} BEFORE {before} ON {table} {refused}"
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )


def postgres_schema() -> Iterator[str]:
    """The statements that make a ledger on PostgreSQL."""
    for table in TABLES:
        yield table.format(bytes="BYTEA").strip()
    for name, table, before, when, says in _RULES:
        refusal = f"RAISE EXCEPTION '{says}';"
        if when:
            refusal = f"IF {when} THEN {refusal} END IF;"
        result = "OLD" if before == "DELETE" else "NEW"
        yield _function(name, f"{refusal} RETURN {result};")
        yield _trigger(name, f"BEFORE {before} ON {table} FOR EACH ROW")
    for table in ("bundle", "entry", "body"):
        name = f"{table}_is_not_emptied"
        yield _function(name, f"RAISE EXCEPTION '{_NEVER}';")
        yield _trigger(name, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT")


def _function(name: str, body: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} END $$"
    )


def _trigger(name: str, when: str) -> str:
    return f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"
