"""Pictures of a report, each drawn once: for the page, and for slides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from funnelsim import disk
from funnelsim.text import visible

from ..pictures import style

if TYPE_CHECKING:
    from .blocks import Picture

DOTS = 200
"""Per inch, of pictures for slides."""


def as_svg(picture: Picture, prefix: str) -> str:
    """A picture as an element of a page; names with characters that nobody sees have them written out."""
    drawn = style.svg(picture.draw(), visible(picture.title), visible(picture.description), prefix)
    return visible(drawn, breaks=True)


def write(picture: Picture, folder: Path) -> None:
    """A picture as SVG and PNG in a folder."""
    figure = picture.draw()
    with disk.written(folder / f"{picture.name}.svg") as part:
        drawn = style.svg(figure, visible(picture.title), visible(picture.description), picture.name)
        part.write_text(visible(drawn, breaks=True) + "\n", encoding="utf-8")
    with disk.written(folder / f"{picture.name}.png") as part:
        figure.savefig(part, format="png", dpi=DOTS)
