"""Exports of CRMs, event logs and plain tables, read strictly: what is not sure is refused, with what to write."""

from .guessing import guess_mapping
from .mapping import Mapping, read_mapping
from .reading import read_history
from .refusing import CalibrationError

__all__ = ["CalibrationError", "Mapping", "guess_mapping", "read_history", "read_mapping"]
