"""The language in which results are told: English or Japanese.

It is the one asked for (``--lang``, ``lang=``, `speaking`), else that of the environment variable
``FUNNELSIM_LANG``, else that of the locale, else English. Names of files, JSON documents and heads of CSV files do
not depend on it, nor do the user's own names.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from funnelsim.errors import FunnelsimError

LANGUAGES: Final = ("en", "ja")

VARIABLE: Final = "FUNNELSIM_LANG"

_LOCALES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the locale, the one that decides first."""

_asked: ContextVar[str | None] = ContextVar("language", default=None)
"""The language asked for; each thread and task has its own."""


def language(lang: str | None = None) -> str:
    """The language to speak: ``lang``, or the one in force.

    Raises
    ------
    FunnelsimError
        If there is no such language.
    """
    asked = lang or _asked.get()
    if asked is not None:
        return checked(asked, "lang")
    if os.environ.get(VARIABLE):
        return checked(os.environ[VARIABLE], VARIABLE)
    return "ja" if _local().startswith(("ja", "Japanese")) else "en"


def checked(lang: str, given_as: str) -> str:
    """The language by its code, whatever else stands behind it: ``ja``, ``ja-JP``, ``ja_JP.UTF-8``.

    Raises
    ------
    FunnelsimError
        If there is no such language.
    """
    code = lang.strip().lower().replace("_", "-").partition(".")[0].partition("-")[0]
    if code not in LANGUAGES:
        raise FunnelsimError(
            f"{given_as}: there is no language {lang!r} here; write en or ja", code="E-language-unknown"
        )
    return code


def speak(lang: str | None) -> None:
    """Speak this language from here on, in this thread or task; None is that of the environment."""
    _asked.set(None if lang is None else checked(lang, "lang"))


@contextmanager
def speaking(lang: str | None) -> Iterator[None]:
    """Speak this language within the block; None leaves it as it is.

    Raises
    ------
    FunnelsimError
        If there is no such language.
    """
    token = _asked.set(_asked.get() if lang is None else checked(lang, "lang"))
    try:
        yield
    finally:
        _asked.reset(token)


def _local() -> str:
    for name in _LOCALES:
        if os.environ.get(name):
            return os.environ[name]
    return locale.getlocale()[0] or ""  # Windows has no such variables
