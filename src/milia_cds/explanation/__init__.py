"""What there is to say of a decision: reasons, questions, why and why not."""
