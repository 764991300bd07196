"""What `Scenario.panel` gives: the panel, or, without anywidget, a table and the command to type."""

from __future__ import annotations

import html
import shlex
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..words import say, speaking
from .names import number
from .session import Session

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


def panel(scenario: Scenario, lang: str | None) -> Any:
    """The panel of a line as a widget, or `Table`; nothing is computed and no server started by looking at it."""
    session = Session(scenario, lang, file=str(scenario.path or "FILE"))
    if find_spec("anywidget") is None:
        return Table(session)
    from .widget import Panel

    return Panel(session)


class Table:
    """What may be moved, with today's numbers, and how to open the page that moves it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _lines(self) -> list[str]:
        with speaking(self._session.lang):
            command = f"funnelsim app {shlex.quote(self._session.file)}"
            return [say("panel.table.page", command=command), say("panel.table.install")]

    def _rows(self) -> list[tuple[str, str, str]]:
        """Each open control: what it is, its number, its unit."""
        made = []
        with speaking(self._session.lang):
            for each in self._session.open_controls:
                unit = self._session.names.unit(each)
                made.append((self._session.names.label(each), number(each, each.today), unit))
        return made

    def __repr__(self) -> str:
        rows = (" ".join(row).rstrip() for row in self._rows())
        return "\n".join([*rows, *self._lines()])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in self._rows()
        )
        said = "".join(f"<p>{html.escape(line)}</p>" for line in self._lines())
        return f"<table>{rows}</table>{said}"
