"""The main line of `mid_market` as one would write it in bare SimPy, with its own random numbers for each run.

Idioms of that library: a process for each lead and each customer, a resource for each team, time in working hours
(delays of the buyer are scaled to them), dialling as work of low priority, empty seats as work that comes first.
It leaves out what makes a lead or a rep an individual: quality, skill, ramps, ageing, context lost, concessions,
health; and referrals.
"""

from __future__ import annotations

import math
import random
from collections.abc import Generator
from typing import Any

import simpy

Steps = Generator[simpy.Event, Any, None]

MONTH = 163.6  # working hours
DAY = MONTH / 30.44  # working hours of a calendar day
BUSINESS_DAY = 8.0
YEAR = 12 * MONTH
DIALLING = 0.5  # hours of a block of outbound calls
LAST, FIRST = 1e12, -1e12  # priorities

DEAL = (  # hours of field sales, median days of the buyer, share that goes on
    ((15 + 89) / 60, None, 0.48),
    (0.0, 7.5, 0.70),
    (107 / 60, 13.0, 0.65),
    (4.0, 16.0, 0.70),
    (4.0, 22.0, 0.75),
    (2.0, None, 1.0),
)


class Company:
    """One run.

    Parameters
    ----------
    seed : int
        Of the random numbers of this run.
    field_sales : int
        Field reps.
    """

    def __init__(self, seed: int, field_sales: int) -> None:
        self.random = random.Random(seed)
        self.environment = simpy.Environment()
        self.inside = simpy.PriorityResource(self.environment, 6)
        self.field = simpy.PriorityResource(self.environment, field_sales)
        self.success = simpy.PriorityResource(self.environment, 7)
        self.won: list[float] = []

    def run(self, months: float) -> list[float]:
        """Hours at which deals were won."""
        start = self.environment.process
        start(self.leads())
        for _ in range(self.inside.capacity):
            start(self.dials())
            start(self.seat(self.inside, 0.34, 30))
        for _ in range(self.field.capacity):
            start(self.seat(self.field, 0.25, 41))
        for joins in (0, 0, 0, 0, 9, 18, 27):  # customer success grows: months until each seat is filled
            start(self.seat(self.success, 0.18, 35, joins * MONTH))
        for _ in range(240):
            start(self.customer(self.random.uniform(0, MONTH)))
        self.environment.run(months * MONTH)
        return self.won

    # --- people ---------------------------------------------------------------------------------------------

    def seat(self, team: simpy.PriorityResource, leaving: float, days: float, empty: float = 0.0) -> Steps:
        """A seat that is empty now and then, as long as hiring takes."""
        while True:
            with team.request(FIRST) as held:
                yield held
                yield self.environment.timeout(empty)
            yield self.environment.timeout(self.random.expovariate(leaving / YEAR))
            empty = days * DAY

    def work(self, team: simpy.PriorityResource, share: float, hours: float, cv: float, priority: float) -> Steps:
        """Work of so many hours on the average, of which a rep gives a share of the day to it."""
        with team.request(priority) as held:
            yield held
            yield self.environment.timeout(self.random.gammavariate(1 / cv**2, hours * cv**2) / share)

    def call(self, minutes: float) -> Steps:
        """Work of inside sales, the newest lead first."""
        return self.work(self.inside, 0.45, minutes / 60, 0.5, -self.environment.now)

    def serve(self, hours: float) -> Steps:
        """Work of customer success, what came first first."""
        return self.work(self.success, 0.65, hours, 0.5, self.environment.now)

    def passes(self, share: float) -> bool:
        """Whether luck is good."""
        return self.random.random() < share

    # --- leads ----------------------------------------------------------------------------------------------

    def leads(self) -> Steps:
        """Inbound leads, 500 a month."""
        while True:
            yield self.environment.timeout(self.random.expovariate(500 / MONTH))
            self.environment.process(self.lead())

    def dials(self) -> Steps:
        """Blocks of outbound calls of one rep, when there is nothing else to do."""
        dials = DIALLING * 0.45 / (4 / 60)
        while True:
            with self.inside.request(LAST) as held:
                yield held
                yield self.environment.timeout(DIALLING)
            if self.passes(1 - (1 - 0.0035) ** dials):
                self.environment.process(self.deal())

    def lead(self) -> Steps:
        """From the first look to the qualification call."""
        yield from self.call(6)
        if not self.passes(0.30):
            return
        for _ in range(7 if self.passes(0.4) else 6):
            yield from self.call(6)
            yield self.environment.timeout(BUSINESS_DAY)
        if self.passes(0.60):
            yield from self.qualified()
        else:
            yield from self.call(6)  # kept warm

    def qualified(self) -> Steps:
        """The qualification call, and the handoff."""
        yield from self.call(30)
        if self.passes(0.633):
            yield from self.deal()
        else:
            yield from self.call(6)

    def deal(self) -> Steps:
        """From the first meeting to the contract, the largest value times chance first."""
        value = self.random.lognormvariate(math.log(27_000), 0.7)
        chance = math.prod(share for _, _, share in DEAL)
        yield from self.call(35)
        yield self.environment.timeout(2 * BUSINESS_DAY)
        if self.passes(0.02):
            return
        for hours, days, share in DEAL:
            if hours:
                yield from self.work(self.field, 0.35, hours, 0.5 if hours < 4 else 0.9, -value * chance)
            if days:
                yield self.environment.timeout(self.random.lognormvariate(math.log(days * DAY), 0.7))
            if not self.passes(share):
                return
            chance /= share
        self.won.append(self.environment.now)
        self.environment.process(self.customer(7 * DAY, onboarding=6))

    # --- customers ------------------------------------------------------------------------------------------

    def customer(self, since: float, onboarding: int = 0) -> Steps:
        """Onboarding, and all that keeps customer success busy until the customer leaves."""
        yield self.environment.timeout(since)
        for _ in range(onboarding):
            yield from self.serve(2)
            yield self.environment.timeout(3 * BUSINESS_DAY)
        leaves = self.environment.now + self.random.expovariate(0.0087 / MONTH)
        self.environment.process(self.wishes(leaves))
        month = 0
        while self.environment.now < leaves:
            yield self.environment.timeout(MONTH)
            month += 1
            yield from self.serve(1 if month % 12 else 3)  # once a year a renewal comes with it

    def wishes(self, leaves: float) -> Steps:
        """Complaints, every other customer once a year, and wishes to buy more, one in four."""
        while True:
            yield self.environment.timeout(self.random.expovariate(0.75 / YEAR))
            if self.environment.now >= leaves:
                return
            if self.passes(0.5 / 0.75):
                yield from self.serve(1.5)
                continue
            yield from self.serve(1)
            if self.passes(0.5):
                self.won.append(self.environment.now)


def wins(seed: int, field_sales: int, months: float = 36, warmup: float = 6) -> int:
    """Deals won after the warm-up."""
    return sum(when >= warmup * MONTH for when in Company(seed, field_sales).run(months))
