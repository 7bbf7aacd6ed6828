"""The front door: a case in, an assessment out."""
