"""How wide texts are, where they are broken, and where they are cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from . import fonts

_SIZE = 100
"""Points at which letters are measured."""

_ROUGHNESS = 1.03
"""By how much small letters may be drawn wider than large ones, as they stand on whole pixels."""


@lru_cache(4096)
def _advance(c: str, bold: bool, family: tuple[str, ...]) -> float:
    """How far a letter moves the next one, in multiples of its size."""
    for name in family:
        font = _font(name, bold)
        if font.get_char_index(ord(c)):
            font.set_size(_SIZE, 72)
            return float(font.load_char(ord(c)).linearHoriAdvance / 65536 / _SIZE)
    return 1.0


def _font(name: str, bold: bool) -> FT2Font:
    weight = "bold" if bold else "normal"
    return font_manager.get_font(font_manager.findfont(font_manager.FontProperties(family=[name], weight=weight)))


def ems(text: str, bold: bool = False) -> float:
    """How wide text is, in multiples of its size."""
    family = fonts.family()
    return sum(_advance(c, bold, family) for c in fonts.drawable(text) if c != "\n") * _ROUGHNESS


def fit(text: str, width: float, size: float, lines: int = 1, bold: bool = False) -> str:
    """``text`` in at most so many lines of ``width`` inches at ``size`` points, cut where it must be."""
    room = width * 72 / size
    rows: list[str] = []
    for word in _words(text):
        if rows and ems(rows[-1] + word.rstrip(), bold) <= room:
            rows[-1] += word
        else:
            rows.extend(_pieces(word.lstrip(), room, bold))
    rows = [row for row in rows if row.strip()]
    if len(rows) > lines:
        rows = [*rows[: lines - 1], _cut("".join(rows[lines - 1 :]).strip(), room, bold)]
    return "\n".join(row.strip() for row in rows)


def _words(text: str) -> list[str]:
    """Pieces a line may end after: words with their space, and single wide characters."""
    words = [""]
    for c in " ".join(text.split()):
        if unicodedata.east_asian_width(c) in "WF":
            words += [c, ""]
        else:
            words[-1] += c
            if c in " -/_":
                words.append("")
    return [word for word in words if word]


def _pieces(word: str, room: float, bold: bool) -> list[str]:
    """A word, broken where it is longer than a line."""
    pieces = [""]
    for c in word:
        if pieces[-1] and ems(pieces[-1] + c, bold) > room:
            pieces.append("")
        pieces[-1] += c
    return pieces


def _cut(text: str, room: float, bold: bool) -> str:
    if ems(text, bold) <= room:
        return text
    while text and ems(text + "…", bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def balanced(count: int, most: int) -> list[int]:
    """Sizes of the fewest rows of at most ``most``, as even as they can be, the longer ones first."""
    rows = max(1, -(-count // most))
    return [count // rows + (row < count % rows) for row in range(rows)]


def widest(texts: Sequence[str], size: float, bold: bool = False) -> float:
    """How wide the widest of the texts is, in inches."""
    return max((ems(text, bold) for text in texts), default=0.0) * size / 72


def column(texts: Sequence[str], size: float, most: float, least: float = 0.0, bold: bool = False) -> float:
    """Inches for a column of texts: as wide as they are, but not beyond ``most``."""
    return min(max(widest(texts, size, bold), least), most)
