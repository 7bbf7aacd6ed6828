"""The scripts that complete words in a shell, run by the shells that are there."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from milia_cds import load_knowledge
from milia_cds.cli.completion import values_of
from milia_cds.cli.main import main

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, made = tmp_path_factory.mktemp("scripts"), {}
    for shell in SHELLS:
        with contextlib.redirect_stdout(io.StringIO()) as written:
            assert main(["completion", shell]) == 0
        made[shell] = folder / shell
        made[shell].write_text(written.getvalue(), "utf-8")
    return made


def said(*command: str) -> list[str]:
    done = subprocess.run(  # noqa: S603 - our own script
        command, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_every_fact_and_every_member_on_offer_can_be_completed() -> None:
    base = load_knowledge()
    values = values_of(base)
    assert len(values) == len(base.vocabulary.kinds) + 1
    assert values["pacemaker"] == ("yes", "no", "unknown")
    assert values["age"] == ("unknown",)
    assert values["assume_absent"] == ("findings", "history", "findings,history")
    assert {"cheek", "lower_eyelid", "unknown"} <= set(values["site"])
    retired = base.facts["lesion.site"].retired
    assert not set(retired) & set(values["site"])


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_reads_its_script(shell: str, scripts: dict[str, Path]) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not there")
    assert said(found, "-n", str(scripts[shell])) == []


COMPLETED = {
    ("as",): ["assess", "ask"],
    ("assess", "--det"): ["--detail"],
    ("assess", "--detail", ""): ["decision", "brief", "short", "standard", "full"],
    ("assess", "case.json", "pacem"): ["pacemaker="],
    ("assess", "site", "=", "low"): ["lower_eyelid"],
    ("assess", "pacemaker", "="): ["yes", "no", "unknown"],
    ("explain", "topical_an"): ["topical_anaesthetic"],
    ("leaflet", "case.json", "extr"): ["extraction"],
    ("graph", "--scenario", "newb"): ["newborn"],
    ("facts", "assum"): [],
    ("facts", "pacem"): ["pacemaker"],
}


@pytest.mark.parametrize("typed", COMPLETED, ids=" ".join)
def test_bash_completes_what_is_typed(
    typed: tuple[str, ...], scripts: dict[str, Path]
) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not there")
    line = """
        compopt() { :; }
        source "$1"; shift
        COMP_WORDS=(milia-cds "$@"); COMP_CWORD=$#
        _milia_cds; echo "${COMPREPLY[@]}"
    """
    answer = said(bash, "-c", line, "bash", str(scripts["bash"]), *typed)
    assert answer == COMPLETED[typed]


def test_each_script_holds_every_command_and_each_fact(
    scripts: dict[str, Path],
) -> None:
    for script in scripts.values():
        text = script.read_text("utf-8")
        for word in ("assess", "completion", "lower_eyelid", "pacemaker", "findings"):
            assert word in text


def test_no_other_shell_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["completion", "tcsh"])
    assert capsys.readouterr().err.endswith(
        'argument SHELL: there is no "tcsh"; use one of bash, zsh, fish\n'
    )
