"""A service that runs, and a clinic that calls it.

The command is started as in production, behind an address that a proxy would have: the
clinic signs a token for each call, and every call says what a record of 60 resources
says of one patient.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4

import attrs
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from milia_cds import Case
from milia_cds.adapters.fhir.questionnaire import response

HOST = "127.0.0.1"
BASE_URL = "https://cds.example.org"
"""Where the clinic finds the service: tokens are made for it."""
ISSUER = "https://clinic.example.org"
PATIENT = "1"
SERVICES = {"patient-view": "milia-patient-view", "order-sign": "milia-order-sign"}
_COMMAND = "import sys; from milia_cds.cli.main import main; sys.exit(main())"
_LONGEST_START = 60.0
_LONGEST_END = 20.0

Answer = tuple[int, Any]
"""The status of an answer, and its JSON."""


class Clinic:
    """Signs a token for each call, by a key of its own."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP384R1())

    def token(self, url: str, **claims: Any) -> str:
        """A token that holds for two minutes, or says something else."""
        now = datetime.now(UTC)
        said = {
            "iss": ISSUER,
            "aud": url,
            "iat": now,
            "exp": now + timedelta(minutes=2),
            "jti": str(uuid4()),
            **claims,
        }
        return jwt.encode(said, self.key, "ES384", headers={"kid": "first"})

    def keys(self) -> dict[str, Any]:
        """The public half, as a JSON Web Key Set."""
        made = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**made, "kid": "first", "alg": "ES384"}]}


def trusted(folder: Path, keys: Mapping[str, Any]) -> Path:
    """The file of the one issuer that is trusted."""
    (folder / "keys.json").write_text(json.dumps(keys), "utf-8")
    file = folder / "issuers.toml"
    file.write_text(f'[[issuer]]\niss = "{ISSUER}"\njwks = "keys.json"\n', "utf-8")
    return file


@attrs.frozen
class Service:
    """A service that answers.

    Parameters
    ----------
    process
        The process that was started; with several workers, their parent.
    port
        Where it listens.
    base_url
        Where a clinic finds it.
    """

    process: subprocess.Popen[bytes]
    port: int
    base_url: str

    def workers(self) -> list[int]:
        """The processes that it started, on Linux."""
        parent = self.process.pid
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii")
        return [int(each) for each in listed.split()]

    def memory(self) -> float:
        """What it has in memory, in MB, on Linux."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        line = next(each for each in status.splitlines() if each.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def processor_seconds(self) -> float:
        """What it has worked, in seconds of a processor, on Linux."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text("ascii")
        used = stat.rpartition(")")[2].split()[11:13]
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")

    def asked(self, path: str, body: object = None, token: str | None = None) -> Answer:
        """Ask it over a connection of its own."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            headers = {} if token is None else {"Authorization": f"Bearer {token}"}
            if body is None:
                connection.request("GET", path, headers=headers)
            else:
                headers["Content-Type"] = "application/json"
                connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            connection.close()

    def ended(self) -> int:
        """End it as a system does, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_LONGEST_END)


@contextmanager
def running(arguments: Sequence[str], base_url: str = BASE_URL) -> Iterator[Service]:
    """The service in a process of its own, as long as the block runs.

    Parameters
    ----------
    arguments
        What `milia-cds serve` is given besides the port and the base URL.
    base_url
        Where a clinic finds it.
    """
    port = _free_port()
    command = [sys.executable, "-c", _COMMAND, "serve", "--base-url", base_url]
    with (
        TemporaryFile() as log,
        subprocess.Popen(  # noqa: S603 - this interpreter, and our own words
            [*command, "--port", str(port), *arguments], stderr=log
        ) as process,
    ):
        service = Service(process, port, base_url)
        try:
            if not _answers(service):
                log.seek(0)
                message = f"the service did not start: {log.read().decode()}"
                raise RuntimeError(message)
            yield service
        finally:
            if process.poll() is None:
                service.ended()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _answers(service: Service) -> bool:
    """Wait until it answers, and say whether it does."""
    until = time.monotonic() + _LONGEST_START
    while service.process.poll() is None and time.monotonic() < until:
        try:
            status, _ = service.asked("/health")
        except OSError:
            time.sleep(0.02)
        else:
            if status == http.HTTPStatus.OK:
                return True
    return False


# What a clinic's record says --------------------------------------------------------


