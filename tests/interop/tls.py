"""What ends TLS before a service, as the proxy of a clinic does.

It speaks https with a certificate that it made itself, and passes on what comes as it
comes: a service in production can be called at its https address on one machine.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


def _context(folder: Path) -> ssl.SSLContext:
    """A context with a certificate for this machine, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]),
            critical=False,
        )
        .sign(key, SHA256())
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


class TlsProxy(ThreadingHTTPServer):
    """A port that speaks https for another port that speaks http.

    Parameters
    ----------
    folder
        Where the certificate is written.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__((HOST, 0), _Handler)
        context = _context(folder)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.behind = 0
        self.url = f"https://{HOST}:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Say nothing: a browser opens connections that it does not use."""


class _Handler(BaseHTTPRequestHandler):
    server: TlsProxy
    protocol_version = "HTTP/1.1"

    def pass_on(self) -> None:
        """Pass on a request as it is, and its answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        behind = HTTPConnection(HOST, self.server.behind, timeout=30)
        try:
            behind.request(self.command, self.path, body, dict(self.headers))
            answer = behind.getresponse()
            text = answer.read()
        finally:
            behind.close()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_OPTIONS = pass_on  # noqa: N815 - as http.server names them

    def log_message(self, *_: object) -> None:
        """Say nothing: an address may hold something of a patient."""


@contextmanager
def tls(folder: Path) -> Iterator[TlsProxy]:
    """A proxy as long as the block runs; `behind` is the port that it speaks for."""
    with TlsProxy(folder) as proxy:
        serving = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            serving.join()
