"""The extra `examples`: the programs of `examples/apps` start."""

import sys
from importlib import import_module

sys.path.insert(0, "examples/apps")
names = ["django_app", "fastapi_app", "plain_form"]
for name in names:
    import_module(name)
print(f"{', '.join(names)} start")
