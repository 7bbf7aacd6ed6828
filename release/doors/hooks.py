"""The extra `hooks`: the service is started, and asked what it answers."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
program = Path(sys.executable).with_name("milia-cds")
command = [str(program), "serve", "--development", "--port", str(port)]
address = f"http://127.0.0.1:{port}/cds-services"


def services() -> list[str]:
    """The hooks that it answers, once it has started."""
    for _ in range(120):
        try:
            with urlopen(address, timeout=5) as answer:
                return [each["hook"] for each in json.load(answer)["services"]]
        except URLError:
            time.sleep(0.25)
    message = f"{address} does not answer"
    raise SystemExit(message)


server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    print(f"the service answers {', '.join(services())}")
finally:
    server.terminate()
    server.wait(timeout=30)
