"""`python -m milia_cds.cli`."""

import sys

from milia_cds.cli.program import main

sys.exit(main())
