"""What a text is in a language: ``en.yaml`` and ``ja.yaml``, from keys to sentences with named gaps.

Both files hold one text a line, ``key: "text"``, which is YAML and is read here in a thousandth of the time that a
reader of the whole of YAML takes; a test reads them with one, and finds the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType

from .language import language

_LINE = re.compile(r'^([a-z0-9_.]+): (".*")$', re.MULTILINE)


class _Gap(str):
    """What stands in a gap, or the form of a word that goes with it."""

    __slots__ = ()

    def __format__(self, forms: str) -> str:
        one, _, many = forms.partition("|")
        return (one if self == "1" else many) if forms else str(self)


def say(key: str, lang: str | None = None, /, **values: object) -> str:
    """The text of a key, with its gaps filled.

    Parameters
    ----------
    key : str
        Which text, as in ``comparison.more``.
    lang : {"en", "ja"}, optional
        The language; by default the one in force (see `language`).
    **values
        What stands in the gaps, by their names; numbers have been written out by `numbers` before. A gap
        ``{number:one|many}`` is the word that goes with a number, by whether that is 1.

    Raises
    ------
    KeyError
        If there is no such text, or a gap of it is left open.
    """
    return filled(texts(language(lang))[key], **values)


def filled(text: str, /, **values: object) -> str:
    """A text with its gaps filled."""
    return text.format_map({name: _Gap(value) for name, value in values.items()})


def counted(key: str, number: int, lang: str | None = None, /, **values: object) -> str:
    """The text of ``key.one`` or ``key.many``, as the number asks for, which is its gap ``number``."""
    return say(f"{key}.{'one' if number == 1 else 'many'}", lang, number=f"{number:,}", **values)


def has(key: str) -> bool:
    """Whether there is a text with this key."""
    return key in texts("en")


def listed(parts: Sequence[str], word: str = "and", lang: str | None = None) -> str:
    """Several things in a row: ``a, b and c``; ``word`` is ``and`` or ``or``."""
    if len(parts) < 2:
        return "".join(parts)
    before = say("list.comma", lang).join(parts[:-1])
    return say(f"list.{word}", lang, before=before, last=parts[-1])


def separated(parts: Sequence[str], lang: str | None = None) -> str:
    """Several things in a row without a word between the last two: ``a, b, c``."""
    return say("list.comma", lang).join(parts)


def clauses(parts: Sequence[str], lang: str | None = None) -> str:
    """Parts of one sentence: ``a; b; c``."""
    return say("list.semicolon", lang).join(parts)


def items(parts: Sequence[str], lang: str | None = None) -> str:
    """Several things in a row that may have commas of their own: ``a; b, c; d``."""
    return say("list.item", lang).join(parts)


def running(sentences: Sequence[str], lang: str | None = None) -> str:
    """Sentences one after the other, as a paragraph; languages without blanks have none between them."""
    return say("list.sentence", lang).join(sentences)


def capital(text: str) -> str:
    """A text as the beginning of a sentence, in languages that show it by a large letter."""
    return text[:1].upper() + text[1:] if language() == "en" else text


def small(label: str) -> str:
    """A label inside a sentence, in languages that show it by a small letter; abbreviations stay as they are."""
    return label if label[:2].isupper() or language() != "en" else label[:1].lower() + label[1:]


def spoken(said: Mapping[str, str], lang: str | None = None) -> str:
    """What a file says by language: that of the language in force, or else its first; empty if there is none."""
    return said.get(language(lang)) or next(iter(said.values()), "")


@cache
def texts(lang: str) -> Mapping[str, str]:
    """All texts of a language, by key."""
    written = resources.files(__package__).joinpath(f"{lang}.yaml").read_text(encoding="utf-8")
    return MappingProxyType({key: json.loads(text) for key, text in _LINE.findall(written)})
