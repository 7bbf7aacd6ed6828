"""Assess one case from a file and read the answer: what a program would do."""

import json
from pathlib import Path

from milia_cds import Case, assess

CASES = Path(__file__).parent / "cases"

case = Case.from_dict(json.loads((CASES / "adult_cheek.json").read_text("utf-8")))
answer = assess(case)

for alert in answer.alerts:  # dangers come first, whatever is decided
    print(alert.urgency, alert.text)
print("to do:", answer.disposition.headline)
for place in answer.ranking:
    print(place.rank, place.option)
