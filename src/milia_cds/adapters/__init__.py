"""Doors to other software: what it holds read as cases, and answers in its words."""
