"""Closed forms of queueing theory that the engine is held against.

Rates are per hour and times in hours. ``arrivals`` is the arrival rate, ``service`` the rate at which one
busy rep finishes touches, ``servers`` the number of reps. A *wait* is the time before service starts, of all
leads, those who start at once included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import brentq

Floats = NDArray[np.float64]


class Moments(NamedTuple):
    """First and second moment of a waiting time."""

    first: float
    second: float


# --- one pool of exponential servers ----------------------------------------------------------------------


def erlang_b(servers: int, offered: float) -> float:
    """Share of arrivals lost by M/G/c/c at ``offered`` Erlang (Erlang 1917), by the usual recursion."""
    blocking = 1.0
    for n in range(1, servers + 1):
        blocking = offered * blocking / (n + offered * blocking)
    return blocking


def erlang_c(servers: int, offered: float) -> float:
    """Probability that an arrival to M/M/c has to wait (Erlang 1917); requires ``offered < servers``."""
    blocking = erlang_b(servers, offered)
    return blocking / (1 - offered / servers * (1 - blocking))


def mmc_fifo(arrivals: float, service: float, servers: int) -> Moments:
    """Waits in M/M/c, first come first served: zero, or exponential with rate ``c*mu - lambda``."""
    delayed, spare = erlang_c(servers, arrivals / service), servers * service - arrivals
    return Moments(delayed / spare, 2 * delayed / spare**2)


class Unlike(NamedTuple):
    """A pool of servers that differ."""

    delayed: float  # the chance that an arrival has to wait
    wait: float
    busy: tuple[float, ...]  # the share of time that each server is busy


def unlike_servers(arrivals: float, rates: Sequence[float]) -> Unlike:
    """M/M/c whose servers have rates of their own, where who comes picks a free one at random (Gumbel 1960).

    The chain is reversible: that just the servers of a set are busy has the weight ``prod(arrivals / rate)`` over
    them, times ``free! / c!``; with all busy the queue is that of M/M/1 with the sum of the rates.
    """
    count, load = len(rates), arrivals / math.fsum(rates)
    weights = {
        those: math.prod(arrivals / rates[k] for k in those) * math.factorial(count - len(those))
        for size in range(count + 1)
        for those in combinations(range(count), size)
    }
    weights[tuple(range(count))] /= 1 - load
    whole = math.fsum(weights.values())
    busy = (math.fsum(each for those, each in weights.items() if k in those) / whole for k in range(count))
    delayed = weights[tuple(range(count))] / whole
    return Unlike(delayed, delayed / (math.fsum(rates) - arrivals), tuple(busy))


def mmc_lifo(arrivals: float, service: float, servers: int) -> Moments:
    """Waits in M/M/c, last come first served without pre-emption.

    Who waits, waits for a busy period of M/M/1 with service rate ``c*mu`` (Wishart 1960).
    """
    delayed, pool = erlang_c(servers, arrivals / service), servers * service
    slack = 1 - arrivals / pool
    return Moments(delayed / (pool * slack), 2 * delayed / (pool**2 * slack**3))


def mmc_random_order(arrivals: float, service: float, servers: int) -> Moments:
    """Waits in M/M/c in random order: the second moment is FIFO's times 2 / (2 - rho) (Riordan 1953)."""
    fifo, load = mmc_fifo(arrivals, service, servers), arrivals / (servers * service)
    return Moments(fifo.first, fifo.second * 2 / (2 - load))


def half_life_fifo(arrivals: float, service: float, servers: int, half_life: float) -> float:
    """Mean of 2**(-wait / half_life) over the leads of M/M/c under FIFO: a Laplace transform of the wait."""
    delayed, spare = erlang_c(servers, arrivals / service), servers * service - arrivals
    return 1 - delayed + delayed * spare / (spare + math.log(2) / half_life)


def half_life_lifo(arrivals: float, service: float, servers: int, half_life: float) -> float:
    """Mean of 2**(-wait / half_life) under LIFO: the transform of M/M/1's busy period at rate ``c*mu``."""
    delayed, pool = erlang_c(servers, arrivals / service), servers * service
    total = arrivals + pool + math.log(2) / half_life
    busy_period = (total - math.sqrt(total**2 - 4 * arrivals * pool)) / (2 * arrivals)
    return 1 - delayed + delayed * busy_period


class PowerDecay(NamedTuple):
    """m(w) = floor + (1 - floor) * (1 + w / scale) ** -power."""

    floor: float
    scale: float
    power: float


def power_decay_fifo(arrivals: float, service: float, servers: int, decay: PowerDecay) -> float:
    """Mean of the decay by a power law over the leads of M/M/c under FIFO, by quadrature."""
    delayed, spare = erlang_c(servers, arrivals / service), servers * service - arrivals
    tail = quad(lambda w: spare * math.exp(-spare * w) * (1 + w / decay.scale) ** -decay.power, 0, np.inf)[0]
    return decay.floor + (1 - decay.floor) * (1 - delayed + delayed * tail)


# --- impatience -------------------------------------------------------------------------------------------


