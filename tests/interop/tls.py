"""What ends TLS before a service, as the proxy of a clinic does.

It speaks https with a certificate that it made itself, and passes on what comes as it
comes: a service in production can be called at its https address on one machine.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
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
_MOST = 65_536


def _certificate(folder: Path) -> ssl.SSLContext:
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


class TlsProxy:
    """A port that speaks https for another port that speaks http.

    Parameters
    ----------
    folder
        Where the certificate is written.
    """

    def __init__(self, folder: Path) -> None:
        self.context = _certificate(folder)
        self.behind = 0
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self._passed, HOST, 0, ssl=self.context)
        )
        self.url = f"https://{HOST}:{self.server.sockets[0].getsockname()[1]}"

    async def _passed(
        self, near: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        try:
            far, on = await asyncio.open_connection(HOST, self.behind)
        except OSError:
            back.close()
            return
        await asyncio.gather(_copied(near, on), _copied(far, back))


async def _copied(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    """Pass on all that comes, until either side ends."""
    try:
        while piece := await source.read(_MOST):
            to.write(piece)
            await to.drain()
    except OSError:
        pass
    finally:
        to.close()


@contextmanager
def tls(folder: Path) -> Iterator[TlsProxy]:
    """A proxy as long as the block runs; `behind` is the port that it speaks for."""
    proxy = TlsProxy(folder)
    running = threading.Thread(target=proxy.loop.run_forever)
    running.start()
    try:
        yield proxy
    finally:
        proxy.loop.call_soon_threadsafe(proxy.server.close)
        proxy.loop.call_soon_threadsafe(proxy.loop.stop)
        running.join()
        for task in asyncio.all_tasks(proxy.loop):
            task.cancel()
        proxy.loop.run_until_complete(asyncio.sleep(0.05))
        proxy.loop.close()
