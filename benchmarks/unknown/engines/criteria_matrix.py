"""The rule as a criterion of scikit-criteria: "suits her status", 0 or 1."""

from typing import Any

import numpy as np
from skcriteria import mkdm
from skcriteria.agg.simple import WeightedSumModel
from trial import trial


def by_matrix(case: dict[str, Any]) -> object:
    """Rank "give" and "avoid" on one criterion; null and left out are NaN."""
    status = case.get("pregnant")
    pregnant = np.nan if status is None else float(status)
    matrix = [[1 - pregnant], [pregnant]]
    decision = mkdm(matrix, [max], alternatives=["give", "avoid"])
    ranked = WeightedSumModel().evaluate(decision)
    first = list(ranked.rank_).index(1)
    return ["give", "avoid"][first]


trial("matrix, weighted sum; NaN where not known", by_matrix)
