"""What all results have: a document as JSON text, pictures, and how a notebook shows them."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.arguments import checked
from funnelsim.errors import told_together
from funnelsim.text import in_table

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

    @checked
    def report(
        self,
        out: Path | str,
        *,
        title: str | None = None,
        lang: str | None = None,
        only: Sequence[str] = (),
        pdf: bool = False,
        xlsx: bool = False,
        figures: Path | str | None = None,
    ) -> Path:
        """Write a report: one HTML file with the answer first, which needs neither network nor script.

        Parameters
        ----------
        out : path
            The file, which ends in ``.html``.
        title : str, optional
            What stands at its top; by default the name of what it is about.
        lang : {"en", "ja"}, optional
            Its language; by default the one in force.
        only : sequence of str
            Sections that are wanted, such as ``["answer", "line"]``; by default all that apply.
        pdf : bool
            Whether to print it to a PDF beside it as well, which needs Chromium, Chrome or Edge.
        xlsx : bool
            Whether to write its tables as a workbook beside it as well, which needs the extra ``report``.
        figures : path, optional
            A folder for each picture as SVG and PNG.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        FunnelsimError
            If a name is wrong, or what a format needs is not installed: before anything is written.
        """
        write = self._view("report")
        made: Path = write(self, out, title=title, lang=lang, only=only, pdf=pdf, xlsx=xlsx, figures=figures)
        return made

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
        return str(self.table.to_html(float_format=in_table))


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
    return f"<ul>{''.join(f'<li>{html.escape(each)}</li>' for each in told_together(texts))}</ul>" if texts else ""
