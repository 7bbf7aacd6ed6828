"""The page of the client, served from this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.interop.oracles import PACKAGES

CLIENT = Path(__file__).with_name("client")
MARKED = PACKAGES / "node_modules" / "marked" / "lib" / "marked.esm.js"
"""What makes HTML of Markdown, as clients do: raw HTML passes through it."""

FILES = {
    "/": (CLIENT / "index.html", "text/html"),
    "/client.css": (CLIENT / "client.css", "text/css"),
    "/client.js": (CLIENT / "client.js", "text/javascript"),
    "/marked.esm.js": (MARKED, "text/javascript"),
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path not in FILES:
            self.send_error(404)
            return
        file, kind = FILES[self.path]
        written = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def page_served() -> Iterator[str]:
    """The origin of the page, as long as the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()
