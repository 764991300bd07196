"""Long work whose progress is told line by line while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from ...panel.work import Line

if TYPE_CHECKING:
    from funnelsim.experiments.running.laboratory import Progress

STEP = 0.01
"""The share of a step after which its progress is told anew."""


@dataclass
class Steps:
    """The steps of some work, and how far it is.

    Parameters
    ----------
    stop : callable
        Gives something true where nobody wants the rest.
    tell : callable
        Takes the number of the step, from 1 on, and the share of it that is done.
    """

    stop: Callable[[], object]
    tell: Callable[[int, float], object]
    number: int = field(default=0, init=False)

    def next(self) -> Progress:
        """Begin the next step: what its work is given to tell how far it is.

        Work that begins to count anew, as for runs to a day, takes a further step by itself.
        """
        self.number += 1
        last = -STEP

        def progress(done: float, planned: int) -> bool:
            nonlocal last
            share = done / planned if planned else 0.0
            if share < last:
                self.number += 1
                last = -STEP
            if share >= last + STEP:
                last = share
                self.tell(self.number, share)
            return not self.stop()

        return progress  # type: ignore[return-value]  # False stops the work


def telling(
    work: Callable[[Steps], Line], stop: Callable[[], object], said: Callable[[int, float], Line]
) -> Iterator[Line]:
    """The lines of some work: how far it is, and then what it comes to; no last line if it was stopped.

    Parameters
    ----------
    work : callable
        Done in a thread of its own.
    stop : callable
        Asked as often as progress is told.
    said : callable
        The line for the number of a step and its share.
    """
    lines: SimpleQueue[Line | Exception | None] = SimpleQueue()
    steps = Steps(stop, lambda number, share: lines.put(said(number, share)))

    def done() -> None:
        try:
            lines.put(work(steps))
        except KeyboardInterrupt:  # how work ends that was stopped
            pass
        except Exception as error:  # noqa: BLE001  # raised where the lines are read
            lines.put(error)
        finally:
            lines.put(None)

    thread = Thread(target=done, name="funnelsim closer look", daemon=True)
    thread.start()
    try:
        while (line := lines.get()) is not None:
            if isinstance(line, Exception):
                raise line
            yield line
    finally:  # only one answer is computed at a time
        thread.join()
