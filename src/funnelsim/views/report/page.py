"""A report as one HTML file, which needs nothing outside it, leads nowhere, and has a style of its own only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import resources
from typing import Any

from ..onefile import as_text as _text
from ..onefile import json_block, policy
from ..words import language, say
from .blocks import Block, Cell, Group, Head, Listing, Part, Picture, Row, Table, Text, Viewer
from .drawn import as_svg

TYPED = re.compile("`([^`]+)`")
"""What is to be typed, such as the name of a command."""

BRACKETS = re.compile(r"(.+?) ?([(\uff08][^()\uff08\uff09]+[)\uff09])")
"""A figure with what stands in brackets behind it."""

KINDS = {"question": "question", "lead": "lead", "note": "note", "code": "code"}
"""Classes of paragraphs."""


def page(title: str, subtitle: str, main: Sequence[Part], appendix: Sequence[Part], foot: Sequence[str]) -> str:
    """The whole file.

    Parameters
    ----------
    title, subtitle : str
        What stands at the top.
    main, appendix : sequence of Part
        The sections.
    foot : sequence of str
        What made it, at the end of the page.
    """
    style, script = _own("report.css"), _own("viewer.js")
    viewed = any(isinstance(block, Viewer) for _, _, blocks in main for block in blocks)
    body = "".join(
        (
            f"<header><p class='kicker'>{_text(subtitle)}</p><h1>{_text(title)}</h1></header>",
            "<main>",
            *(_section(part) for part in main[:1]),
            _contents([*main[1:], *appendix]),
            *(_section(part) for part in main[1:]),
            *([f"<h2 class='divider'>{_text(say('report.appendix'))}</h2>"] if appendix else []),
            *(_section(part, "appendix") for part in appendix),
            "</main>",
            f"<footer>{''.join(f'<p>{_text(line)}</p>' for line in foot)}</footer>",
            f"<script>{script}</script>" if viewed else "",
        )
    )
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, script if viewed else "")}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _own(name: str) -> str:
    """A file of this room."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


# --- sections and blocks --------------------------------------------------------------------------------------


def _contents(parts: Sequence[Part]) -> str:
    if not parts:
        return ""
    links = "".join(f'<li><a href="#{name}">{_text(head)}</a></li>' for name, head, _ in parts)
    return f'<nav aria-label="{_text(say("report.contents"))}"><ul>{links}</ul></nav>'


def _section(part: Part, kind: str = "") -> str:
    name, head, blocks = part
    inside = written(blocks, name)
    return (
        f'<section id="{name}" class="{kind or name}" aria-labelledby="{name}-head">'
        f'<h2 id="{name}-head">{_text(head)}</h2>{inside}</section>'
    )


def written(blocks: Iterable[Block], section: str) -> str:
    """Blocks as HTML; tables and pictures of the same name are numbered, as each has ids that begin with it."""
    seen: Counter[str] = Counter()
    made = []
    for block in blocks:
        if isinstance(block, Table | Picture):
            seen[block.name] += 1
            if seen[block.name] > 1:
                block = replace(block, name=f"{block.name}_{seen[block.name]}")
        made.append(_block(block, section))
    return "".join(made)


def _block(block: Block, section: str) -> str:
    write: dict[type, Callable[[Any], str]] = {
        Text: _paragraph,
        Head: lambda each: f"<h3>{_text(each.text)}</h3>",
        Listing: lambda each: f"<ul>{''.join(f'<li>{_prose(item)}</li>' for item in each.items)}</ul>",
        Table: lambda each: _table(each, section),
        Picture: lambda each: _picture(each, section),
        Viewer: lambda each: _viewer(each),
    }
    return write[type(block)](block)


def _paragraph(each: Text) -> str:
    kind = f' class="{KINDS[each.kind]}"' if each.kind else ""
    return f"<p{kind}>{_prose(each.text)}</p>"


def _prose(text: str) -> str:
    """Sentences, in which what is typed stands between backticks."""
    return TYPED.sub(r"<code>\1</code>", _text(text))


def _picture(each: Picture, section: str) -> str:
    drawn = as_svg(each, f"{section}-{each.name}")
    wide = f'<p class="wide">{_text(say("report.wide"))}</p>'  # shown where the page is too narrow
    label = _text(each.title)
    return f'{wide}<figure class="picture" tabindex="0" role="group" aria-label="{label}">{drawn}</figure>'


def _table(each: Table, section: str) -> str:
    figures = _figure_columns(each)
    heads = "".join(
        f'<th scope="col"{" class=figure" if at in figures else ""}>{_text(head)}</th>'
        for at, head in enumerate(each.heads)
    )
    rows = "".join(_row(each, row, at, figures) for at, row in enumerate(each.rows))
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{_text(each.caption)}">'
        f'<table id="{section}-{each.name}">'
        f"<caption>{_text(each.caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _figure_columns(each: Table) -> frozenset[int]:
    """Columns that hold figures, which are set right."""
    return frozenset(
        at
        for row in each.rows
        if not isinstance(row, Group)
        for at, cell in enumerate(row)
        if isinstance(cell, Cell)
    )


def _row(table: Table, row: Row | Group, at: int, figures: frozenset[int]) -> str:
    if isinstance(row, Group):
        return f'<tr class="group"><th scope="rowgroup" colspan="{len(table.heads)}">{_text(row.text)}</th></tr>'
    cells = "".join(_cell(cell, place, place in figures) for place, cell in enumerate(row))
    return f"<tr{' class=mark' if at == table.mark else ''}>{cells}</tr>"


def _cell(cell: str | Cell, place: int, is_figure: bool) -> str:
    text = _text(cell.text if isinstance(cell, Cell) else cell)
    if is_figure:
        text = _in_two(text)
    if place == 0 and not isinstance(cell, Cell):
        return f'<th scope="row">{text}</th>'
    return f"<td class=figure>{text}</td>" if is_figure else f"<td>{text}</td>"


def _in_two(text: str) -> str:
    """A figure and its interval in brackets, between which alone a line may end."""
    found = BRACKETS.fullmatch(text)
    return text if found is None else f"<span>{found[1]}</span> <span>{found[2]}</span>"


def _viewer(each: Viewer) -> str:
    """Lists of values to choose from, which the script fills with life; without it they are not shown."""
    chosen = dict(zip((name for name, _ in each.controls), each.answers[each.start][0], strict=True))
    fields = "".join(
        f"<label>{_text(name)} <select>{''.join(_options(values, chosen[name]))}</select></label>"
        for name, values in each.controls
    )
    heads = "".join(f"<th scope=col>{_text(head)}</th>" for head in each.heads)
    data = json_block({"answers": [{"at": at, "rows": rows} for at, rows in each.answers]})
    return (
        f'<div id="viewer" hidden>{fields}<div class="table" aria-live="polite"><table><thead><tr>{heads}</tr>'
        f"</thead><tbody></tbody></table></div></div>"
        f'<script type="application/json" id="viewer-data">{data}</script>'
    )


def _options(values: Sequence[str], chosen: str) -> Iterator[str]:
    for value in values:
        yield f"<option{' selected' if value == chosen else ''}>{_text(value)}</option>"
