"""Who may call: signed tokens of issuers that the clinic trusts, each used once.

Keys come from files that the clinic names. Nothing is ever requested: where a token
says that its key is (`jku`, `x5u`) is not looked at.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, NoReturn

from jwt import PyJWK
from jwt.api_jws import PyJWS
from jwt.exceptions import PyJWTError

from milia_cds.adapters.cds_hooks.seen import LONGEST_LIFE, SKEW
from milia_cds.case.strict_json import parse_json
from milia_cds.errors import (
    MiliaError,
    Problem,
    Problems,
    ProblemsError,
    described,
    quoted,
)

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
                read = PyJWK(dict(each), _allowed(each)[0])
            except PyJWTError:
                mend = "give it as its issuer publishes it"
                problems.append(Problem(path, "it cannot be read as a key", mend))
                continue
            if read.key.key_size < _SHORTEST_RSA and each["kty"] == "RSA":
                mend = f"let the issuer make one of {_SHORTEST_RSA} bits at least"
                problems.append(Problem(path, "the key is too short", mend))
                continue
            _refuse_forged(read)
            keys[each["kid"]] = TrustedKey(read.key, _allowed(each))
    return keys


def _refuse_forged(key: PyJWK) -> None:
    """What loads at a first signature loads now: no call has to wait for it."""
    key.Algorithm.verify(b"", key.key, b"\1" * (2 * -(-key.key.key_size // 8)))


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
