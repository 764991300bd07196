"""All texts that results are told in, in all languages, and how numbers are written in each."""

from .language import LANGUAGES, language, speak, speaking
from .texts import capital, clauses, counted, has, items, listed, running, say, separated, small, spoken

__all__ = [
    "LANGUAGES",
    "capital",
    "clauses",
    "counted",
    "has",
    "items",
    "language",
    "listed",
    "running",
    "say",
    "separated",
    "small",
    "speak",
    "speaking",
    "spoken",
]
