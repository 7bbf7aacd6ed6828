"""A FHIR server with canned records, and with the faults of real ones by name.

It answers reads and searches by patient (GET, and POST to `_search`), and keeps a
QuestionnaireResponse that is sent to it. A page of any origin may ask it, and a form is
found by its address without the version. It validates nothing.

======================  ==============================================================
fault of a type         what a search for it answers
======================  ==============================================================
`empty`                 no entry, whatever is there
`null`                  the JSON value null
`paged`                 one entry a page, with a link to the next
`operation-outcome`     status 500 and an OperationOutcome
`timeout`               nothing, until the server ends
`wrong-patient`         what is there about every other patient
======================  ==============================================================
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

Resource = Mapping[str, Any]
Fault = Literal[
    "empty", "null", "paged", "operation-outcome", "timeout", "wrong-patient"
]


class FhirServer(ThreadingHTTPServer):
    """A server of some resources, on a port that the system chooses.

    Parameters
    ----------
    resources
        What it holds.
    faults
        By type of resource, what a search for it does wrong.
    """

    daemon_threads = True

    def __init__(
        self, resources: Iterable[Resource], faults: Mapping[str, Fault]
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.held = list(resources)
        self.faults = faults
        self.ended = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def found(self, kind: str, query: Mapping[str, str]) -> Any:
        """The answer to a search: a Bundle but where a fault says otherwise."""
        fault = self.faults.get(kind)
        named = query.get("patient", query.get("subject", ""))
        patient = f"Patient/{named.removeprefix('Patient/')}"
        other = fault == "wrong-patient"
        kept = [
            each
            for each in self.held
            if each["resourceType"] == kind
            and (_about(each) == patient) is not other
            and query.get("questionnaire") in {None, *_addresses(each)}
        ]
        if fault == "null":
            return None
        if fault == "empty":
            kept = []
        size = 1 if fault == "paged" else len(kept)
        first = int(query.get("first", 0))
        links = [{"relation": "self", "url": self._link(kind, query)}]
        if first + size < len(kept):
            after = {**query, "first": str(first + size)}
            links.append({"relation": "next", "url": self._link(kind, after)})
        entries = [
            {
                "fullUrl": f"{self.url}/{kind}/{each['id']}",
                "resource": each,
                "search": {"mode": "match"},
            }
            for each in kept[first : first + size]
        ]
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(kept)}
        return {**bundle, "link": links, **({"entry": entries} if entries else {})}

    def _link(self, kind: str, query: Mapping[str, str]) -> str:
        return f"{self.url}/{kind}?{urlencode(query)}"


def _about(resource: Resource) -> str | None:
    """Whom a resource is about."""
    if resource["resourceType"] == "Patient":
        return f"Patient/{resource['id']}"
    about = resource.get("subject", resource.get("patient", {}))
    return about.get("reference") if isinstance(about, Mapping) else None


def _addresses(response: Resource) -> Iterable[str]:
    """What finds the form that was answered: its address, with and without version."""
    form = str(response.get("questionnaire", ""))
    return form, form.partition("|")[0]


def _outcome(code: str, said: str) -> Resource:
    issue = {"severity": "error", "code": code, "diagnostics": said}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


class _Handler(BaseHTTPRequestHandler):
    server: FhirServer

    def do_OPTIONS(self) -> None:
        """Let a page of any origin ask."""
        self.send_response(204)
        self.send_header("Access-Control-Allow-Methods", "GET, POST")
        self.send_header("Access-Control-Allow-Headers", "content-type")
        self.end_headers()

    def end_headers(self) -> None:
        """Let a page of any origin read what is answered."""
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        kind, _, wanted = asked.path.strip("/").partition("/")
        if not wanted:
            self._search(kind, dict(parse_qsl(asked.query)))
            return
        held = (each for each in self.server.held if each["resourceType"] == kind)
        read = [each for each in held if each["id"] == wanted]
        missing = _outcome("not-found", f"There is no {kind}/{wanted}.")
        self._answer(200 if read else 404, read[0] if read else missing)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        kind, _, operation = self.path.strip("/").partition("/")
        if operation == "_search":
            self._search(kind, dict(parse_qsl(body)))
        elif kind == "QuestionnaireResponse" and not operation:
            kept = {**json.loads(body), "id": f"kept-{len(self.server.held)}"}
            self.server.held.append(kept)
            self._answer(201, kept)
        else:
            self._answer(405, _outcome("not-supported", f"Nobody may send {kind}."))

    def _search(self, kind: str, query: Mapping[str, str]) -> None:
        match self.server.faults.get(kind):
            case "timeout":
                self.server.ended.wait()
            case "operation-outcome":
                self._answer(500, _outcome("exception", f"{kind} cannot be searched."))
            case _:
                self._answer(200, self.server.found(kind, query))

    def _answer(self, status: int, body: Any) -> None:
        written = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, *_: object) -> None:
        """Say nothing: a path may name a patient."""


@contextmanager
def fhir_server(
    resources: Iterable[Resource], faults: Mapping[str, Fault] | None = None
) -> Iterator[FhirServer]:
    """Serve some resources as long as the block runs."""
    with FhirServer(resources, faults or {}) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            serving.join()
