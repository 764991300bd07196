# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Check it against theory
#
# For an analyst who wants to know whether the figures are right.
#
# **Question.** Where queueing theory has an exact answer, does the simulation give it? And do its 95 %
# intervals hold it in 95 of 100 experiments, not more and not less?
#
# To run the cells yourself, type in the project's folder `pip install -e ".[notebook]"` and then `jupyter
# lab`. (Where the package is installed already: `pip install "funnelsim[notebook]"`.)
#
# ## Five lines with known answers
#
# Rates are per hour, times in hours. The formulas stand here in full, so that you can check them against your
# textbook.

# %%
from math import factorial, sqrt

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import stats

import funnelsim as fs


# %%
def erlang_c(arrivals: float, service: float, reps: int) -> float:
    """M/M/c: the probability of having to wait (Erlang 1917)."""
    load = arrivals / service
    queued = load**reps / factorial(reps) / (1 - load / reps)
    return queued / (sum(load**k / factorial(k) for k in range(reps)) + queued)


def mmc_wait(arrivals: float, service: float, reps: int) -> float:
    """M/M/c: the mean wait."""
    return erlang_c(arrivals, service, reps) / (reps * service - arrivals)


def erlang_a(arrivals: float, service: float, reps: int, patience: float) -> float:
    """M/M/c with exponential patience: the share that gives up (Palm 1943), by its birth-death chain."""
    weights = [1.0]
    for state in range(1, 400):
        leaving = min(state, reps) * service + max(0, state - reps) / patience
        weights.append(weights[-1] * arrivals / leaving)
    waiting = sum(weight * max(0, state - reps) for state, weight in enumerate(weights)) / sum(weights)
    return waiting / patience / arrivals


def pollaczek_khinchine(arrivals: float, mean: float, cv: float) -> float:
    """M/G/1: the mean wait depends on the spread of the work (Pollaczek 1930, Khinchine 1932)."""
    load = arrivals * mean
    return load / (1 - load) * mean * (1 + cv**2) / 2


def cobham(arrivals: tuple[float, float], service: float) -> tuple[float, float]:
    """M/M/1 with two classes, the first served first: mean waits (Cobham 1954)."""
    first, both = arrivals[0] / service, sum(arrivals) / service
    residual = both / service
    return residual / (1 - first), residual / (1 - first) / (1 - both)


# %% [markdown]
# The same as scenarios, forty replications of each. The formulas are about a line that has run for ever, so
# what comes in the first 200 hours is not counted: the slowest of these lines forgets after some 40 hours
# that it began empty. Nor is what comes in the last 100, so that all leads counted have had their turn.


# %%
def line(stages: str, teams: str, rate: float, hours: int = 1600, more: str = "") -> fs.Scenario:
    """A scenario of one source."""
    text = f"funnelsim: 1\nhorizon: {hours} h\nwarmup: 200 h\n{more}\nsources: {{web: {{rate: {rate} / h}}}}\n"
    return fs.Scenario.from_text(f"{text}teams: {{{teams}}}\nstages: {{{stages}}}\n")


def stage(effort: str = "exponential, mean: 1 h", more: str = "", team: str = "desk") -> str:
    """A stage at which anybody of the team takes anything."""
    return f"{{team: {team}, continuity: any_rep, effort: {{dist: {effort}}}{more}}}"


def desk(headcount: int, queue: str = "fifo", name: str = "desk") -> str:
    """A team."""
    return f"{name}: {{headcount: {headcount}, queue: {queue}}}"


