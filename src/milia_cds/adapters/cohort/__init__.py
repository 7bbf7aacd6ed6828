"""Many cases at once, over columns (extra `cohort`).

The decision on each row of a frame: pandas, Polars, PyArrow or DuckDB. Null is not
known and is never filled.
"""

import sys
from importlib.util import find_spec

if not all(map(find_spec, ("narwhals", "numpy", "pyarrow"))):
    message = (
        "milia_cds.adapters.cohort needs NumPy, PyArrow and narwhals: "
        "pip install milia-cds[cohort]"
    )
    raise ImportError(message)

if sys.byteorder != "little":
    message = (
        "milia_cds.adapters.cohort needs a processor that stores the low byte first"
    )
    raise ImportError(message)

from milia_cds.adapters.cohort.batches import (
    Decider,
    HowDecided,
    decide_batch,
    input_schema,
    output_schema,
)
from milia_cds.adapters.cohort.frames import assess_many, detail, frame_of
from milia_cds.adapters.cohort.layout import FrameError
from milia_cds.adapters.cohort.population import PopulationDiff, compare_knowledge
from milia_cds.adapters.cohort.summary import CohortSummary, cohort_summary

__all__ = [
    "CohortSummary",
    "Decider",
    "FrameError",
    "HowDecided",
    "PopulationDiff",
    "assess_many",
    "cohort_summary",
    "compare_knowledge",
    "decide_batch",
    "detail",
    "frame_of",
    "input_schema",
    "output_schema",
]
