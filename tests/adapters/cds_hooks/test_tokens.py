"""Tokens: what is signed, for this address, valid now and used once; nothing else."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from milia_cds.adapters.cds_hooks.issuers_file import issuers_of
from milia_cds.adapters.cds_hooks.seen import SeenInFile, SeenInProcess, TokensSeen
from milia_cds.adapters.cds_hooks.tokens import (
    ALGORITHMS,
    Issuers,
    IssuersError,
    TokenError,
    UntrustedIssuerError,
)
from tests.adapters.cds_hooks.signing import (
    ISSUER,
    NOW,
    claims,
    jwk,
    jwks,
    key,
    signed,
)

URL = "https://cds.example.org/cds-services/a"
ISSUERS = Issuers({ISSUER: jwks("ES256", "ES384", "ES512", "RS384")})
SECOND = timedelta(seconds=1)


def seconds(later: timedelta) -> int:
    return int((NOW + later).timestamp())


def refused(header: str | None, error: type[Exception] = TokenError) -> str:
    with pytest.raises(error) as found:
        ISSUERS.verify(header, URL, NOW)
    return str(found.value)


# -- accepted --


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_signatures_of_key_pairs_are_accepted(algorithm: str) -> None:
    if algorithm.startswith("ES"):
        header = signed(claims(URL), algorithm)
    else:
        header = signed(claims(URL), algorithm, by=key("RS384"), kid="RS384 one")
    token = ISSUERS.verify(header, URL, NOW)
    assert token.issuer == ISSUER
    assert token.until == NOW + timedelta(minutes=6)


def test_an_audience_may_be_one_of_several() -> None:
    said = claims(URL, aud=["https://other.example.org", URL])
    assert ISSUERS.verify(signed(said), URL, NOW).issuer == ISSUER


def test_clocks_may_be_a_minute_apart() -> None:
    minute = timedelta(minutes=1)
    ISSUERS.verify(signed(claims(URL, NOW + minute)), URL, NOW)
    over = claims(URL, NOW - 6 * minute + SECOND)
    ISSUERS.verify(signed(over), URL, NOW)


def test_what_a_token_says_beside_is_not_looked_at() -> None:
    said = claims(URL, tenant="a", sub="b", nbf=seconds(-SECOND))
    header = signed(said, jku="https://ehr.example.org/jwks.json")
    assert ISSUERS.verify(header, URL, NOW).issuer == ISSUER


# -- refused: the signature --


def unsigned(algorithm: str, said: dict[str, Any]) -> str:
    parts = ({"alg": algorithm, "typ": "JWT", "kid": "ES384 one"}, said)
    joined = b".".join(coded(json.dumps(each).encode()) for each in parts)
    return f"Bearer {joined.decode()}."


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_a_token_without_signature_is_refused(algorithm: str) -> None:
    refused(unsigned(algorithm, claims(URL)))
    refused(f"{unsigned(algorithm, claims(URL))}QUJD")


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_a_shared_secret_is_refused(algorithm: str) -> None:
    secret = b"0123456789" * 10
    header = signed(claims(URL), algorithm, by=secret, kid="ES384 one")
    assert "alg is none of" in refused(header)


def by_secret(secret: bytes, kid: str) -> str:
    """A token that is signed by HMAC with whatever is taken for a secret."""
    header = {"alg": "HS256", "typ": "JWT", "kid": kid}
    parts = [coded(json.dumps(each).encode()) for each in (header, claims(URL))]
    mac = hmac.digest(secret, b".".join(parts), "sha256")
    return f"Bearer {b'.'.join([*parts, coded(mac)]).decode()}"


def coded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def test_a_public_key_is_no_secret_of_hmac() -> None:
    public = key("RS384").public_key()
    published = json.dumps(RSAAlgorithm.to_jwk(public, as_dict=True)).encode()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for secret in (published, json.dumps(jwk("RS384")).encode(), pem, b""):
        assert "alg is none of" in refused(by_secret(secret, "RS384 one"))


def test_a_key_is_used_for_its_own_algorithms_alone() -> None:
    assert "no key" in refused(signed(claims(URL), "ES256", kid="ES384 one"))
    assert "no key" in refused(signed(claims(URL), "ES384", kid="RS384 one"))
    narrow = Issuers({ISSUER: {"keys": [jwk("RS384", alg="RS384")]}})
    header = signed(claims(URL), "RS256", by=key("RS384"), kid="RS384 one")
    with pytest.raises(TokenError):
        narrow.verify(header, URL, NOW)


def test_a_signature_of_another_key_is_refused() -> None:
    said = refused(signed(claims(URL), by=key("ES384", "other")))
    assert said == "the token is not a signed JWT, or its signature is wrong"
    refused(signed(claims(URL), kid="of nobody"))
    refused(signed(claims(URL), kid=None))


def test_a_changed_token_is_refused() -> None:
    head, _, rest = signed(claims(URL)).partition(".")
    payload, _, signature = rest.partition(".")
    other = signed(claims(URL, sub="b")).split(".")[1]
    assert other != payload
    refused(f"{head}.{other}.{signature}")


def test_what_the_header_demands_is_refused() -> None:
    refused(signed(claims(URL), crit=["exp"], exp=1))
    refused(signed(claims(URL), typ="other"))


def test_a_token_that_says_where_its_key_is_makes_nobody_ask_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "create_connection", asked)
    monkeypatch.setattr(socket, "getaddrinfo", asked)
    monkeypatch.setattr(socket.socket, "connect", asked)
    wrong = key("ES384", "other")
    elsewhere = "https://attacker.example.org/jwks.json"
    header = signed(claims(URL), by=wrong, jku=elsewhere, x5u=elsewhere)
    refused(header)
    refused(signed(claims(URL), by=wrong, jwk=jwk("ES384", "other")))


# -- refused: the claims --


@pytest.mark.parametrize(
    "audience",
    [
        f"{URL}/",
        URL.replace("/a", "/b"),
        URL.replace("https", "http"),
        URL.upper(),
        URL.removesuffix("/a"),
        f"{URL}?a=b",
        "",
        None,
        [],
        [f"{URL}/"],
        [URL, 1],
        {URL: 1},
    ],
)
def test_a_token_for_another_address_is_refused(audience: object) -> None:
    assert "aud" in refused(signed(claims(URL, aud=audience)))


@pytest.mark.parametrize(
    "times",
    [
        {"exp": seconds(timedelta(minutes=-1)), "iat": seconds(timedelta(minutes=-2))},
        {"exp": seconds(timedelta(minutes=5, seconds=1))},
        {"exp": seconds(timedelta(days=3652))},
        {"exp": 10**30},
        {"exp": 253_402_300_799},
        {"iat": seconds(timedelta(minutes=1, seconds=1)), "exp": seconds(5 * SECOND)},
        {"iat": seconds(timedelta(minutes=5)), "exp": seconds(timedelta(minutes=9))},
        {"iat": seconds(2 * SECOND), "exp": seconds(SECOND)},
        {"nbf": seconds(timedelta(minutes=2))},
        {"exp": None},
        {"iat": None},
        {"exp": "soon"},
        {"iat": True},
        {"iat": -(10**18)},
    ],
)
def test_a_token_that_is_not_valid_now_or_too_long_is_refused(
    times: dict[str, Any],
) -> None:
    refused(signed(claims(URL, **times)))


@pytest.mark.parametrize("jti", [None, "", 7, "a" * 513])
def test_a_token_without_an_id_of_its_own_is_refused(jti: object) -> None:
    assert "jti" in refused(signed(claims(URL, jti=jti)))


@pytest.mark.parametrize("issuer", ["https://other.example.org", f"{ISSUER}/", None, 1])
def test_an_issuer_that_nobody_trusts_is_refused(issuer: object) -> None:
    header = signed(claims(URL, iss=issuer))
    assert "not trusted" in refused(header, UntrustedIssuerError)


def test_claims_are_read_strictly() -> None:
    twice = json.dumps(claims(URL))[:-1] + f', "aud": {json.dumps(URL)}}}'
    assert "twice" in refused(signed(twice.encode()))
    for payload in (b"[]", b"7", b'"a"', b"{", b"\xff", b"[" * 6000):
        refused(signed(payload))


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer a.b",
        "Bearer a.b.c.d.e",
        "Bearer ä.b.c",
        "Bearer .b.c",
        f"Bearer {'e30.' * 2}e30",
        f"Bearer {'a' * 9000}.b.c",
    ],
)
def test_what_is_no_token_is_refused(header: str | None) -> None:
    refused(header)


def test_a_huge_token_is_refused_before_it_is_read() -> None:
    huge = signed(claims(URL, filler="a" * 9000))
    assert "more than 8192" in refused(huge)


def test_a_refusal_repeats_nothing_of_the_token() -> None:
    secret = "s3cr3t"  # noqa: S105 - it is one that may be seen
    for header in (
        signed(claims(secret)),
        signed(claims(URL, jti=None, sub=secret)),
        signed(claims(URL), kid=secret),
        f"Bearer {secret}",
    ):
        assert secret not in refused(header)
    untrusted = signed(claims(URL, iss=secret))
    assert secret not in refused(untrusted, UntrustedIssuerError)


# -- used once --


@pytest.fixture(params=["process", "file"])
def seen(request: pytest.FixtureRequest, tmp_path: Path) -> TokensSeen:
    if request.param == "process":
        return SeenInProcess()
    return SeenInFile(tmp_path / "seen.db")


def test_a_token_is_seen_first_once(seen: TokensSeen) -> None:
    until = NOW + timedelta(minutes=6)
    assert seen.first_seen("a", until)
    assert not seen.first_seen("a", until)
    assert seen.first_seen("b", until)
    assert not seen.first_seen("a", until + SECOND)


def test_two_issuers_may_use_one_id() -> None:
    both = Issuers({ISSUER: jwks(), "https://b.example.org": jwks()})
    first = both.verify(signed(claims(URL, jti="1")), URL, NOW)
    said = claims(URL, jti="1", iss="https://b.example.org")
    assert both.verify(signed(said), URL, NOW).key != first.key


def test_what_has_run_out_is_forgotten_and_what_has_not_is_kept() -> None:
    process = SeenInProcess()
    minute = timedelta(minutes=1)
    for number in range(300):
        assert process.first_seen(str(number), NOW + number * minute)
    assert len(process._until) <= 10  # noqa: SLF001 - what it keeps is the point
    assert not process.first_seen("298", NOW + 298 * minute)


def test_a_file_forgets_what_has_run_out(tmp_path: Path) -> None:
    seen = SeenInFile(tmp_path / "seen.db")
    hour = timedelta(hours=1)
    assert seen.first_seen("a", NOW)
    assert seen.first_seen("b", NOW + hour)
    assert seen.first_seen("a", NOW + hour)
    assert not seen.first_seen("b", NOW + hour)
    seen.close()


def test_of_many_threads_one_is_first(seen: TokensSeen) -> None:
    first: list[bool] = []

    def use() -> None:
        first.append(seen.first_seen("a", NOW))

    threads = [Thread(target=use) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(first) == [False] * 7 + [True]


def test_who_opens_the_file_waits_for_another_who_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE a (b)")
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO a VALUES (1)")
    done = Timer(0.2, other.execute, ["COMMIT"])
    done.start()
    assert SeenInFile(path).first_seen("a", NOW)
    done.join()
    other.close()


def test_a_token_is_seen_by_another_process(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    assert SeenInFile(path).first_seen("a", NOW)
    code = (
        "import sys; from datetime import datetime\n"
        "from milia_cds.adapters.cds_hooks.seen import SeenInFile\n"
        "at = datetime.fromisoformat(sys.argv[2])\n"
        "print([SeenInFile(sys.argv[1]).first_seen(each, at) for each in 'ab'])"
    )
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", code, str(path), NOW.isoformat()],
        capture_output=True,
        check=True,
        text=True,
    )
    assert ran.stdout == "[False, True]\n"
    assert not SeenInFile(path).first_seen("b", NOW)


# -- the issuers and their keys --


def test_issuers_are_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "ehr.json").write_text(json.dumps(jwks()))
    file = tmp_path / "issuers.toml"
    file.write_text(f'[[issuer]]\niss = "{ISSUER}"\njwks = "ehr.json"\n')
    assert issuers_of(file).verify(signed(claims(URL)), URL, NOW).issuer == ISSUER


_LIST = "it has no list of issuers"
FILES = {
    "": _LIST,
    "issuer = 7": _LIST,
    "[other]\n[[issuer]]\niss = 'a'\njwks = 'k.json'": _LIST,
    "[[issuer]]\niss = 'a'": "jwks: it is missing",
    "[[issuer]]\niss = 7\njwks = 'k.json'": "iss: it is missing, or no text",
    "[[issuer]]\niss = 'a'\njwks = 'k.json'\njku = 'b'": "jku: there is no such key",
    "[[issuer]]\niss = 'a'\njwks = 'none.json'": "none.json: No such file",
    "[[issuer]]\niss = 'a'\njwks = 'https://a.example'": "https:/a.example: No such",
    "[[issuer]]\niss = 'a'\njwks = 'bad.json'": "this is not JSON",
    "[[issuer]]\niss = 'a'\njwks = 'twice.json'": 'the key "keys" is given twice',
    "[[issuer]]\niss = 'a'\njwks = 'k.json'\n" * 2: '"a" stands twice',
    "[[issuer]": "this is not TOML",
}


@pytest.mark.parametrize("text", FILES)
def test_a_file_that_is_wrong_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "k.json").write_text(json.dumps(jwks()))
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "twice.json").write_text('{"keys": [], "keys": []}')
    file = tmp_path / "issuers.toml"
    file.write_text(text)
    with pytest.raises(IssuersError) as found:
        issuers_of(file)
    assert FILES[text] in str(found.value)


def short() -> dict[str, Any]:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is to be refused
    found = RSAAlgorithm.to_jwk(weak.public_key(), as_dict=True)
    return {**found, "kid": "short"}


def private() -> dict[str, Any]:
    number = key().private_numbers().private_value
    coded = base64.urlsafe_b64encode(number.to_bytes(48, "big")).rstrip(b"=")
    return jwk(d=coded.decode())


WRONG_KEYS: dict[str, Callable[[], object]] = {
    "has no keys": lambda: {"keys": []},
    "it has no keys; give a JSON Web Key Set": lambda: [jwk()],
    "7 is no key": lambda: {"keys": [7]},
    "has no kid": lambda: {"keys": [jwk(kid=None)]},
    "stands twice": lambda: {"keys": [jwk(), jwk()]},
    "no key of EC or RSA": lambda: {"keys": [{"kty": "oct", "k": "YQ", "kid": "a"}]},
    "it is a private key": lambda: {"keys": [private()]},
    "its crv or alg": lambda: {"keys": [jwk(crv="secp256k1")]},
    "crv or alg is not": lambda: {"keys": [jwk(alg="HS256")]},
    "not for signatures": lambda: {"keys": [jwk(use="enc")]},
    "cannot be read": lambda: {"keys": [jwk(x="AA")]},
    "too short": lambda: {"keys": [short()]},
}


@pytest.mark.parametrize("said", WRONG_KEYS)
def test_a_key_that_cannot_be_used_is_refused(said: str) -> None:
    with pytest.raises(IssuersError) as found:
        Issuers({ISSUER: WRONG_KEYS[said]()})
    assert said in str(found.value)
    assert ISSUER in str(found.value)


def test_at_least_one_issuer_is_needed() -> None:
    with pytest.raises(IssuersError):
        Issuers({})


def test_a_private_key_is_not_repeated_in_the_refusal() -> None:
    bad = private()
    with pytest.raises(IssuersError) as found:
        Issuers({ISSUER: {"keys": [bad]}})
    assert bad["d"] not in str(found.value)


def test_a_pem_is_no_key_set() -> None:
    pem = (
        key()
        .public_key()
        .public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    with pytest.raises(IssuersError):
        Issuers({ISSUER: pem.decode()})