segments = "segments: {hot: {share: 0.3}, cold: {share: 0.7}}"
three = ", ".join(
    f"{name}: {stage(team=name, more=f', convert: {share}')}"
    for name, share in {"first": 0.7, "second": 0.5, "third": 0.5}.items()
)
lines = {
    "M/M/3": line(f"serve: {stage()}", desk(3), 2.0),
    "Erlang A": line(
        f"serve: {stage(more=', patience: {dist: exponential, mean: 1 h}')}", desk(3), 3.0, hours=900
    ),
    "M/G/1": line(f"serve: {stage('lognormal, mean: 1 h, cv: 1.5')}", desk(1), 0.4, hours=4000),
    "priority": line(
        f"serve: {stage()}", desk(1, "{rule: fifo, first: {segment: hot}}"), 0.5, hours=4000, more=segments
    ),
    "Jackson": line(three, ", ".join((desk(3, name="first"), desk(2, name="second"), desk(1, name="third"))), 2.0),
}
results = {name: fs.simulate(each, replications=40) for name, each in lines.items()}

# %% [markdown]
# ## Figure beside figure
#
# A figure of each replication, their mean, and Student's interval. The *z-score* is the distance from the
# exact figure in standard errors: beyond 2 it lies in one check of twenty, beyond 4 practically never.


# %%
def per_replication(
    result: fs.Result, measure, segment: str | None = None, stage: str | None = None
) -> np.ndarray:
    """A mean over the visits that began after the warm-up and well before the end, in each replication."""
    visits, end = result.records("visits"), result.model.horizon / 3_600_000_000  # whole microseconds
    visits = visits[visits["entered"].between(200, end - 100)]
    if stage:
        visits = visits[visits["stage"] == stage]
    if segment:
        leads = result.records("leads")[["replication", "lead", "segment"]]
        visits = visits.merge(leads, on=["replication", "lead"])
        visits = visits[visits["segment"] == segment]
    return measure(visits).groupby(visits["replication"]).mean().to_numpy()


def wait(visits: pd.DataFrame) -> pd.Series:
    """Hours before a rep takes it; visits that still wait at the end are left out."""
    return visits["wait"].where(visits["first_touch"].notna())


def waits(visits: pd.DataFrame) -> pd.Series:
    """Whether a lead had to wait."""
    return (visits["wait"] > 0).astype(float)


def gave_up(visits: pd.DataFrame) -> pd.Series:
    """Whether a lead left before its turn."""
    return (visits["outcome"] == "expired").astype(float)


flows = {"first": 2.0, "second": 2.0 * 0.7, "third": 2.0 * 0.7 * 0.5}
hot, cold = cobham((0.15, 0.35), 1.0)
checks = {
    "M/M/3: mean wait, h": (mmc_wait(2.0, 1.0, 3), per_replication(results["M/M/3"], wait)),
    "M/M/3: share that waits": (erlang_c(2.0, 1.0, 3), per_replication(results["M/M/3"], waits)),
    "Erlang A: share that gives up": (erlang_a(3.0, 1.0, 3, 1.0), per_replication(results["Erlang A"], gave_up)),
    "M/G/1: mean wait, h": (pollaczek_khinchine(0.4, 1.0, 1.5), per_replication(results["M/G/1"], wait)),
    "priority: mean wait of hot leads, h": (hot, per_replication(results["priority"], wait, segment="hot")),
    "priority: mean wait of cold leads, h": (cold, per_replication(results["priority"], wait, segment="cold")),
    **{
        f"Jackson: mean wait at the {name} stage, h": (
            mmc_wait(flows[name], 1.0, reps),
            per_replication(results["Jackson"], wait, stage=name),
        )
        for name, reps in {"first": 3, "second": 2, "third": 1}.items()
    },
}


def row(exact: float, values: np.ndarray) -> dict[str, float]:
    """An exact figure beside the simulated one."""
    error = values.std(ddof=1) / sqrt(len(values))
    half = stats.t.ppf(0.975, len(values) - 1) * error
    mean = values.mean()
    return {
        "exact": exact,
        "simulated": mean,
        "from": mean - half,
        "to": mean + half,
        "z-score": (mean - exact) / error,
    }


table = pd.DataFrame({name: row(*check) for name, check in checks.items()}).T
table.round(3)

