"""What all results have: a document as JSON text, pictures, and how a notebook shows them."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from funnelsim.arguments import checked

from .words import in_english, shower

if TYPE_CHECKING:
    import pandas as pd

    from .stamp import Stamp


class Told:
    """A result that tells itself as a document and in a notebook."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "to_dict" in vars(cls):
            cls.to_dict = _in_english(cls.to_dict)  # type: ignore[method-assign]

    if TYPE_CHECKING:

        @property
        def stamp(self) -> Stamp: ...

        @property
        def table(self) -> pd.DataFrame: ...

        def to_dict(self) -> dict[str, Any]: ...

    @checked
    def to_json(self, indent: int | None = None) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, indent=indent)

    def _view(self, kind: str) -> Any:
        """What shows a part of this kind of result."""
        return shower(kind, type(self))

    def _repr_html_(self) -> str:
        return f"{self._heading()}{self._said()}{self._picture()}{self._figures()}"

    def _heading(self) -> str:
        return ""

    def _said(self) -> str:
        """Sentences, and what made them."""
        return paragraphs(str(self.stamp))

    def _picture(self) -> str:
        return ""

    def _figures(self) -> str:
        """Tables, and what else stands at the end."""
        return str(self.table.to_html())


class Pictured(Told):
    """A result that has pictures too."""

    @property
    def plot(self) -> Any:
        """Its pictures, a method each."""
        return self._view("plot")(self)

    def _picture(self) -> str:
        return str(self.plot.html())


def _in_english(to_dict: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Documents are read by programs, for which the language of people must make no difference."""

    @wraps(to_dict)
    def told(self: Told, *given: Any, **named: Any) -> dict[str, Any]:
        with in_english():
            return to_dict(self, *given, **named)

    return told


def paragraphs(*texts: str) -> str:
    """Sentences in a notebook."""
    return "".join(f"<p>{html.escape(each)}</p>" for each in texts)


def listed(texts: Sequence[str]) -> str:
    """Warnings in a notebook, if there are any."""
    return f"<ul>{''.join(f'<li>{html.escape(each)}</li>' for each in texts)}</ul>" if texts else ""
