# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # First steps
#
# funnelsim looks at a sales organisation as a production line: leads arrive, wait for a rep, are worked on, wait
# for the buyer, and leave as customers or as losses. This notebook begins with a line so small that its answer is
# known, goes on to a whole company, finds its limit, and tries what one more rep would do.

# %%
import math
from pathlib import Path

import pandas as pd

import funnelsim as fs

# %% [markdown]
# ## One desk
#
# Two leads an hour, three reps, an hour of work for each lead. The scenario is a text file:

# %%
desk = fs.load("../scenarios/one_desk.yaml")
print(Path("../scenarios/one_desk.yaml").read_text(encoding="utf-8"))

# %% [markdown]
# `simulate` runs it several times, each time with other random numbers. The tables show the mean over these
# replications and its 95 % interval: what chance leaves open.

# %%
result = fs.simulate(desk, replications=10, seed=1)
result.stages.loc["serve"].loc[["wait", "queue", "wip"]]

# %% [markdown]
# This is the queue M/M/3, whose mean wait Erlang worked out in 1917. The exact value lies in the interval:


# %%
def erlang_wait(arrivals: float, services: float, reps: int) -> float:
    """Mean wait in M/M/c: the probability of waiting (Erlang C) over the speed at which the queue empties."""
    load = arrivals / services
    waiting = load**reps / math.factorial(reps) / (1 - load / reps)
    chance = waiting / (sum(load**k / math.factorial(k) for k in range(reps)) + waiting)
    return chance / (reps * services - arrivals)


exact = erlang_wait(arrivals=2, services=1, reps=3)
wait = result.stages.loc[("serve", "wait")]
print(f"exact {exact:.3f} h, simulated {wait['mean']:.3f} h, between {wait.low:.3f} and {wait.high:.3f}")

# %% [markdown]
# ## A company
#
# The reference company sells software to mid-sized firms with three teams. So that the notebook runs in a minute,
# it looks at one year in two replications; a longer horizon and more replications make the intervals narrower.

# %%
today = fs.load("../scenarios/reference.yaml").change({"horizon": "1 y"})
result = fs.simulate(today, replications=2, seed=1)
result.plot.line()

# %%
result.plot.funnel()

# %% [markdown]
# What limits the line is found by what piles up, not by who looks busy: a team whose queue grows cannot do the
# work that comes to it.

# %%
print(result.verdict)

# %%
result.teams.loc[(slice(None), ["load", "queue", "queue_growth", "utilisation"]), :]

# %% [markdown]
# ## What if?
#
# A change makes a new scenario and leaves the old one as it is. The same seed gives each lead the same luck in
# both, so that the difference is due to the change and not to chance.

# %%
more = today.change({"teams.field_sales.headcount": {"add": 1}})
with_more = fs.simulate(more, replications=2, seed=1)

means = {"today": result.kpis["mean"], "one more rep": with_more.kpis["mean"], "unit": result.kpis["unit"]}
pd.DataFrame(means).loc[["created", "won", "bookings", "cycle_time", "win_rate"]]

# %%
print(with_more.verdict)

# %% [markdown]
# ## The records
#
# Every figure is computed from records, which are yours too: one row for each visit of a lead to a stage.

# %%
visits = result.records("visits")
visits.groupby("stage", sort=False)[["wait", "work", "buyer"]].mean()
