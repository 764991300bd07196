"""Some of the checks on the reference engine too, which other tests show to be the twin of the compiled one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from . import checking as c
from . import test_customers_theory as customers
from . import test_decay as decay
from . import test_impatience as impatience
from . import test_networks as networks
from . import test_people as people
from . import test_pools as pools
from . import test_time as time

FAST: dict[str, Callable[[], None]] = {
    "patience": partial(impatience.test_exponential_patience, 3.0, 3, 1.0, 500.0),
    "a limit": partial(networks.test_constant_work_in_progress, networks.THINNING, 8, 400.0),
    "lists": partial(people.test_a_list_is_used_up, 150),
    "leavers": people.test_people_leave_and_seats_stay_empty,
    "contracts": customers.test_contracts_are_renewed_with_a_probability,
}
SLOW: dict[str, Callable[[], None]] = {
    "M/M/c": partial(pools.test_mmc, 1.0, 2, 2000.0),
    "priority": partial(pools.test_priority, 0.5, 1, 4000.0),
    "rework": partial(networks.test_open_network, networks.REWORK, 0.8, 1000.0),
    "nights": partial(time.test_leads_around_the_clock_served_eight_hours_a_day, 0.6, 3, 130),
    "half-life": partial(decay.test_half_life, "fifo", 2.0, 1.0, 500.0),
}
CASES = [
    *(pytest.param(check, id=name) for name, check in FAST.items()),
    *(pytest.param(check, id=name, marks=pytest.mark.slow) for name, check in SLOW.items()),
]


@pytest.mark.parametrize("check", CASES)
def test_on_the_reference_engine(check: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(c, "ENGINE", "simpy")
    monkeypatch.setattr(c, "TIMES", 1)  # more would take hours
    check()
