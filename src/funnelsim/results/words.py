"""The one door from results to the room above them, which no import may lead to: its texts, and what shows which
result.

Modules of that room are found by name when something is told, so that results work without it until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from funnelsim.scenario.language.lever import OfLever
from funnelsim.scenario.language.texts import LANGUAGES

VIEWS = "funnelsim.views"
"""Where texts, sentences and pictures are."""


def shower(part: str, result: type) -> Any:
    """What shows a part of a class of results."""
    return import_module(VIEWS).registered(part, result)


def say(key: str, /, **values: object) -> str:
    """The text of a key in the language in force, with its gaps filled."""
    return str(import_module(f"{VIEWS}.words").say(key, **values))


def say_counted(key: str, number: int, /, **values: object) -> str:
    """The text of ``key.one`` or ``key.many``, as the number asks for, in the language in force."""
    return str(import_module(f"{VIEWS}.words").counted(key, number, **values))


def spoken(texts: Mapping[str, str]) -> str:
    """What a file says by language: in the language in force, or else in the first that it has."""
    return str(import_module(f"{VIEWS}.words").spoken(texts)) if texts else ""


def of_lever(text: str) -> str:
    """A lever with its title, or what is said of it, in the language in force; any other text is as it is."""
    if not isinstance(text, OfLever):
        return text
    said = spoken(text.texts)
    told = say("lever.said", name=text.lever, text=said) if said else say("lever.named", name=text.lever)
    if not text.when:
        return told
    return say(
        "lever.until" if len(text.when) > 1 else "lever.from", start=text.when[0], end=text.when[-1], lever=told
    )


def in_each_language() -> Iterator[None]:
    """Speak each language in turn, one for each step of a loop."""
    words = import_module(f"{VIEWS}.words")
    for lang in LANGUAGES:
        with words.speaking(lang):
            yield


def in_english() -> AbstractContextManager[None]:
    """Speak English within the block: for documents, which programs read, and for errors."""
    speaking: AbstractContextManager[None] = import_module(f"{VIEWS}.words").speaking("en")
    return speaking
