"""Time in SimPy as the model wants it: whole microseconds, and a documented order at one instant."""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

import simpy

from funnelsim.engine.codes import CLASS_BITS


class Timer(simpy.Event):
    """An event at an instant that is known from the start."""

    _ok = True  # SimPy looks at this pair when the instant has come
    _value: Any = None

    def __init__(self, clock: Clock, callbacks: list[Callable[[Any], None]]) -> None:
        self.env = clock
        self.callbacks = callbacks


class Clock(simpy.Environment):
    """A SimPy environment that counts microseconds and never schedules what cannot happen before the end.

    Events are placed among others of their instant by class and serial number.
    """

    now: int = 0  # microseconds since the start; in SimPy a property, which is slower

    def __init__(self, horizon: int) -> None:
        super().__init__(initial_time=0)
        self.horizon = horizon
        events: Any = self._queue  # SimPy's, whose times and priorities are whole numbers here
        self._events: list[tuple[int, int, int, simpy.Event]] = events

    def event(self) -> simpy.Event:
        """An event that somebody else will let happen."""
        return simpy.Event(self)

    def process(self, generator: Generator[Any, Any, Any]) -> simpy.Process:
        """Start a process."""
        return simpy.Process(self, generator)

    def sleep(self, when: int, order: int, serial: int) -> simpy.Event:
        """An event for a process to wait for; one that never comes if it lies beyond the horizon."""
        timer = Timer(self, [])
        if when < self.horizon:
            heappush(self._events, (when, (order << CLASS_BITS) + serial, next(self._eid), timer))
        return timer

    def call(self, when: int, order: int, serial: int, then: Callable[[Any], None]) -> None:
        """Call ``then`` at an instant, unless that lies beyond the horizon."""
        if when < self.horizon:
            heappush(self._events, (when, (order << CLASS_BITS) + serial, next(self._eid), Timer(self, [then])))

    def ring(self, bell: simpy.Event, value: Any, when: int, order: int, serial: int) -> None:
        """Let an event that others wait for happen at an instant, unless that lies beyond the horizon."""
        bell._ok, bell._value = True, value
        if when < self.horizon:
            heappush(self._events, (when, (order << CLASS_BITS) + serial, next(self._eid), bell))

    def advance(self, until: int) -> None:
        """Let everything happen that lies before a moment.

        The same as SimPy's ``run(until)``, whose call of a function for each event takes a tenth of a run.
        """
        events = self._events
        while events and events[0][0] < until:
            self.now, _, _, event = heappop(events)
            self._now = self.now
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]  # as SimPy has it
            for callback in callbacks:
                callback(event)
            if not event._ok and not event.defused:
                raise event._value
        self.now = self._now = until
