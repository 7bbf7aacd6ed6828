"""The decision on one case, and on all cases at once."""