# %%
far = table["z-score"].abs()
inside = ((table["from"] <= table["exact"]) & (table["exact"] <= table["to"])).sum()
print(f"{inside} of {len(table)} intervals hold the exact figure, at most {far.max():.1f} standard errors away")

# %% [markdown]
# In words: **all nine intervals hold the exact figure**, and none of the nine is further from it than chance
# explains. In about a third of such tables one of nine fair intervals misses, so a miss would be no proof of
# a mistake; and a table without one does not show that the intervals are fair. That takes many experiments.
#
# ## Are the intervals right as often as they say?
#
# One experiment cannot tell: an interval that is too wide holds the truth each time. So the desk is asked a
# hundred times, each time as somebody would who makes ten replications, and it is counted how often the 95 %
# interval holds the exact figure. A hundred fair intervals do so in 90 to 99 cases (95 % of a binomial
# distribution).

# %%
EXPERIMENTS, EACH = 100, 10
many = fs.simulate(lines["M/M/3"].change({"horizon": "700 h"}), replications=EXPERIMENTS * EACH, seed=2)
figures = {
    "mean wait": (mmc_wait(2.0, 1.0, 3), per_replication(many, wait)),
    "share that waits": (erlang_c(2.0, 1.0, 3), per_replication(many, waits)),
    "mean work": (1.0, per_replication(many, lambda visits: visits["work"])),
}


def scores(exact: float, values: np.ndarray) -> np.ndarray:
    """The z-score of each experiment."""
    rows = values.reshape(EXPERIMENTS, EACH)
    return (rows.mean(axis=1) - exact) / (rows.std(axis=1, ddof=1) / sqrt(EACH))


z = {name: scores(*figure) for name, figure in figures.items()}
most = stats.t.ppf(0.975, EACH - 1)
low, high = stats.binom.interval(0.95, EXPERIMENTS, 0.95)
pd.DataFrame(
    {
        "intervals that hold it": {name: int((np.abs(each) <= most).sum()) for name, each in z.items()},
        "fair: from": int(low),
        "to": int(high),
        "below it": {name: int((each < -most).sum()) for name, each in z.items()},
        "above it": {name: int((each > most).sum()) for name, each in z.items()},
    }
)

# %% [markdown]
# The z-scores themselves should be spread as Student's t distribution with nine degrees of freedom:

# %%
grid = np.linspace(-4, 4, 200)
figure, axes = plt.subplots(1, len(z), figsize=(10, 3), sharey=True, layout="constrained")
for panel, (name, each) in zip(axes, z.items(), strict=True):
    panel.hist(each, bins=np.linspace(-4, 4, 17), density=True, color="#c9d4e3", edgecolor="white")
    panel.plot(grid, stats.t.pdf(grid, EACH - 1), color="#2b5a8f")
    panel.set(title=name, xlabel="z-score", xlim=(-4, 4))
axes[0].set_ylabel("density")
plt.show()

# %% [markdown]
# In words: **the intervals hold what they promise, as far as a hundred experiments can tell**: 92, 94 and 96
# of 100, where 90 to 99 are what fair ones do. The misses of the mean wait all lie on one side. That is no
# accident: waits are skewed, a few bad weeks make the mean, and a short experiment that lacks them gives a
# figure that is too low with an interval that is too narrow. Ten replications are few for such a figure; with
# more of them, or a longer horizon, the sides even out. funnelsim warns where this matters.
#
# ## What to do next
#
# - Change a rate or a number of reps above and run the cells again; keep the load below 1, or there is no
#   exact answer.
# - What else is held against closed forms, and how often: [What is checked](../docs/checks.md). All of it:
#   `python -m pytest tests/theory`.
# - Whole companies whose limit is known by arithmetic: [Known answers](../docs/known_answers.md).
# - What theory cannot answer is what the simulation is for:
#   [02_organisation_designs](02_organisation_designs.ipynb).
