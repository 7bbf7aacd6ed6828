"""Key pairs of clients, and the tokens that they sign, right and wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.api_jws import PyJWS

ISSUER = "https://ehr.example.org"
NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
_CURVES: Mapping[str, Any] = {
    "ES256": ec.SECP256R1,
    "ES384": ec.SECP384R1,
    "ES512": ec.SECP521R1,
}


def key(algorithm: str = "ES384", which: str = "one") -> Any:
    """The private key for an algorithm; `which` makes others."""
    return _made(algorithm, which)


@cache
def _made(algorithm: str, which: str) -> Any:
    del which  # by which it is remembered
    if algorithm in _CURVES:
        return ec.generate_private_key(_CURVES[algorithm]())
    return rsa.generate_private_key(65537, 2048)


def jwk(algorithm: str = "ES384", which: str = "one", **more: Any) -> dict[str, Any]:
    """The public half of a key, as its issuer publishes it."""
    kind = ECAlgorithm if algorithm in _CURVES else RSAAlgorithm
    public = json.loads(kind.to_jwk(key(algorithm, which).public_key()))
    kid = f"{algorithm} {which}"
    return {"kty": public["kty"], **public, "kid": kid, "use": "sig", **more}


def jwks(*algorithms: str) -> dict[str, Any]:
    """The keys of an issuer."""
    return {"keys": [jwk(each) for each in algorithms or ("ES384",)]}


def claims(url: str, now: datetime = NOW, **other: Any) -> dict[str, Any]:
    """The claims of a token for an address; what is `None` is left out."""
    said = {
        "iss": ISSUER,
        "aud": url,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
        "jti": str(uuid4()),
        **other,
    }
    return {name: value for name, value in said.items() if value is not None}


def signed(
    said: Mapping[str, Any] | bytes,
    algorithm: str = "ES384",
    *,
    by: Any = None,
    **header: Any,
) -> str:
    """The header `Authorization` with a signed token."""
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    given = {"kid": f"{algorithm} one", **header}
    whole = {name: value for name, value in given.items() if value is not None}
    private = key(algorithm) if by is None else by
    return f"Bearer {PyJWS().encode(payload, private, algorithm, whole)}"
