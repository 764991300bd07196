"""The compiled engine: the model as an event loop in machine code, for experiments."""

from .run import run

__all__ = ["run"]
