"""The page: a frame for the panel, and the files that it is made of."""

from __future__ import annotations

import html
from importlib import resources
from typing import NamedTuple

from ..words import say


class File(NamedTuple):
    """A file as it is sent."""

    kind: str
    content: bytes


KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

PARTS = {
    "/panel.js": ("funnelsim.views.panel", "panel.js"),
    "/panel.css": ("funnelsim.views.panel", "panel.css"),
    "/page.js": ("funnelsim.views.app", "page.js"),
    "/page.css": ("funnelsim.views.app", "page.css"),
    "/closer.js": ("funnelsim.views.app.closer", "closer.js"),
    "/closer.css": ("funnelsim.views.app.closer", "closer.css"),
}
"""Files by the path at which they are asked for."""

FRAME = """\
<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/panel.css">
<link rel="stylesheet" href="/closer.css">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body>
<main>
<div id="panel"><p class="page-opening" role="status">{opening}</p></div>
<div id="closer"></div>
</main>
<noscript>{no_script}</noscript>
</body>
</html>
"""


def page(name: str, lang: str) -> File:
    """The page of a line."""
    texts = {"title": say("panel.page.title", lang, name=name), "opening": say("panel.page.opening", lang)}
    texts |= {"lang": lang, "no_script": say("panel.page.no_script", lang)}
    escaped = {key: html.escape(text) for key, text in texts.items()}
    return File("text/html; charset=utf-8", FRAME.format_map(escaped).encode())


def part(path: str) -> File | None:
    """The file at a path, if there is one."""
    if path not in PARTS:
        return None
    package, name = PARTS[path]
    content = resources.files(package).joinpath(name).read_bytes()
    return File(KINDS[name[name.rindex(".") :]], content)
