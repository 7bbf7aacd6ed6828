"""`milia-cds serve`: what it refuses to do, and what it runs."""

from __future__ import annotations

import json
import logging.config
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from milia_cds.adapters.cds_hooks import service as serving
from milia_cds.cli import serve
from milia_cds.cli.main import main
from tests.adapters.cds_hooks.calling import VIEW, call
from tests.adapters.cds_hooks.signing import ISSUER, claims, jwks, signed

Run = Callable[..., dict[str, Any]]
URL = "https://cds.example.org"


@pytest.fixture(autouse=True)
def unrehearsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "rehearse", lambda *_: None)
    monkeypatch.setenv(serve.SETTINGS, "")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command, and give what it hands to the server."""

    def running(*arguments: str) -> dict[str, Any]:
        given: dict[str, Any] = {}

        def served(app: Any, **settings: Any) -> None:
            given.update(app=app, **settings)

        monkeypatch.setattr("uvicorn.run", served)
        assert main(["serve", *arguments]) == 0
        return given

    return running


@pytest.fixture
def issuers(tmp_path: Path) -> str:
    (tmp_path / "ehr.json").write_text(json.dumps(jwks()))
    file = tmp_path / "issuers.toml"
    file.write_text(f'[[issuer]]\niss = "{ISSUER}"\njwks = "ehr.json"\n')
    return str(file)


# -- refused --

REFUSED = {
    "": ("--issuers: nobody is trusted", "--base-url: it is missing"),
    "--base-url https://cds.example.org": ("--issuers: nobody is trusted",),
    "--base-url http://cds.example.org --issuers a": ("is not https",),
    "--base-url http://127.0.0.1 --issuers a": ("is not https",),
    "--issuers a": ("--base-url: it is missing",),
    "--base-url https://a.example --issuers a --workers 2": (
        "--tokens-seen: several workers do not know which tokens",
    ),
    "--development --issuers a --workers 2": ("--tokens-seen: several workers",),
    "--development --workers 0": ("--workers: 0 is no number of workers",),
    "--development --port 0": ("--port: 0 is no port",),
    "--development --port 65536": ("--port: 65536 is no port",),
    "--development --host 0.0.0.0": ('"0.0.0.0" can be reached from other machines',),
    "--development --host ::": ("can be reached",),
    "--development --base-url https://cds.example.org": ("is not on this machine",),
    "--development --base-url https://[": ("is not on this machine",),
    "--development --base-url http://127.0.0.1/": ("ends in a slash",),
    "--development --origin *": ("is no origin of a page",),
    "--development --issuers none.toml": ("none.toml: No such file",),
    "--development --feedback /nowhere/f": ("/nowhere/f: No such file or directory; ",),
    "--development --tokens-seen /nowhere/t": ("/nowhere/t: unable to open",),
    "--development --tokens-seen pyproject.toml": ("pyproject.toml: file is not a",),
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_what_would_not_be_safe_is_refused_and_how_to_mend_it_said(
    arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments.split()]) == 2
    told = capsys.readouterr().err
    for said in REFUSED[arguments]:
        assert said in told
    problems = [line for line in told.splitlines() if line.startswith("  --")]
    assert all("; " in line for line in problems)


def test_knowledge_that_is_wrong_is_refused_before_anybody_is_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--development", "--knowledge", str(tmp_path)]) == 3
    assert "The knowledge base has" in capsys.readouterr().err


def test_without_the_extra_it_says_which_one_it_needs() -> None:
    code = (
        "import sys; sys.modules['starlette'] = None\n"
        "from milia_cds.cli.main import main\n"
        "sys.exit(main(['serve', '--development']))"
    )
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )
    assert ran.returncode == 2
    assert ran.stderr == (
        "serve needs the extra hooks: pip install 'milia-cds[hooks]'\n"
    )


# -- run --


def test_development_says_that_it_is_one(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    given = run("--development", "--port", "8123")
    told = capsys.readouterr().err
    assert "This is development mode: everybody on this machine is answered" in told
    assert "http://127.0.0.1:8123/cds-services" in told
    assert (given["host"], given["port"], given["workers"]) == ("127.0.0.1", 8123, 1)
    client = TestClient(given["app"], base_url="http://127.0.0.1:8123")
    assert client.post(f"/cds-services/{VIEW}", json=call()).status_code == 200
    assert client.get("/openapi.json").json()["servers"] == [
        {"url": "http://127.0.0.1:8123"}
    ]


def test_development_may_ask_for_tokens(
    run: Run, issuers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = run("--development", "--issuers", issuers, "--host", "::1")
    assert "whoever has a token on this machine" in capsys.readouterr().err
    client = TestClient(given["app"])
    assert client.get("/cds-services").status_code == 401


def test_production_answers_signed_tokens_below_its_path(
    run: Run, issuers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = run("--base-url", f"{URL}/milia", "--issuers", issuers)
    assert "development" not in capsys.readouterr().err
    client = TestClient(given["app"], base_url=URL)
    assert client.get("/milia/cds-services").status_code == 401
    now = serving._now()  # noqa: SLF001 - the clock of the service
    header = signed(claims(f"{URL}/milia/cds-services", now))
    answer = client.get("/milia/cds-services", headers={"Authorization": header})
    assert answer.status_code == 200


def test_what_is_logged_holds_no_address_that_was_called(run: Run) -> None:
    given = run("--development")
    assert given["access_log"] is False
    assert set(given["log_config"]["loggers"]) == {"milia_cds", "uvicorn"}
    assert given["server_header"] is False


def test_several_workers_get_the_settings_and_share_the_tokens_they_saw(
    run: Run, issuers: str, tmp_path: Path
) -> None:
    files = ("--tokens-seen", str(tmp_path / "t"), "--feedback", str(tmp_path / "f"))
    more = ("--workers", "2", "--origin", "https://ehr.example.org", *files)
    given = run("--base-url", URL, "--issuers", issuers, *more)
    assert (given["app"], given["factory"]) == (serve.HOME, True)
    workers = [TestClient(serve.application(), base_url=URL) for _ in range(2)]
    now = serving._now()  # noqa: SLF001 - the clock of the service
    header = signed(claims(f"{URL}/cds-services", now))
    headers = {"Authorization": header, "Origin": "https://ehr.example.org"}
    answers = [each.get("/cds-services", headers=headers) for each in workers]
    assert [each.status_code for each in answers] == [200, 401]
    assert "access-control-allow-origin" in answers[0].headers
    module, _, name = serve.HOME.partition(":")
    assert getattr(sys.modules[module], name) is serve.application


def test_being_told_to_end_is_an_end_like_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def served(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()

    monkeypatch.setattr("uvicorn.run", served)
    assert main(["serve", "--development"]) == 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_way_it_logs_can_be_set_up() -> None:
    logging.config.DictConfigurator(serve.LOGGING)
