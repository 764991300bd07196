"""Questions in a row: one is computed at a time, and a newer one of the same visitor stops the older."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Condition, Event, Thread
from typing import Any

MOST_WAITING = 8
"""Questions that wait for the one under way."""

Line = dict[str, Any]
Begin = Callable[[Callable[[], bool]], Iterator[Line]]
"""Begins the answer to a question; given what tells whether it is to stop."""


class BusyError(Exception):
    """Too many questions wait already."""


@dataclass(eq=False)
class Job:
    """A question under way or waiting.

    Parameters
    ----------
    visitor : str
        Who asks.
    begin : callable
        Begins the answer.
    lines : SimpleQueue
        What has been answered and not yet taken; None is the end.
    stop : Event
        Set when nobody wants the rest.
    """

    visitor: str
    begin: Begin
    lines: SimpleQueue[Line | None] = field(default_factory=SimpleQueue)
    stop: Event = field(default_factory=Event)


class Work:
    """One worker, and the questions that wait for it."""

    def __init__(self, failed: Callable[[Exception], Line]) -> None:
        self._failed = failed
        self._waiting: deque[Job] = deque()
        self._under_way: Job | None = None
        self._changed = Condition()
        Thread(target=self._run, name="funnelsim answers", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether a question is under way."""
        return self._under_way is not None

    def submit(self, visitor: str, begin: Begin) -> Job:
        """Put a question at the end of the row; older ones of the same visitor stop.

        Raises
        ------
        BusyError
            If the row is full.
        """
        job = Job(visitor, begin)
        with self._changed:
            self.forget(visitor)
            if len(self._waiting) >= MOST_WAITING:
                raise BusyError
            self._waiting.append(job)
            self._changed.notify_all()
        return job

    def forget(self, visitor: str) -> None:
        """Stop the questions of a visitor."""
        with self._changed:
            for each in [*self._waiting, *([self._under_way] if self._under_way else [])]:
                if each.visitor == visitor:
                    each.stop.set()
            for each in [each for each in self._waiting if each.stop.is_set()]:
                self._waiting.remove(each)
                each.lines.put(None)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._under_way = None
                self._changed.wait_for(lambda: self._waiting)
                job = self._under_way = self._waiting.popleft()
            self._answer(job)

    def _answer(self, job: Job) -> None:
        try:
            for line in job.begin(job.stop.is_set):
                job.lines.put(line)
                if job.stop.is_set():
                    break
        except Exception as error:  # noqa: BLE001  # the worker goes on to the next question
            job.lines.put(self._failed(error))
        finally:
            job.lines.put(None)
