"""The neutral task: made-up rules without clinical meaning, for comparing engines."""
