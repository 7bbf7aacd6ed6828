"""The extra `proof`: z3 is asked whether a guarantee can be broken."""

from milia_cds import load_knowledge
from milia_cds.check.second_opinion import SecondOpinion

broken = SecondOpinion(load_knowledge()).broken("G05")
if broken is not None:
    raise SystemExit(str(broken))
print("z3 finds no case that breaks G05")
