"""What rule engines make of an unknown: one neutral rule, run on each of them."""
