"""Benchmarks: how fast the library is, as ratios taken in one run.

`python -m benchmarks` prints the table; README.md says what is timed and how.
"""
