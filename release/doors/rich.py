"""The extra `rich`: an answer in the colours of a terminal."""

import subprocess
import sys
from pathlib import Path

program = Path(sys.executable).with_name("milia-cds")
command = [str(program), "assess", "age=34", "site=cheek", "--rich"]
shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
print(f"a case in {len(shown.splitlines())} lines")
