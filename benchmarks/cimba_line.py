"""The benchmark's M1 in cimba, with a process for each lead, as its Python binding has it (see `peers`)."""

from __future__ import annotations

import cimba as cb
from cimba import random
from peers import MEANS, PASSES, REPS

ARRIVAL = 1 / 40
FIRST, SECOND, THIRD, FOURTH = MEANS
AFTER_FIRST, AFTER_SECOND, AFTER_THIRD, _ = PASSES


class Line(cb.Model):
    """Four pools of reps, and where leads come from."""

    first: cb.Resource
    second: cb.Resource
    third: cb.Resource
    fourth: cb.Resource
    leads: cb.Output[int]

    @cb.process
    def arrivals(self) -> None:
        """Leads, 40 a day."""
        while True:
            cb.hold(random.exponential(ARRIVAL))
            self.leads += 1
            cb.spawn(Lead, line=self)


class Lead(cb.Model):
    """One lead."""

    line: cb.Ref[Line]

    @cb.process
    def journey(self) -> None:
        """From stage to stage."""
        line = self.line
        line.first.acquire()
        cb.hold(random.exponential(FIRST))
        line.first.release()
        if random.uniform() >= AFTER_FIRST:
            return
        line.second.acquire()
        cb.hold(random.exponential(SECOND))
        line.second.release()
        if random.uniform() >= AFTER_SECOND:
            return
        line.third.acquire()
        cb.hold(random.exponential(THIRD))
        line.third.release()
        if random.uniform() >= AFTER_THIRD:
            return
        line.fourth.acquire()
        cb.hold(random.exponential(FOURTH))
        line.fourth.release()


def run(days: int, seed: int) -> int:
    """Run the line on one processor; how many leads it had."""
    line = Line()
    for name, number in zip(("first", "second", "third", "fourth"), REPS, strict=True):
        setattr(line, name, cb.Resource(capacity=number))
    experiment = cb.Experiment(line, replications=1, window=cb.Window(duration=float(days)), seed=seed)
    return int(experiment.run(workers=1)[line].leads.values[0, 0])
