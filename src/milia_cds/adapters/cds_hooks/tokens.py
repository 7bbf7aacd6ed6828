"""Who may call: signed tokens of issuers that the clinic trusts, each used once.

Keys come from files that the clinic names. Nothing is ever requested: where a token
says that its key is (`jku`, `x5u`) is not looked at.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from time import sleep
from typing import Any, NamedTuple, NoReturn, Protocol

import attrs
from jwt import PyJWK
from jwt.api_jws import PyJWS
from jwt.exceptions import PyJWTError

from milia_cds.case.content import content_of
from milia_cds.case.strict_json import parse_json
from milia_cds.case.strict_toml import parse_toml
from milia_cds.errors import (
    MiliaError,
    Problem,
    Problems,
    ProblemsError,
    described,
    nearest,
    quoted,
)

LONGEST_LIFE = timedelta(minutes=5)
"""As long as a token may be valid, from `iat` to `exp`."""
SKEW = timedelta(minutes=1)
"""As far as two clocks may be apart."""

_BY_CURVE = {"P-256": ("ES256",), "P-384": ("ES384",), "P-521": ("ES512",)}
_BY_RSA = ("RS384", "RS256", "RS512", "PS256", "PS384", "PS512")
ALGORITHMS = (*(each for pair in _BY_CURVE.values() for each in pair), *_BY_RSA)
"""The algorithms of signatures: of a key pair each, so never "none" or HMAC."""

_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_SHORTEST_RSA = 2048
_LONGEST_TOKEN = 8192
_LONGEST_ID = 512
_BEARER = re.compile(
    r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2})"
)
_JWS = PyJWS(algorithms=ALGORITHMS)


class TokenError(MiliaError, ValueError):
    """A token is missing or wrong, has run out, or was used before."""


class UntrustedIssuerError(MiliaError, PermissionError):
    """A token is of an issuer that the clinic does not trust."""


class IssuersError(ProblemsError):
    """The file of trusted issuers, or one of the keys, has problems."""

    subject = "The trusted issuers"


class Token(NamedTuple):
    """A token that holds.

    Parameters
    ----------
    issuer
        Who made it.
    key
        A digest of its issuer and `jti`.
    until
        When it can no longer be used: then it may be forgotten.
    """

    issuer: str
    key: str
    until: datetime


class Issuers:
    """The issuers that a clinic trusts, and their public keys.

    Parameters
    ----------
    trusted
        By `iss`, the JSON Web Key Set, as plain values.

    Raises
    ------
    IssuersError
        With every key that cannot be used, and why.
    """

    def __init__(self, trusted: Mapping[str, object]) -> None:
        problems = Problems()
        if not trusted:
            problems.append(Problem("issuers", "there is none", "name one at least"))
        self._keys = {
            issuer: _keys(issuer, found, problems) for issuer, found in trusted.items()
        }
        if problems:
            raise IssuersError(problems)

    def verify(self, header: str | None, url: str, now: datetime) -> Token:
        """Verify the token of a call.

        Parameters
        ----------
        header
            The header `Authorization`, or `None` where there is none.
        url
            The exact address that was called: the audience of the token.
        now
            When, with its zone.

        Returns
        -------
        Token
            It holds; whether it was used before is left to `TokensSeen`.

        Raises
        ------
        TokenError
            When it is missing, not signed by a key of its issuer, for another address,
            or not valid now.
        UntrustedIssuerError
            When its issuer is not trusted.
        """
        token = _bearer(header)
        try:
            unverified = _JWS.get_unverified_header(token)
            claims = self._claims(token, unverified)
        except PyJWTError:
            _refuse("the token is not a signed JWT, or its signature is wrong")
        _audience(claims, url)
        until = _times(claims, now) + SKEW
        jti = claims.get("jti")
        if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_ID:
            _refuse("jti is missing; give each token one of its own")
        issuer = str(claims["iss"])
        used = hashlib.sha256(f"{len(issuer)}:{issuer}{jti}".encode()).hexdigest()
        return Token(issuer, used, until)

    def _claims(self, token: str, header: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the token says, by a key of the issuer that it names."""
        if str(header.get("typ", "")).upper() != "JWT" or "crit" in header:
            _refuse('the header needs typ "JWT", and no crit')
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            _refuse(f"alg is none of {', '.join(ALGORITHMS)}")
        named = _said(_JWS.decode_complete(token, options=_UNVERIFIED)["payload"])
        issuer = named.get("iss")
        keys = self._keys.get(issuer) if isinstance(issuer, str) else None
        if keys is None:
            message = "the issuer of the token is not trusted"
            raise UntrustedIssuerError(message)
        key = keys.get(str(header.get("kid")))
        if key is None or algorithm not in key.algorithms:
            _refuse("kid and alg name no key of the issuer")
        return _said(_JWS.decode(token, key.key, algorithms=[str(algorithm)]))


_UNVERIFIED: Any = {"verify_signature": False}


