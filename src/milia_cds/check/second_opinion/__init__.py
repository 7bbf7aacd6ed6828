"""A second opinion on the proofs, by z3 and from its own encoding (extra `proof`).

It reads the same records of knowledge as the engine, and shares nothing else with it:
neither the diagrams nor the plan, neither cells nor the walk. Where both say the same,
a mistake would have to have been made twice.

>>> from milia_cds import load_knowledge
>>> opinion = SecondOpinion(load_knowledge())
>>> opinion.broken("G05") is None
True
"""

from importlib.util import find_spec

if find_spec("z3") is None:
    message = "milia_cds.check.second_opinion needs z3: pip install milia-cds[proof]"
    raise ImportError(message, name="z3")

from milia_cds.check.second_opinion.agreement import second_opinion
from milia_cds.check.second_opinion.evaluation import Evaluation, PartialDecision
from milia_cds.check.second_opinion.opinion import Broken, SecondOpinion, UndecidedError

__all__ = [
    "Broken",
    "Evaluation",
    "PartialDecision",
    "SecondOpinion",
    "UndecidedError",
    "second_opinion",
]
