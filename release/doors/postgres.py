"""The extra `postgres`: a ledger asks a server, and none is there to answer.

`make postgres` tries a server that is.
"""

from milia_cds.adapters.ledger import Ledger, LedgerError

try:
    Ledger.open("postgresql:///clinic?host=/nowhere")
except LedgerError as error:
    print(error)
else:
    message = "a server answered that cannot be there"
    raise SystemExit(message)
