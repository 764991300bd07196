"""Reading reports as a strict reader does: balanced elements, ids, addresses, and what could run."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "img", "input", "hr"}
ADDRESSES = ("href", "src", "action", "xlink:href", "formaction", "srcset", "data", "poster", "background")

SAID = ("aria-label", "content")
"""Attributes that are read out, whatever stands in them."""


class Page(HTMLParser):
    """What is in a page; `wrong` tells what a report must not have."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.wrong: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.language = ""
        self.policy = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        if self._open:
            self.wrong.append(f"not closed: {self._open}")

    @property
    def text(self) -> str:
        """All that is shown."""
        return " ".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        given = dict(attrs)
        self.ids.update([given["id"] or ""] if given.get("id") else [])
        self.language = (given.get("lang") or "") if tag == "html" else self.language
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (value or "").strip().lower().startswith("javascript:"):
                self.wrong.append(f"<{tag} {name}={value}>")
            if name in ADDRESSES or ("://" in (value or "") and name not in ("xmlns", *SAID)):
                self.links.append(value or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.scripts.append(data)
        elif self._open and self._open[-1] != "style":
            self.texts.append(data)


def read(path: Path) -> Page:
    """A report, of which all is checked that holds for any."""
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert page.wrong == []
    assert [name for name, count in page.ids.items() if count > 1] == []
    assert [link for link in page.links if not link.startswith("#")] == []
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert "default-src 'none'" in page.policy
    assert page.language in ("en", "ja")
    for barred in ("iframe", "object", "embed", "form", "base", "link", "img"):
        assert barred not in page.tags
    return page
