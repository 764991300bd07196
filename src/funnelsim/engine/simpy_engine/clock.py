"""Time in SimPy as the model wants it: whole microseconds, and a documented order at one instant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import simpy

CALENDAR, WORK_ENDS, BUYER_ENDS, ARRIVAL, DISPATCH, EXPIRY = range(1, 7)
"""Classes of events at one instant, in the order they run.

Everything that one event causes at once (SimPy's own hops, of priority 0 and 1) runs before the next class.
"""

NEVER = 2**62


class Timer(simpy.Event):
    """An event at an instant, placed among others of that instant by class and serial number."""

    def __init__(self, clock: Clock, when: int, order: int, serial: int) -> None:
        self.env = clock
        self.callbacks: list[Callable[[Any], None]] = []
        self._ok = True
        self._value = None
        self._defused = False
        priority: Any = (order << 40) + serial  # SimPy's type knows its own two only
        clock.schedule(self, priority=priority, delay=when - clock.now)


class Clock(simpy.Environment):
    """A SimPy environment that counts microseconds and never schedules what cannot happen before the end."""

    def __init__(self, horizon: int) -> None:
        super().__init__(initial_time=0)
        self.horizon = horizon

    @property
    def now(self) -> int:
        """Microseconds since the start."""
        return self._now  # type: ignore[return-value]  # starts whole, and all delays are whole

    def sleep(self, when: int, order: int, serial: int) -> simpy.Event:
        """An event for a process to wait for; one that never comes if it lies beyond the horizon."""
        return Timer(self, when, order, serial) if when < self.horizon else self.event()

    def call(self, when: int, order: int, serial: int, then: Callable[[Any], None]) -> None:
        """Call ``then`` at an instant, unless that lies beyond the horizon."""
        if when < self.horizon:
            Timer(self, when, order, serial).callbacks.append(then)
