"""The examination of a knowledge base: analysis, proofs, comparison, mutation."""
