"""All texts that results are told in, in all languages, and how numbers are written in each."""

from .language import LANGUAGES, language, speak, speaking
from .texts import capital, clauses, counted, listed, running, say, separated

__all__ = [
    "LANGUAGES",
    "capital",
    "clauses",
    "counted",
    "language",
    "listed",
    "running",
    "say",
    "separated",
    "speak",
    "speaking",
]
