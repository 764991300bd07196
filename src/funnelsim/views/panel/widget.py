"""The panel in a notebook, by anywidget: questions are computed in a thread, and answers sent as they come."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

import anywidget
import traitlets

from .refusals import RefusedError
from .session import Session
from .work import Job, Work

VISITOR = "notebook"
"""A widget has one visitor, so a newer question stops the older."""

HERE = Path(__file__).parent


class Panel(anywidget.AnyWidget):
    """The what-if panel of a line.

    Parameters
    ----------
    session : Session
        Answers the questions.
    """

    _esm = HERE / "panel.js"
    _css = HERE / "panel.css"
    panel = traitlets.Dict().tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)
    host = traitlets.Unicode("notebook").tag(sync=True)

    def __init__(self, session: Session) -> None:
        super().__init__(panel=session.describe())
        self._session = session
        self._work = Work(session.failed)
        self.on_msg(self._heard)

    def _heard(self, _: Any, message: Any, __: Any) -> None:
        """Answer a message of the panel."""
        match message:
            case {"kind": "stop"}:
                self._work.forget(VISITOR)
            case {"kind": "ask", "id": number, "numbers": dict(numbers)}:
                self._ask(number, numbers)
            case {"kind": "lever", "id": number, "numbers": dict(numbers)}:
                try:
                    self.send({"kind": "lever", "id": number, **self._session.lever(numbers)})
                except RefusedError as error:
                    self._refuse(number, error)

    def _ask(self, number: Any, numbers: dict[str, float]) -> None:
        try:
            question = self._session.question(numbers)
        except RefusedError as error:
            return self._refuse(number, error)
        job = self._work.submit(VISITOR, lambda stop: self._session.answers(question, stop))
        Thread(target=self._forward, args=(number, job), daemon=True).start()
        return None

    def _forward(self, number: Any, job: Job) -> None:
        while (line := job.lines.get()) is not None:
            self.send({**line, "id": number})

    def _refuse(self, number: Any, error: RefusedError) -> None:
        self.send({"kind": "error", "id": number, "text": str(error), "control": error.control})
