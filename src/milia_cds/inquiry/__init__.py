"""What to ask, why, why not, what if, how firm: exact answers about a decision."""
