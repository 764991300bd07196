"""The formulas themselves, against published values, special cases and brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from . import exact, periodic
from . import formulas as f


def test_erlang_b_and_c_match_published_tables() -> None:
    assert f.erlang_b(10, 4.461) == pytest.approx(0.01, abs=2e-5)  # the standard 1 % table
    assert f.erlang_b(5, 1.361) == pytest.approx(0.01, abs=2e-5)
    assert f.erlang_b(1, 1.0) == 0.5
    assert f.erlang_c(1, 0.7) == pytest.approx(0.7)
    assert f.erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert f.erlang_c(3, 2.0) == pytest.approx(4 / 9)


def test_orders_of_service_agree_on_the_mean_and_rank_the_second_moment() -> None:
    fifo, lifo, random = (g(0.8, 1.0, 1) for g in (f.mmc_fifo, f.mmc_lifo, f.mmc_random_order))
    assert fifo.first == pytest.approx(lifo.first) == pytest.approx(random.first) == pytest.approx(4.0)
    assert (fifo.second, lifo.second) == (pytest.approx(40.0), pytest.approx(200.0))
    assert random.second == pytest.approx(200 / 3)  # 66.67


def test_random_order_second_moment_against_the_chain_of_a_tagged_lead() -> None:
    """A tagged lead among n waiting: brute-force moments of its wait, weighted by what an arrival finds."""
    arrivals, servers, size = 2.1, 3, 400
    pool = float(servers)
    total = arrivals + pool
    n = np.arange(size)  # others waiting with the tagged lead
    up = np.full(size - 1, arrivals / total)
    down = pool / total * n[1:] / (n[1:] + 1)  # served is one of the others
    stay = np.zeros(size)
    stay[-1] = arrivals / total
    step = np.diag(up, 1) + np.diag(down, -1) + np.diag(stay)
    first = np.linalg.solve(np.eye(size) - step, np.full(size, 1 / total))
    second = np.linalg.solve(np.eye(size) - step, 2 * first / total)
    load = arrivals / pool
    found = f.erlang_c(servers, arrivals) * (1 - load) * load**n
    exact = f.mmc_random_order(arrivals, 1.0, servers)
    assert (float(found @ first), float(found @ second)) == (
        pytest.approx(exact.first, rel=1e-8),
        pytest.approx(exact.second, rel=1e-8),
    )


def test_half_life_approaches_the_mean_wait_for_long_half_lives() -> None:
    for decayed, waits in ((f.half_life_fifo, f.mmc_fifo), (f.half_life_lifo, f.mmc_lifo)):
        rate = math.log(2) / 1e5
        exact = 1 - rate * waits(2.0, 1.0, 3).first + rate**2 / 2 * waits(2.0, 1.0, 3).second
        assert decayed(2.0, 1.0, 3, 1e5) == pytest.approx(exact, abs=1e-12)


def test_power_decay_with_its_limits() -> None:
    assert f.power_decay_fifo(2.0, 1.0, 3, f.PowerDecay(1.0, 1.0, 2.0)) == pytest.approx(1.0)
    almost_exponential = f.PowerDecay(0.0, 1e6 / math.log(2), 1e6)  # (1 + x/n)**-n tends to exp(-x)
    assert f.power_decay_fifo(2.0, 1.0, 3, almost_exponential) == pytest.approx(
        f.half_life_fifo(2.0, 1.0, 3, 1.0), rel=1e-5
    )


def test_erlang_a_matches_the_published_call_centre() -> None:
    """50 agents, 48 calls a minute of 1 minute, mean patience 2 minutes (Garnett and others 2002)."""
    result = f.mmc_exponential_patience(48.0, 1.0, 50, 2.0)
    assert result.abandoned == pytest.approx(0.031, abs=5e-4)
    assert result.wait * 60 == pytest.approx(3.7, abs=0.05)  # seconds
    assert result.utilisation == pytest.approx(0.93, abs=5e-3)
    assert f.mmc_fifo(48.0, 1.0, 50).first * 60 == pytest.approx(20.8, abs=0.05)


@pytest.mark.parametrize("arrivals", [1.5, 2.5, 4.0])
def test_general_patience_covers_both_special_cases(arrivals: float) -> None:
    def exponential(w: float) -> float:
        return math.exp(-w / 0.7)

    quadrature = f.mmc_patience(arrivals, 1.0, 3, exponential, 40.0)
    assert quadrature == pytest.approx(f.mmc_exponential_patience(arrivals, 1.0, 3, 0.7), rel=1e-6)
    constant = f.mmc_patience(arrivals, 1.0, 3, lambda w: float(w < 0.7), 40.0)
    assert constant == pytest.approx(f.mmc_constant_patience(arrivals, 1.0, 3, 0.7), rel=5e-4)


def test_pollaczek_khinchine_against_mm1_and_md1() -> None:
    assert f.mg1(0.8, (1.0, 2.0, 6.0)) == pytest.approx(f.mmc_fifo(0.8, 1.0, 1))
    assert f.mg1(0.8, (1.0, 1.0, 1.0)).first == pytest.approx(f.mmc_fifo(0.8, 1.0, 1).first / 2)


def test_lognormal_moments_by_sampling_its_quantiles() -> None:
    from scipy.stats import lognorm

    sigma = math.sqrt(math.log(1 + 1.5**2))
    law = lognorm(sigma, scale=math.exp(-(sigma**2) / 2))
    assert f.lognormal_moments(1.0, 1.5) == pytest.approx([law.moment(k) for k in (1, 2, 3)], rel=1e-9)


def test_gm1_with_its_special_cases() -> None:
    assert f.gm1(1.0, lambda s: 0.8 / (0.8 + s)) == pytest.approx(f.mmc_fifo(0.8, 1.0, 1))
    regular = f.gm1(1.0, lambda s: math.exp(-2 * s))  # D/M/1 at half load: sigma is 0.20319
    assert regular.first == pytest.approx(0.20319 / 0.79681, abs=2e-5)


def test_batches_against_the_chain_of_the_number_in_the_system() -> None:
    assert f.batches_mm1(0.8, 1.0, 1) == pytest.approx(f.mmc_fifo(0.8, 1.0, 1).first)
    size, batches, batch = 300, 0.2, 3
    n = np.arange(size)
    generator = np.diag(np.ones(size - 1), -1)
    for k in range(size - batch):
        generator[k, k + batch] += batches
    generator -= np.diag(generator.sum(axis=1))
    system = generator.T.copy()
    system[0] = 1.0
    chance = np.linalg.solve(system, np.eye(size)[0])
    waiting = float(chance @ np.maximum(n - 1, 0))
    assert f.batches_mm1(batches, 1.0, batch) == pytest.approx(waiting / (batches * batch))


def test_priority_conserves_work_and_reduces_to_one_class() -> None:
    waits = f.mmc_priority([0.6, 1.4], 1.0, 3)
    fifo = f.mmc_fifo(2.0, 1.0, 3).first
    assert 0.3 * waits[0] + 0.7 * waits[1] == pytest.approx(fifo)
    assert f.mmc_priority([2.0], 1.0, 3) == pytest.approx([fifo])
    assert f.mg1_priority([0.3, 0.5], [(1.0, 2.0), (1.0, 2.0)]) == pytest.approx(
        f.mmc_priority([0.3, 0.5], 1.0, 1)
    )


def test_priority_against_a_truncated_chain() -> None:
    """Two classes in M/M/1 by solving the chain of (in service or not, first waiting, second waiting)."""
    rates, size = (0.2, 0.3), 24
    states = [(0, 0, 0)] + [(1, i, j) for i in range(size) for j in range(size)]
    index = {state: k for k, state in enumerate(states)}
    generator = np.zeros((len(states), len(states)))

    def move(a: tuple[int, int, int], b: tuple[int, int, int], rate: float) -> None:
        if b in index:
            generator[index[a], index[b]] += rate
            generator[index[a], index[a]] -= rate

    for busy, i, j in states:
        if not busy:
            move((0, 0, 0), (1, 0, 0), sum(rates))
            continue
        move((1, i, j), (1, i + 1, j), rates[0])
        move((1, i, j), (1, i, j + 1), rates[1])
        after = (1, i - 1, j) if i else (1, i, j - 1) if j else (0, 0, 0)
        move((1, i, j), after, 1.0)
    system = generator.T.copy()
    system[0] = 1.0
    chance = np.linalg.solve(system, np.eye(len(states))[0])
    queues = [sum(chance[index[s]] * s[1 + k] for s in states) for k in (0, 1)]
    assert [q / r for q, r in zip(queues, rates, strict=True)] == pytest.approx(
        f.mmc_priority(rates, 1.0, 1), rel=1e-4
    )


ROUTING = np.array([[0.0, 0.8, 0.0], [0.0, 0.0, 0.6], [0.3, 0.0, 0.0]])  # the rest is lost; 0.5 of 3 is won
WIN = np.array([0.0, 0.0, 0.5])


def test_visits_of_the_won_against_counting_walks() -> None:
    rng = np.random.default_rng(1)
    counts = []
    for _ in range(20_000):
        station, seen = 0, np.zeros(3)
        while station >= 0:
            seen[station] += 1
            u = rng.random()
            if u < WIN[station]:
                counts.append(seen)
                break
            edges = WIN[station] + np.cumsum(ROUTING[station])
            station = int(np.searchsorted(edges, u)) if u < edges[-1] else -1
    exact = f.visits_given_win(0, ROUTING, WIN)
    error = np.std(counts, axis=0, ddof=1) / math.sqrt(len(counts))
    assert np.all(np.abs(np.mean(counts, axis=0) - exact) <= 4 * error)
    chance = f.win_chance(0, ROUTING, WIN)
    assert abs(len(counts) / 20_000 - chance) <= 4 * math.sqrt(chance * (1 - chance) / 20_000)


def test_traffic_equations_balance() -> None:
    external = np.array([1.0, 0.0, 0.2])
    flows = f.traffic(external, ROUTING)
    assert flows == pytest.approx(external + flows @ ROUTING)


def test_closed_network_by_mean_values_by_convolution_and_by_its_chain() -> None:
    stations, visits = [f.Station(1.0, 2), f.Station(0.7), f.Station(1.5)], [1.0, 1.0, 1.5]
    for jobs in (1, 2, 5, 12):
        constants = f.normalising_constants(stations, visits, jobs)
        expected = constants[jobs - 1] / constants[jobs]
        assert f.closed_throughput(stations, visits, jobs) == pytest.approx(expected)
    # Two equal single servers with n jobs: throughput mu * n / (n + 1).
    assert f.closed_throughput([f.Station(1.0)] * 2, [1.0, 1.0], 5) == pytest.approx(5 / 6)


def test_turned_away_reduces_to_erlang_b_and_to_mm1k() -> None:
    assert f.turned_away(2.0, [f.Station(1.0, 4)], [1.0], 4) == pytest.approx(f.erlang_b(4, 2.0))
    rho, limit = 0.9, 6
    assert f.turned_away(rho, [f.Station(1.0)], [1.0], limit) == pytest.approx(
        rho**limit * (1 - rho) / (1 - rho ** (limit + 1))
    )


def test_first_leads_from_empty_match_the_published_means() -> None:
    """Mean wait of the first 25 and 100 leads: one an hour, each 0.9 hours of work on average."""
    waits = f.mm1_first_waits(1.0, 1 / 0.9, 100)
    assert waits[:25].mean() == pytest.approx(2.12449, abs=5e-6)
    assert waits[:100].mean() == pytest.approx(4.13418, abs=5e-6)
    assert waits[1] == pytest.approx(0.9 * 0.9 / 1.9)  # service 1 outlasts the gap with 9/19, then lasts 0.9
    assert f.mm1_first_waits(0.5, 1.0, 400)[-1] == pytest.approx(f.mmc_fifo(0.5, 1.0, 1).first, rel=1e-6)


def test_periodic_queue_with_flat_rates_is_mmc() -> None:
    desk = periodic.Desk(1.0, 3, 90)
    flat = periodic.open_around_the_clock(desk, [periodic.Slot(6.0, 2.0)] * 4)
    assert flat.wait == pytest.approx(f.mmc_fifo(2.0, 1.0, 3).first, rel=1e-6)
    assert flat.queue == pytest.approx(2 * f.mmc_fifo(2.0, 1.0, 3).first, rel=1e-6)
    assert flat.busy == pytest.approx(2.0, rel=1e-6)
    assert flat.delayed == pytest.approx(f.erlang_c(3, 2.0), rel=1e-6)
    always = periodic.closed_at_night(desk, 2.0, 24.0)
    assert (always.wait, always.paused) == (pytest.approx(f.mmc_fifo(2.0, 1.0, 3).first, rel=1e-6), 0.0)


def test_periodic_queue_against_its_differential_equation() -> None:
    desk = periodic.Desk(1.0, 2, 80)
    day = [periodic.Slot(12.0, 0.6), periodic.Slot(12.0, 2.2)]
    n = np.arange(desk.size)
    down = np.minimum(n, 2.0)

    def slope(t: float, y: np.ndarray) -> np.ndarray:
        p, up = y[:-1], day[int(t // 12) % 2].arrivals * (n < desk.size - 1)
        change = -(up + down) * p
        change[1:] += (up * p)[:-1]
        change[:-1] += (down * p)[1:]
        return np.append(change, p @ np.maximum(n - 2, 0))

    state = np.append(np.eye(desk.size)[0], 0.0)
    areas = []
    for half in range(20):  # ten days from empty, half a day at a time
        state[-1] = 0.0
        state = solve_ivp(slope, (12 * half, 12 * half + 11.9999999), state, rtol=1e-9, atol=1e-12).y[:, -1]
        areas.append(state[-1] / 12)
    solved = periodic.open_around_the_clock(desk, day)
    assert solved.queue == pytest.approx(areas[-2:], rel=1e-5)
    assert solved.tail < 1e-9


def test_night_queue_with_a_crowd_of_reps_is_an_infinite_server_queue() -> None:
    """Nobody waits in open hours then, so all waiting is that of arrivals at night for the opening."""
    crowd = periodic.closed_at_night(periodic.Desk(1.0, 120, 160), 1.0, 8.0)
    at_closing = crowd.paused * 24 / 16
    exact = 1.0 * (1 - math.exp(-8)) + math.exp(-8) * (at_closing + 16.0)  # M/M/infinity over 8 hours
    assert at_closing == pytest.approx(exact, rel=1e-6)
    assert crowd.wait == pytest.approx(16 / 24 * 8.0, rel=1e-6)
    crowded = periodic.closed_at_night(periodic.Desk(1.0, 4, 160), 1.0, 8.0)
    assert crowded.tail < 1e-9
    assert crowded.wait > crowd.wait


def test_seats_over_time_against_a_closed_form() -> None:
    """Exponential times to fill have one; what begins later is the rest of what begins at once."""
    life, vacancy = 200.0, 50.0

    def whole(until: float) -> float:
        return exact.staffed(life, vacancy, until) * until

    def found(since: float, until: float) -> float:
        return exact.staffed_between(life, lambda after: np.exp(-after / vacancy), since, until)

    assert found(0, 300) == pytest.approx(whole(300) / 300, rel=1e-5)
    assert found(100, 300) == pytest.approx((whole(300) - whole(100)) / 200, rel=1e-5)


def test_servers_that_differ() -> None:
    """Alike they are M/M/c; two that differ are solved by hand, state by state; work done is work brought."""
    alike = f.unlike_servers(2.0, [1.0, 1.0, 1.0])
    assert (alike.delayed, alike.wait) == pytest.approx((4 / 9, 4 / 9))
    assert alike.busy == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    slow = f.unlike_servers(0.6, [1.0, 0.5])
    # States: none, the fast one, the slow one, both, then a queue with ratio 0.4; rates in and out by hand.
    states = np.array([[0.6, -1.0, -0.5, 0.0], [-0.3, 1.6, 0.0, -0.5], [-0.3, 0.0, 1.1, -1.0], [1, 1, 1, 1 / 0.6]])
    none, fast, only_slow, both = np.linalg.solve(states, [0, 0, 0, 1])
    assert slow.busy == pytest.approx((fast + both / 0.6, only_slow + both / 0.6))
    assert slow.wait == pytest.approx(both / 0.6 / 0.9)
    assert slow.busy[0] * 1.0 + slow.busy[1] * 0.5 == pytest.approx(0.6)
    assert none < 1