class Impatient(NamedTuple):
    """What M/M/c with impatient leads does in the long run."""

    abandoned: float  # share of leads
    wait: float  # mean over all leads, those who leave included
    utilisation: float


def mmc_exponential_patience(arrivals: float, service: float, servers: int, patience: float) -> Impatient:
    """M/M/c+M (Palm 1957, "Erlang A"): a birth-and-death chain; ``patience`` is the mean."""
    size = servers + int(60 + 40 * arrivals * patience + 10 * arrivals / service)
    weights = [1.0]
    for n in range(1, size):
        weights.append(weights[-1] * arrivals / (min(n, servers) * service + max(0, n - servers) / patience))
    chance = np.array(weights) / sum(weights)
    waiting = float(chance @ np.maximum(np.arange(size) - servers, 0))
    abandoned = waiting / patience / arrivals
    return Impatient(abandoned, waiting / arrivals, arrivals * (1 - abandoned) / (servers * service))


def mmc_constant_patience(arrivals: float, service: float, servers: int, patience: float) -> Impatient:
    """M/M/c+D in closed form: who waits ``patience`` leaves (Baccelli and Hebuterne 1981)."""
    pool = servers * service
    shift = arrivals - pool
    growth = math.exp(shift * patience)
    below = (growth - 1) / shift  # integrals of the unnormalised density of the offered wait
    above = growth / pool
    first = (patience * growth - below) / shift  # of w times the density, below the patience
    unit = arrivals * _last_free(arrivals / service, servers)  # density of the offered wait at 0+
    norm = 1 + unit * (below + above)
    abandoned = unit * above / norm
    return Impatient(abandoned, unit * (first + patience * above) / norm, arrivals * (1 - abandoned) / pool)


def mmc_patience(
    arrivals: float, service: float, servers: int, survival: Callable[[float], float], longest: float
) -> Impatient:
    """M/M/c+G by quadrature over the density of the offered wait (Baccelli and Hebuterne 1981).

    Parameters
    ----------
    survival
        Probability that a lead's patience exceeds its argument.
    longest
        Where to cut the integrals, hours.
    """
    grid = np.linspace(0.0, longest, 200_001)
    step = grid[1]
    alive = np.array([survival(w) for w in grid])
    patient = np.concatenate([[0.0], np.cumsum((alive[1:] + alive[:-1]) / 2 * step)])
    unit = arrivals * _last_free(arrivals / service, servers)
    density = unit * np.exp(arrivals * patient - servers * service * grid)
    norm = 1 + np.trapezoid(density, grid)
    abandoned = float(np.trapezoid(density * (1 - alive), grid) / norm)
    wait = float(np.trapezoid(density * patient, grid) / norm)  # E[min(offered wait, patience)]
    return Impatient(abandoned, wait, arrivals * (1 - abandoned) / (servers * service))


def _last_free(offered: float, servers: int) -> float:
    """Probability of ``servers - 1`` busy reps, given that some rep is free."""
    weights = [1.0]
    for n in range(1, servers):
        weights.append(weights[-1] * offered / n)
    return weights[-1] / sum(weights)


# --- general service, priority ----------------------------------------------------------------------------


def mg1(arrivals: float, service_moments: Sequence[float]) -> Moments:
    """Waits in M/G/1 under FIFO (Pollaczek, Khinchine) from the first three moments of the service time."""
    one, two, three = service_moments
    slack = 1 - arrivals * one
    first = arrivals * two / (2 * slack)
    return Moments(first, 2 * first**2 + arrivals * three / (3 * slack))


def lognormal_moments(mean: float, cv: float) -> tuple[float, float, float]:
    """First three moments of a lognormal distribution with this mean and coefficient of variation."""
    spread = 1 + cv**2
    return mean, mean**2 * spread, mean**3 * spread**3


def gm1(service: float, transform: Callable[[float], float]) -> Moments:
    """Waits in G/M/1 under FIFO; ``transform`` is the Laplace transform of the time between arrivals.

    An arrival waits with the probability sigma that solves sigma = transform(mu (1 - sigma)), and then for an
    exponential time of rate mu (1 - sigma) (Kendall 1953).
    """
    sigma = float(brentq(lambda x: transform(service * (1 - x)) - x, 0.0, 1 - 1e-9))
    rate = service * (1 - sigma)
    return Moments(sigma / rate, 2 * sigma / rate**2)


def batches_mm1(batches: float, service: float, size: int) -> float:
    """Mean wait in M/M/1 where ``batches`` an hour bring ``size`` leads each (Burke 1975)."""
    slack = 1 - batches * size / service
    return (1 - slack + (size - 1) / 2) / (service * slack)


def mg1_priority(arrivals: Sequence[float], moments: Sequence[Sequence[float]]) -> list[float]:
    """Mean waits by class in M/G/1 with non-pre-emptive priority, most urgent class first (Cobham 1954).

    ``moments`` holds the first two (or more) moments of each class's service time.
    """
    residual = sum(rate * m[1] / 2 for rate, m in zip(arrivals, moments, strict=True))
    loads = [rate * m[0] for rate, m in zip(arrivals, moments, strict=True)]
    return _cobham(residual, loads)


