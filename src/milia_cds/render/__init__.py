"""Renderers: views of a recorded result, nothing else."""
