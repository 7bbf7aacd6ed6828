"""The examination of a knowledge base: analysis, proofs, comparison, mutation.

>>> from milia_cds import load_knowledge
>>> examination = examine(load_knowledge())
>>> examination.sound, len(examination.broken)
(True, 0)
"""

from milia_cds.check.examination import Examination, examine
from milia_cds.check.findings import Finding
from milia_cds.check.guarantees import Held, Proof, Support

__all__ = ["Examination", "Finding", "Held", "Proof", "Support", "examine"]
