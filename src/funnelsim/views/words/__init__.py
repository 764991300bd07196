"""All texts that results are told in, in all languages, and how numbers are written in each."""

from .language import LANGUAGES, language, speak, speaking
from .texts import capital, clauses, counted, has, listed, running, say, separated, small

__all__ = [
    "LANGUAGES",
    "capital",
    "clauses",
    "counted",
    "has",
    "language",
    "listed",
    "running",
    "say",
    "separated",
    "small",
    "speak",
    "speaking",
]
