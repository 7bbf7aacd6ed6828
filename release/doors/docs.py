"""The extra `docs`: the site is built from the source archive."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

with TemporaryDirectory() as folder:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-j", "auto", "docs", folder]
    subprocess.run(command, check=True)
    print(f"the site has {len(list(Path(folder).rglob('*.html')))} pages")
