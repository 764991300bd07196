"""The reference engine: SimPy processes that read like the story of the model."""

from .run import Run, run

__all__ = ["Run", "run"]
