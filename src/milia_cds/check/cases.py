"""Vignettes run against the knowledge examined; needs the extra `testing`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milia_cds.check.findings import Finding
from milia_cds.knowledge.model import Knowledge
from milia_cds.testing.expectations import check_vignette
from milia_cds.testing.vignettes import Vignette


def failing(base: Knowledge, vignettes: Iterable[Vignette]) -> Iterator[Finding]:
    """Find every vignette that does not come out as expected.

    Parameters
    ----------
    base
        The knowledge base.
    vignettes
        The vignettes, as `load_vignettes` gives them.
    """
    for each in vignettes:
        differences = check_vignette(each, base)
        if differences:
            path = f"{each.file}: case.{each.id}"
            yield Finding("vignette.fails", "error", path, f"{'; '.join(differences)}.")
