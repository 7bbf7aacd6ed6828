"""`python -m milia_cds.cli.main`."""

import sys

from milia_cds.cli.main import main

sys.exit(main())
