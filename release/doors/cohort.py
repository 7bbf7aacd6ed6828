"""The extra `cohort`: the examples as one table, decided at once."""

from milia_cds import examples
from milia_cds.adapters.cohort import assess_many, frame_of

cases = frame_of(examples.case(name) for name in examples.names())
print(f"{assess_many(cases).num_rows} cases were decided as a table")
