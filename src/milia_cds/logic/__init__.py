"""Conditions over facts, and what can be proved of them; it knows no medicine."""