class TrustedKey(NamedTuple):
    """A public key, and the algorithms for which it may be used."""

    key: Any
    algorithms: tuple[str, ...]


def _refuse(message: str) -> NoReturn:
    raise TokenError(message)


def _bearer(header: str | None) -> str:
    if header is None:
        _refuse("there is no token; send Authorization: Bearer and a signed JWT")
    if len(header) > _LONGEST_TOKEN:
        _refuse(f"the token has more than {_LONGEST_TOKEN} signs")
    found = _BEARER.fullmatch(header.strip())
    if found is None:
        _refuse("Authorization is not Bearer and a signed JWT")
    return found[1]


def _said(payload: bytes) -> Mapping[str, Any]:
    """What a token says, read strictly: no claim stands in it twice."""
    try:
        claims, problems = parse_json(payload, IssuersError)
    except IssuersError:
        claims, problems = None, Problems()
    if problems or not isinstance(claims, dict):
        _refuse("the claims of the token are no JSON object, or one stands twice")
    return claims


def _audience(claims: Mapping[str, Any], url: str) -> None:
    given = claims.get("aud")
    several = given if isinstance(given, list) else [given]
    if not all(isinstance(each, str) for each in several) or url not in several:
        _refuse(f"aud is not the address that was called, {url}")


def _times(claims: Mapping[str, Any], now: datetime) -> datetime:
    """When the token runs out; refuse one that is not valid now, or for too long."""
    made, ends = _moment(claims, "iat"), _moment(claims, "exp")
    if made > now + SKEW or ("nbf" in claims and _moment(claims, "nbf") > now + SKEW):
        _refuse("the token is not valid yet; set the clocks")
    if ends <= now - SKEW:
        _refuse("the token has run out; make one for each call")
    if ends - made > LONGEST_LIFE or ends < made:
        minutes = LONGEST_LIFE // timedelta(minutes=1)
        _refuse(f"from iat to exp are more than {minutes} minutes, or less than none")
    return ends


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    given = claims.get(name)
    if isinstance(given, int | float) and not isinstance(given, bool):
        try:
            return datetime.fromtimestamp(given, UTC)
        except (OverflowError, ValueError, OSError):
            pass
    _refuse(f"{name} is missing, or no number of seconds")


# -- keys --


def _keys(issuer: str, given: object, problems: Problems) -> dict[str, TrustedKey]:
    found = given.get("keys") if isinstance(given, Mapping) else None
    if not isinstance(found, list) or not found:
        mend = 'give a JSON Web Key Set, as in {"keys": [...]}'
        problems.append(Problem(f"issuer {quoted(issuer)}", "it has no keys", mend))
        return {}
    keys: dict[str, TrustedKey] = {}
    for number, each in enumerate(found):
        path = f"issuer {quoted(issuer)}: keys[{number}]"
        for message, mend in _wrong(each, keys):
            problems.append(Problem(path, message, mend))
            break
        else:
            try:
                key = PyJWK(dict(each), _allowed(each)[0]).key
            except PyJWTError:
                mend = "give it as its issuer publishes it"
                problems.append(Problem(path, "it cannot be read as a key", mend))
                continue
            if getattr(key, "key_size", 0) < _SHORTEST_RSA and each["kty"] == "RSA":
                mend = f"let the issuer make one of {_SHORTEST_RSA} bits at least"
                problems.append(Problem(path, "the key is too short", mend))
                continue
            keys[each["kid"]] = TrustedKey(key, _allowed(each))
    return keys


def _wrong(key: object, before: Mapping[str, TrustedKey]) -> Iterator[tuple[str, str]]:
    """What is wrong with a key, and how to mend it."""
    if not isinstance(key, dict):
        yield f"{described(key)} is no key", "give an object with kty and kid"
        return
    kid = key.get("kid")
    if not isinstance(kid, str) or not kid:
        yield "it has no kid", "give the key its id: tokens name it"
    elif kid in before:
        yield f"the kid {quoted(kid)} stands twice", "give each key an id of its own"
    if key.get("kty") not in {"EC", "RSA"}:
        yield "it is no key of EC or RSA", f"the algorithms are {', '.join(ALGORITHMS)}"
    elif _PRIVATE & set(key):
        yield "it is a private key", "give the public half, and make a new pair"
    elif not _allowed(key):
        yield "its crv or alg is not in use here", f"use {', '.join(ALGORITHMS)}"
    if key.get("use", "sig") != "sig":
        yield "it is not for signatures", 'leave it out, or give "use": "sig"'


def _allowed(key: Mapping[str, Any]) -> tuple[str, ...]:
    """The algorithms for which a key may be used: by its kind, and by its own `alg`."""
    curve = _BY_CURVE.get(str(key.get("crv")), ())
    several = _BY_RSA if key.get("kty") == "RSA" else curve
    return tuple(each for each in several if key.get("alg", each) == each)


