"""Fonts of pictures: which there are, and what to do about characters that none of them has.

Matplotlib keeps a list of the fonts of a machine and does not notice those that are installed later. So the first
time that a character has no font, the list is mended, and if that does not help, a warning names a font.
"""

from __future__ import annotations

import copy
import unicodedata
import warnings
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import matplotlib
from matplotlib import font_manager

LATIN = "DejaVu Sans"
"""The font that comes with Matplotlib; it is drawn with first, so that pictures look the same everywhere."""

CJK_FONTS = (
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Source Han Sans JP",
    "Hiragino Sans",
    "Yu Gothic",
    "Meiryo",
    "MS Gothic",
    "IPAexGothic",
    "TakaoPGothic",
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
    "Arial Unicode MS",
)
"""Fonts with Chinese and Japanese characters, in the order of preference."""

STACK = (LATIN, "Verdana", *CJK_FONTS)
"""Fonts of pictures in a page; letters of Verdana are as wide as those of DejaVu Sans."""

BOLD = 700
"""The weight of bold letters, in the numbers of fonts."""

MISSING = "□"
"""Stands for a character that no installed font has."""

_PACKAGE = "matplotlib_fontja"
"""The package with a Japanese font that comes with the dependencies."""

_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH")
"""How the names of characters begin that `CJK_FONTS` have."""

_more: list[str] = []
"""Fonts for characters of other scripts that were asked for and are installed."""


@cache
def family() -> tuple[str, ...]:
    """Fonts to draw with; each character is taken from the first that has it."""
    _add_packaged_font()
    installed = set(font_manager.get_font_names())
    return (LATIN, *[name for name in CJK_FONTS if name in installed][:2], *_more)


def _add_packaged_font() -> None:
    """Make the Japanese font known that comes with the dependencies, for machines that have none of their own.

    The package is found and not imported, because its import makes that font the default of all pictures. The file
    has one weight; it is made known as bold too, or each bold text would be complained about.
    """
    known = font_manager.fontManager.ttflist
    spec = find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        for file in Path(folder).glob("fonts/*.ttf"):
            if all(each.fname != str(file) for each in known):
                font_manager.fontManager.addfont(file)
                known.append(replace(known[-1], weight=BOLD))


@cache
def _characters() -> frozenset[int]:
    found = (font_manager.get_font(font_manager.findfont(name)) for name in family())
    return frozenset(code for font in found for code in font.get_charmap())


def drawable(text: str) -> str:
    """``text`` with characters that no font has replaced, as Matplotlib would warn about each of them."""
    text = unicodedata.normalize("NFC", text)
    for c in dict.fromkeys(text):
        if ord(c) not in _characters() and _is_shown(c):
            _find(c)
    known = _characters()
    return "".join(c if ord(c) in known or c == "\n" else MISSING for c in text)


def _is_shown(c: str) -> bool:
    """Whether a character leaves ink, so that a font is to have it; private ones and controls do not."""
    return not unicodedata.category(c).startswith("C")


@cache
def _find(c: str) -> None:
    """Look for a font with a character among those installed since, and warn if there is none."""
    wanted = _wanted(c)
    if _is_listed_anew() or wanted in font_manager.get_font_names():
        if wanted not in (*CJK_FONTS, *_more) and wanted in font_manager.get_font_names():
            _more.append(wanted)
        family.cache_clear()
        _characters.cache_clear()
    if ord(c) not in _characters():
        _warn(wanted if wanted not in font_manager.get_font_names() else None)


def _wanted(c: str) -> str:
    """The name of a font that has a character: Noto has one for each script."""
    script = unicodedata.name(c, "SYMBOL").split()[0]
    if script in _EAST_ASIAN:
        return CJK_FONTS[0]
    if unicodedata.category(c).startswith("S"):
        return "Noto Emoji" if unicodedata.east_asian_width(c) == "W" else "Noto Sans Symbols 2"
    return f"Noto Sans {script.title()}"


@cache
def _warn(font: str | None) -> None:
    """Say once for each font that it is missing."""
    said = f"some characters in pictures have no font and are drawn as {MISSING}"
    if font is not None:
        said += f"; install the font {font!r} (from fonts.google.com/noto, or by the system's package manager)"
    warnings.warn(said, stacklevel=2)


@cache
def _is_listed_anew() -> bool:
    """Whether fonts were installed after Matplotlib made its list, which are added to it; looked for once."""
    manager = font_manager.fontManager
    before = len(manager.ttflist)
    fresh = sorted(set(font_manager.findSystemFonts()) - {each.fname for each in manager.ttflist})
    for file in fresh:
        try:
            manager.addfont(file)
        except (OSError, RuntimeError):  # a file that Matplotlib cannot read, as it finds when it makes its list
            continue
    added = len(manager.ttflist) > before
    if added:
        _keep(manager)
    return added


def _keep(manager: font_manager.FontManager) -> None:
    """Write the list where Matplotlib reads it, without what was added for this program alone."""
    kept = copy.copy(manager)
    kept.ttflist = [each for each in manager.ttflist if _PACKAGE not in each.fname]
    path = Path(matplotlib.get_cachedir(), f"fontlist-v{font_manager.FontManager.__version__}.json")
    try:
        font_manager.json_dump(kept, path)
    except OSError:  # a folder that cannot be written to: the list is mended for this time
        return
