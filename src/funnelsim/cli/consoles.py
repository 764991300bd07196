"""The console that everything is printed on; on its own, since importing rich takes longer than printing help."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.segment import Segment

from funnelsim.text import visible


class PlainConsole(Console):
    """A console that shows what text holds and obeys none of it: escapes, reversed writing, hidden characters."""

    def render(self, *args: Any, **options: Any) -> Iterable[Segment]:
        for segment in super().render(*args, **options):
            yield segment if segment.control else Segment(visible(segment.text, breaks=True), segment.style)
