"""The benchmark's tandem as others would write it: in bare SimPy, in Ciw, and in cimba.

Four pooled stages, 40 leads a day; in days. ``hard`` is M2: the best score first, exponential patience, and shifts
of 8 of 24 h at whose end work is paused.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple

import simpy

REPS = (14, 10, 6, 4)
MEANS = (0.30, 0.50, 0.60, 0.80)
PASSES = (0.45, 0.50, 0.40, 1.0)
PATIENCE = 10.0
SHIFT = 8 / 24

OPENS = 9 / 24
"""When a shift of M2 begins, as a share of the day."""


class Row(NamedTuple):
    """What is measured: a name, the days it simulates, and what runs them once and says how many leads it had."""

    name: str
    days: int
    run: Callable[[int], int]


def bare_simpy(days: int, hard: bool) -> Row:
    """The tandem as a SimPy user would write it: one process a lead, one resource a stage."""

    def run(seed: int) -> int:
        rng = random.Random(seed)
        environment = simpy.Environment()
        kind = simpy.PriorityResource if hard else simpy.Resource
        reps = [kind(environment, capacity=number) for number in REPS]
        leads = 0

        def work(mean: float) -> Generator[simpy.Event, None, None]:
            if not hard:
                yield environment.timeout(rng.expovariate(1 / mean))
                return
            left = rng.expovariate(1 / (mean * SHIFT))  # paused while closed: from a third to two thirds of a day
            while left > 0:
                of_day = environment.now % 1.0
                if of_day < SHIFT or of_day >= 2 * SHIFT:
                    yield environment.timeout((SHIFT - of_day) % 1.0 + 1e-9)
                    continue
                part = min(left, 2 * SHIFT - of_day)
                yield environment.timeout(part + 1e-9)
                left -= part

        def lead() -> Generator[simpy.Event, None, None]:
            score = rng.gauss(0, 1)
            for k in range(len(REPS)):
                request = reps[k].request(priority=-score) if hard else reps[k].request()
                with request as mine:
                    if hard:
                        heard = yield mine | environment.timeout(rng.expovariate(1 / PATIENCE))
                        if mine not in heard:
                            return
                    else:
                        yield mine
                    yield from work(MEANS[k])
                if rng.random() >= PASSES[k]:
                    return

        def arrivals() -> Generator[simpy.Event, None, None]:
            nonlocal leads
            while True:
                yield environment.timeout(rng.expovariate(40.0))
                leads += 1
                environment.process(lead())

        environment.process(arrivals())
        environment.run(until=days)
        return leads

    return Row("bare SimPy", days, run)


class Times(NamedTuple):
    """What a Ciw model says of each lead that came and left within it, in days."""

    created: list[float]
    ended: list[float]
    expired: list[bool]


def ciw_network(hard: bool) -> Any:
    """The tandem as a network of Ciw."""
    import ciw

    exponential, stages = ciw.dists.Exponential, range(len(REPS))
    ways = [[passes if after == stage + 1 else 0.0 for after in stages] for stage, passes in enumerate(PASSES)]
    arrivals = [exponential(40.0), *(None for _ in stages[1:])]
    if not hard:
        services = [exponential(1 / mean) for mean in MEANS]
        return ciw.create_network(
            arrival_distributions=arrivals,
            service_distributions=services,
            routing=ways,
            number_of_servers=list(REPS),
        )
    ends = [OPENS, OPENS + SHIFT, 1.0]
    return ciw.create_network(
        arrival_distributions=arrivals,
        service_distributions=[exponential(1 / (mean * SHIFT)) for mean in MEANS],
        routing=ways,
        number_of_servers=[ciw.Schedule([0, reps, 0], ends, preemption="resume") for reps in REPS],
        reneging_time_distributions=[exponential(1 / PATIENCE) for _ in stages],
        service_disciplines=[_best_score for _ in stages],
    )


def _best_score(waiting: Sequence[Any], _now: float) -> Any:
    """Ciw's order of service for M2; a lead gets its score when it is first asked for."""
    for lead in waiting:
        if not hasattr(lead, "score"):
            lead.score = random.gauss(0, 1)
    return max(waiting, key=lambda lead: lead.score)


def run_ciw(network: Any, days: float, seed: int) -> Any:
    """Ciw's simulation of a network, run to the end."""
    import ciw

    class Node(ciw.Node):  # type: ignore[misc]  # Ciw has no types
        """A lead whose service is paused does not lose patience."""

        def interrupt_service(self, individual: Any) -> None:
            super().interrupt_service(individual)
            individual.reneging_date = math.inf

    ciw.seed(seed)
    simulation = ciw.Simulation(network, node_class=Node)
    simulation.simulate_until_max_time(days)
    return simulation


def times_in_ciw(simulation: Any) -> Times:
    """When each lead that left came and left, and whether its patience ended it."""
    leads: dict[int, list[Any]] = {}
    for record in simulation.get_all_records(only=["service", "renege"]):
        leads.setdefault(record.id_number, []).append(record)
    gone = {each.id_number for each in simulation.nodes[-1].all_individuals}
    visits = [sorted(leads[name], key=lambda record: record.exit_date) for name in leads if name in gone]
    return Times(
        [each[0].arrival_date for each in visits],
        [each[-1].exit_date for each in visits],
        [each[-1].record_type == "renege" for each in visits],
    )


def ciw_row(days: int, hard: bool) -> Row | None:
    """Ciw on the tandem; None where it is not installed."""
    try:
        network = ciw_network(hard)
    except ImportError:
        return None

    def run(seed: int) -> int:
        simulation = run_ciw(network, days, seed)
        return int(simulation.nodes[0].number_of_individuals)

    return Row("Ciw", days, run)


def cimba_row(days: int) -> Row | None:
    """Cimba on M1; None where it is not installed."""
    try:
        import cimba_line
    except ImportError:
        return None
    return Row("cimba, from Python, one process a lead", days, lambda seed: cimba_line.run(days, seed))