def issuers_of(path: str | Path) -> Issuers:
    """Read the trusted issuers from a TOML file.

    Each stands in a table `[[issuer]]` with `iss`, as its tokens say it, and `jwks`,
    the file of its JSON Web Key Set, beside the TOML file.

    Raises
    ------
    IssuersError
        With every problem, each with its place.
    """
    file, problems = Path(path), Problems()
    data = parse_toml(_content(file), file.name, problems)
    tables = (data or {}).get("issuer")
    if data is not None and (not isinstance(tables, list) or set(data) != {"issuer"}):
        mend = "write a table [[issuer]] with iss and jwks for each, and nothing else"
        problems.append(Problem(file.name, "it has no list of issuers", mend))
    trusted: dict[str, object] = {}
    for number, each in enumerate(tables if isinstance(tables, list) else ()):
        where = f"{file.name}: issuer[{number}]"
        trusted.update(_issuer(each, where, file.parent, trusted, problems))
    if problems:
        raise IssuersError(problems)
    return Issuers(trusted)


def _issuer(
    table: object,
    path: str,
    folder: Path,
    before: Mapping[str, object],
    problems: Problems,
) -> dict[str, object]:
    if not isinstance(table, dict):
        problems.append(Problem(path, "it is no table", "write [[issuer]]"))
        return {}
    names = ("iss", "jwks")
    for name in sorted({*table} - {*names}):
        mend = nearest(name, names)
        problems.append(Problem(f"{path}.{name}", "there is no such key", mend))
    wrong = [name for name in names if not isinstance(table.get(name), str)]
    for name in wrong:
        message = "it is missing, or no text"
        problems.append(Problem(f"{path}.{name}", message, f"give {name}, a text"))
    if wrong:
        return {}
    issuer = table["iss"]
    if issuer in before:
        message = f"{quoted(issuer)} stands twice"
        problems.append(Problem(f"{path}.iss", message, "put its keys in one file"))
    data, found = parse_json(_content(folder / table["jwks"]), IssuersError)
    problems.extend(found)
    return {issuer: data}


def _content(path: Path) -> bytes:
    try:
        return content_of(path)
    except OSError as error:
        problem = Problem(
            str(path), error.strerror or str(error), "give a file that can be read"
        )
        raise IssuersError([problem]) from None


# -- tokens that were used --


class TokensSeen(Protocol):
    """Knows which tokens were used."""

    def first_seen(self, jti_key: str, until: datetime) -> bool:
        """Keep that a token was used, and say whether it was for the first time.

        Parameters
        ----------
        jti_key
            The digest of its issuer and `jti`.
        until
            When it may be forgotten.
        """


_FORGET = LONGEST_LIFE + 2 * SKEW
"""A token that holds now runs out within this time: so what ran out that long before it
has run out now."""


class SeenInProcess:
    """The tokens that one process has seen: enough for one worker."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._lock = Lock()
        self._forgotten = datetime.min.replace(tzinfo=UTC)

    def first_seen(self, jti_key: str, until: datetime) -> bool:
        """Keep that a token was used, and say whether it was for the first time."""
        with self._lock:
            if jti_key in self._until:
                return False
            self._forget(until - _FORGET)
            self._until[jti_key] = until
            return True

    def _forget(self, before: datetime) -> None:
        """Forget what has run out, once a minute."""
        if before - self._forgotten > SKEW:
            self._forgotten = before
            left = {key: end for key, end in self._until.items() if end >= before}
            self._until = left


_WAIT, _TRIES = 5, 100
"""As many seconds as one worker waits for another, and how often it tries."""


@attrs.define(init=False)
class SeenInFile:
    """The tokens that several workers have seen, in one SQLite file.

    Parameters
    ----------
    path
        The file; it is made where there is none. It holds digests and times, nothing
        of a patient.
    """

    _connection: sqlite3.Connection
    _lock: Lock

    def __init__(self, path: str | Path) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(
            path, timeout=_WAIT, isolation_level=None, check_same_thread=False
        )
        with self._lock, closing(self._connection.cursor()) as cursor:
            _keep_a_log(cursor)
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS seen "
                "(token TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID"
            )

    def first_seen(self, jti_key: str, until: datetime) -> bool:
        """Keep that a token was used, and say whether it was for the first time."""
        ends = until.timestamp()
        with self._lock, closing(self._connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                cursor.execute(
                    "DELETE FROM seen WHERE until < ?",
                    (ends - _FORGET.total_seconds(),),
                )
                cursor.execute(
                    "INSERT OR IGNORE INTO seen VALUES (?, ?)", (jti_key, ends)
                )
                first = cursor.rowcount == 1
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
        return first

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def _keep_a_log(cursor: sqlite3.Cursor) -> None:
    """Let the file be written ahead; of several that begin at once, one may do so."""
    for _ in range(_TRIES - 1):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            sleep(_WAIT / _TRIES)
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")
