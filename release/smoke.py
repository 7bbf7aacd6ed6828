"""Assess every example, and print all that is said, as JSON, text and card.

It runs where only the wheel is installed, and under every Python prints the same.
"""

import json
from datetime import date

from milia_cds import assess, examples

for name in examples.names():
    answer = assess(examples.case(name), on=date(2026, 12, 1))
    print(name)
    print(json.dumps(answer.to_dict(detail="full"), sort_keys=True))
    print(answer.text(detail="full"))
    print(answer._repr_html_())
