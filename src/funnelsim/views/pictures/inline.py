"""Pictures as elements of a page: SVG that needs no style of its own, and that tells what it shows.

Matplotlib writes a `style` attribute for every shape. A page whose policy allows no style but that of its own
files paints such a picture black, so each property becomes an attribute of the same name.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from matplotlib import rc_context

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
GENERIC = "sans-serif"
"""What a browser takes where it has none of the fonts."""

_FONT = re.compile(r"(?:(?P<style>italic|oblique) )?(?:(?P<weight>bold|\d+) )?(?P<size>[\d.]+px) (?P<family>.+)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_UNSAID = ("Creator", "Date", "Format", "Type")


def svg(figure: Figure, title: str, desc: str, prefix: str) -> str:
    """A picture as an ``svg`` element without `style` attributes, scripts or references to other files.

    Parameters
    ----------
    figure : Figure
        The picture.
    title, desc : str
        What it is, and what it shows, for those who cannot see it.
    prefix : str
        Begins each id, so that several pictures may stand on one page.
    """
    written = io.BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}):
        figure.savefig(written, format="svg", metadata=dict.fromkeys(_UNSAID))
    root = ElementTree.fromstring(written.getvalue())
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    for each in root.iter():
        _plain(each, prefix)
    _told(root, title, desc, prefix)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    return ElementTree.tostring(root, encoding="unicode")


def _told(root: ElementTree.Element, title: str, desc: str, prefix: str) -> None:
    for attribute in ("width", "height"):
        root.attrib.pop(attribute, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    for number, (tag, text) in enumerate((("title", title), ("desc", desc))):
        made = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{prefix}-{tag}"})
        made.text = text
        root.insert(number, made)


def _plain(each: ElementTree.Element, prefix: str) -> None:
    """Make attributes of the style of an element, and ids of its own."""
    for name, value in _properties(each.attrib.pop("style", "")):
        each.set(name, value)
    if "id" in each.attrib:
        each.set("id", f"{prefix}-{each.attrib['id']}")
    for name, value in each.attrib.items():
        if name == f"{{{XLINK}}}href" and value.startswith("#"):
            each.set(name, f"#{prefix}-{value[1:]}")
        elif "url(#" in value:
            each.set(name, _REFERENCE.sub(rf"url(#{prefix}-\1)", value))


def _properties(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, colon, value = (part.strip() for part in declaration.partition(":"))
        font = _FONT.fullmatch(value) if name == "font" else None
        if font is not None:
            yield from ((f"font-{part}", found) for part, found in font.groupdict().items() if found)
        elif colon:
            yield name, f"{value}, {GENERIC}" if name == "font-family" and GENERIC not in value else value