def mmc_priority(arrivals: Sequence[float], service: float, servers: int) -> list[float]:
    """Mean waits by class in M/M/c with non-pre-emptive priority and one service rate (Cobham 1954)."""
    pool = servers * service
    residual = erlang_c(servers, sum(arrivals) / service) / pool
    return _cobham(residual, [rate / pool for rate in arrivals])


def _cobham(residual: float, loads: Sequence[float]) -> list[float]:
    slack = 1 - np.concatenate([[0.0], np.cumsum(loads)])
    return [residual / (slack[k] * slack[k + 1]) for k in range(len(loads))]


# --- networks ---------------------------------------------------------------------------------------------


class Station(NamedTuple):
    """A pool of exponential servers in a network."""

    service: float
    servers: int = 1


def traffic(external: Floats, routing: Floats) -> Floats:
    """Arrival rate at each station of an open Jackson network, from outside rates and routing."""
    return np.linalg.solve(np.eye(len(external)) - routing.T, external)


def sojourns(stations: Sequence[Station], flows: Floats) -> Floats:
    """Mean wait plus service at each station of an open Jackson network (Jackson 1957)."""
    pairs = zip(stations, flows, strict=True)
    return np.array([mmc_fifo(flow, s.service, s.servers).first + 1 / s.service for s, flow in pairs])


def visits_given_win(start: int, routing: Floats, win: Floats) -> Floats:
    """Mean visits to each station of the leads that are won in the end.

    The chain of stations is conditioned on absorption in *won* (Doob's transform); ``win[j]`` is the
    probability that a lead is won straight from station ``j``.
    """
    chance = np.linalg.solve(np.eye(len(win)) - routing, win)
    conditioned = routing * chance[np.newaxis, :] / chance[:, np.newaxis]
    first = np.zeros(len(win))
    first[start] = 1.0
    return np.linalg.solve(np.eye(len(win)) - conditioned.T, first)


def win_chance(start: int, routing: Floats, win: Floats) -> float:
    """Probability that a lead entering at station ``start`` is won in the end."""
    return float(np.linalg.solve(np.eye(len(win)) - routing, win)[start])


def closed_throughput(stations: Sequence[Station], visits: Sequence[float], jobs: int) -> float:
    """Cycles an hour of a closed network with ``jobs`` jobs, by exact mean value analysis.

    Marginal probabilities carry the pools with several servers (Reiser and Lavenberg 1980).
    """
    chance = [np.zeros(jobs + 1) for _ in stations]
    for p in chance:
        p[0] = 1.0
    throughput = 0.0
    for n in range(1, jobs + 1):
        times = []
        for s, p in zip(stations, chance, strict=True):
            k = np.arange(1, n + 1)
            times.append(float(np.sum(k / (s.service * np.minimum(k, s.servers)) * p[:n])))
        throughput = n / float(np.dot(visits, times))
        for j, (s, v) in enumerate(zip(stations, visits, strict=True)):
            k = np.arange(1, n + 1)
            new = np.zeros(jobs + 1)
            new[1 : n + 1] = v * throughput / (s.service * np.minimum(k, s.servers)) * chance[j][:n]
            new[0] = 1 - new.sum()
            chance[j] = new
    return throughput


def normalising_constants(stations: Sequence[Station], visits: Sequence[float], jobs: int) -> Floats:
    """Normalising constants G(0), ..., G(jobs) of a closed network, by convolution (Buzen 1973)."""
    constants = np.zeros(jobs + 1)
    constants[0] = 1.0
    for s, v in zip(stations, visits, strict=True):
        weights = np.ones(jobs + 1)
        for n in range(1, jobs + 1):
            weights[n] = weights[n - 1] * v / (s.service * min(n, s.servers))
        constants = np.convolve(constants, weights)[: jobs + 1]
    return constants


def turned_away(arrivals: float, stations: Sequence[Station], visits: Sequence[float], limit: int) -> float:
    """Share of Poisson arrivals that find ``limit`` leads in the network and are turned away.

    The number in the network is a birth-and-death chain with G(n) * arrivals**n as weights (Jackson 1963).
    """
    weights = normalising_constants(stations, visits, limit) * arrivals ** np.arange(limit + 1)
    return float(weights[-1] / weights.sum())


# --- from empty -------------------------------------------------------------------------------------------


def mm1_first_waits(arrivals: float, service: float, leads: int) -> Floats:
    """Mean wait of each of the first ``leads`` leads of M/M/1 from empty, exactly.

    The number an arrival finds is a Markov chain: between two arrivals, each race between the service in hand
    and the next arrival is won by the service with probability mu / (lambda + mu).
    """
    serve = service / (arrivals + service)
    found = np.zeros(leads + 1)
    found[0] = 1.0
    waits = []
    for _ in range(leads):
        waits.append(float(found @ np.arange(leads + 1)) / service)
        left = np.zeros(leads + 1)  # left[j]: the next arrival finds j
        carry = 0.0
        for n in range(leads, 0, -1):  # n present after the arrival, falling one by one
            carry = carry + found[n - 1]
            left[n] = carry * (1 - serve)
            carry *= serve
        left[0] = carry
        found = left
    return np.array(waits)
