"""Pictures as SVG that stands in a page: with title and description, and without styles of its own.

A page may forbid inline styles (``style-src 'self'``), and then elements with a ``style`` attribute are black. So
what Matplotlib writes as styles stands in attributes here.
"""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

from matplotlib import rc_context
from matplotlib.figure import Figure

from . import fonts

_NAME = re.compile(r"^\{[^}]*\}")
"""The address of a namespace before the name of an element or an attribute."""

_LINK = re.compile(r"url\(#([^)]*)\)")

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML cannot have."""

_LEFT_OUT = ("metadata", "style")
"""What a page has no use for; the one rule of the style sheet becomes `_INHERITED`."""

_INHERITED = {"stroke-linejoin": "round", "stroke-linecap": "butt"}


def svg(figure: Figure, title: str, description: str, prefix: str) -> str:
    """A picture as an element ``<svg>`` for a page.

    Letters stay letters, drawn with the first of `fonts.STACK` that whoever looks has. The element has its natural
    size and a ``viewBox``, so that ``max-width: 100%; height: auto`` makes it fit.

    Parameters
    ----------
    figure : Figure
        The picture.
    title, description : str
        What it is, and what is to be seen, for those who cannot see it.
    prefix : str
        Begins each ``id`` in it, so that several pictures may stand in one page. The title has the id
        ``PREFIX-title``, the description ``PREFIX-desc``.

    Returns
    -------
    str
        The element, without an XML head; it needs no script, no style sheet and no other file.
    """
    written = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}):
        figure.savefig(written, format="svg", metadata={"Date": None})
    root = ElementTree.fromstring(_FORBIDDEN.sub("", written.getvalue()))
    _clean(root, prefix)
    root.attrib = {"xmlns": "http://www.w3.org/2000/svg", **root.attrib, **_INHERITED, "role": "img"}
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    root.set("font-family", ", ".join(f"'{name}'" for name in fonts.STACK) + ", sans-serif")
    for number, (tag, text) in enumerate((("title", title), ("desc", description))):
        said = ElementTree.Element(tag, {"id": f"{prefix}-{tag}"})
        said.text = _FORBIDDEN.sub("", text)
        root.insert(number, said)
    return ElementTree.tostring(root, encoding="unicode")


def _clean(element: ElementTree.Element, prefix: str) -> None:
    """Names without namespaces, styles as attributes, ids with their prefix."""
    element.tag = _NAME.sub("", element.tag)
    given, element.attrib = element.attrib, {}
    for name, value in given.items():
        _attribute(element, _NAME.sub("", name), value, prefix)
    for child in list(element):
        if _NAME.sub("", child.tag) in _LEFT_OUT:
            element.remove(child)
        else:
            _clean(child, prefix)
    if element.tag != "text":
        element.text = None
    element.tail = None


def _attribute(element: ElementTree.Element, name: str, value: str, prefix: str) -> None:
    if name == "style":
        for part in filter(str.strip, value.split(";")):
            style, _, what = part.partition(":")
            _attribute(element, style.strip(), what.strip(), prefix)
    elif name == "id":
        element.set(name, f"{prefix}-{value}")
    elif name == "href":
        element.set(name, f"#{prefix}-{value[1:]}" if value.startswith("#") else value)
    elif name != "font-family":  # which all have from the whole
        element.set(name, _LINK.sub(rf"url(#{prefix}-\1)", value).replace("\n", ""))