def record(case: Mapping[str, Any], day: datetime) -> dict[str, Any]:
    """What the searches for one patient find: 60 resources, by prefetch key.

    Parameters
    ----------
    case
        What the patient answered, as JSON of a case.
    day
        When.
    """
    answered = response(Case.from_dict(case), subject=f"Patient/{PATIENT}", at=day)
    return {
        "patient": {"resourceType": "Patient", "id": PATIENT, "gender": "female"},
        "conditions": _found(
            [
                _condition("254679001", "Milia", day),
                *(_of_old(n, day) for n in range(14)),
            ]
        ),
        "observations": _found([_temperature(number, day) for number in range(24)]),
        "allergies": _found([_allergy(number) for number in range(3)]),
        "medication_statements": _found([]),
        "medication_requests": _found([_drug(number, day) for number in range(10)]),
        "devices": _found([]),
        "device_uses": _found([]),
        "procedures": _found([_procedure(number, day) for number in range(6)]),
        "answers": _found([answered]),
    }


def call(hook: str, prefetch: Mapping[str, Any]) -> dict[str, Any]:
    """A call of a hook."""
    return {
        "hook": hook,
        "hookInstance": str(uuid4()),
        "context": {"userId": "Practitioner/9", "patientId": PATIENT},
        "prefetch": prefetch,
    }


def _found(resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The Bundle of a search."""
    entries = [{"resource": each, "search": {"mode": "match"}} for each in resources]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return {**bundle, "entry": entries} if entries else bundle


_SUBJECT = {"reference": f"Patient/{PATIENT}"}
_SNOMED = "http://snomed.info/sct"


def _concept(system: str, code: str, text: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def _status(kind: str, code: str) -> dict[str, Any]:
    system = f"http://terminology.hl7.org/CodeSystem/{kind}"
    return {"coding": [{"system": system, "code": code}]}


def _condition(
    code: str, text: str, day: datetime, clinical: str = "active"
) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": f"condition-{code}-{day:%Y%m%d}",
        "subject": _SUBJECT,
        "code": _concept(_SNOMED, code, text),
        "clinicalStatus": _status("condition-clinical", clinical),
        "verificationStatus": _status("condition-ver-status", "confirmed"),
        "recordedDate": day.isoformat(timespec="seconds"),
    }


def _of_old(number: int, day: datetime) -> dict[str, Any]:
    code, text = (
        ("10509002", "Acute bronchitis (disorder)"),
        ("444814009", "Viral sinusitis (disorder)"),
    )[number % 2]
    return _condition(code, text, day - timedelta(days=90 * (number + 1)), "resolved")


def _temperature(number: int, day: datetime) -> dict[str, Any]:
    measured = day - timedelta(days=30 * number)
    return {
        "resourceType": "Observation",
        "id": f"temperature-{number}",
        "status": "final",
        "subject": _SUBJECT,
        "code": _concept("http://loinc.org", "8310-5", "Body temperature"),
        "effectiveDateTime": measured.isoformat(timespec="seconds"),
        "valueQuantity": {
            "value": 36.6,
            "unit": "Cel",
            "system": "http://unitsofmeasure.org",
            "code": "Cel",
        },
    }


def _allergy(number: int) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": f"allergy-{number}",
        "patient": _SUBJECT,
        "code": _concept(_SNOMED, "232347008", "Dander (animal) allergy"),
        "clinicalStatus": _status("allergyintolerance-clinical", "active"),
    }


def _drug(number: int, day: datetime) -> dict[str, Any]:
    asked = day - timedelta(days=60 * number)
    return {
        "resourceType": "MedicationRequest",
        "id": f"drug-{number}",
        "status": "completed",
        "intent": "order",
        "subject": _SUBJECT,
        "authoredOn": asked.isoformat(timespec="seconds"),
        "medicationCodeableConcept": _concept(
            "http://www.nlm.nih.gov/research/umls/rxnorm",
            "313782",
            "Acetaminophen 325 MG Oral Tablet",
        ),
    }


def _procedure(number: int, day: datetime) -> dict[str, Any]:
    done = day - timedelta(days=200 * (number + 1))
    return {
        "resourceType": "Procedure",
        "id": f"procedure-{number}",
        "status": "completed",
        "subject": _SUBJECT,
        "code": _concept(_SNOMED, "428191000124101", "Documentation of medications"),
        "performedDateTime": done.isoformat(timespec="seconds"),
    }
