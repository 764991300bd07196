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
# # Sweeps and decisions
#
# For somebody who runs many scenarios.
#
# **Question.** How many people in field sales, if it is not sure how many leads will come? Which staffing is
# best, how sure is that, and how many replications does it take to know?
#
# To run the cells yourself, type in the project's folder `pip install -e ".[notebook]"` and then `jupyter
# lab`. (Where the package is installed already: `pip install "funnelsim[notebook]"`.)
#
# ## A sweep into a run store
#
# Two factors, nine points. Every replication is kept in one file, under the fingerprint of its scenario:
# stopped, killed or repeated, a sweep runs what is missing and nothing else. So that this notebook takes
# seconds it looks at 12 months after a warm-up of six.

# %%
from math import ceil

from IPython.display import Markdown

import funnelsim as fs

# %%
today = fs.load("../scenarios/reference.yaml").change({"horizon": "18 mo"})
factors = {
    "teams.field_sales.headcount": [4, 5, 6],
    "sources.web.rate": ["400 / mo", "500 / mo", "600 / mo"],
}
swept = fs.sweep(today, factors, out="runs.db", replications=8)
swept.plot.effects("won")

# %% [markdown]
# The same command again finds all replications in the store. Here it is given two more a point, and runs just
# these:

# %%
swept = fs.sweep(today, factors, out="runs.db", replications=10)
print(f"{swept.done} replications in {len(swept.points)} points, {swept.failed} failed")

# %% [markdown]
# ## The points as a table, and as a file
#
# Each figure has its interval, and `won_range_low` and `won_range_high` say where a single year lies in 8 of
# 10 cases.

# %%
columns = [*factors, "won", "won_low", "won_high", "contribution", "contribution_low", "contribution_high"]
points = swept.table[columns]
points.to_csv("points.csv", index=False)
points.round({name: -3 if name.startswith("contribution") else 1 for name in columns[2:]})

# %% [markdown]
# On the command line: `funnelsim sweep STUDY --out runs.db`, and `funnelsim export runs.db -o points.csv` (or
# `.parquet`, `.xlsx`). A study in a file and a cluster of machines are in [Studies](../docs/studies.md) and
# [Scale](../docs/scale.md).
#
# In words: **with four people more leads bring nothing**, some 109 deals a year at each of the three rates
# (between 105 and 114): field sales is the limit. With six people the deals rise with the leads, from 116
# (between 112 and 121) to 141 (between 136 and 145). The intervals of contribution are wide and overlap, and
# that says little: all points met the same luck, so their differences are known far better than each of them.
# Differences are what `compare` and `choose` look at.
#
# ## How many replications?
#
# Asked without a number, `compare` goes on until each difference is known to be more, less, or none that
# matters, from 10 replications up to 200. It pays for looking several times, so that at most 5 in 100 such
# comparisons find a difference between equals.

# %%
arms = {f"{count} people": today.change({"teams.field_sales.headcount": count}) for count in (5, 4, 6)}
decided = fs.compare({name: arms[name] for name in ("5 people", "4 people")}, kpis=["won", "contribution"])
print(f"decided after {decided.replications} replications of each")
Markdown(decided.sentences[0])

# %% [markdown]
# How many would a narrower interval take? Its width falls with the square root of the number: half the width
# takes four times as many.

# %%
for (kpi, _), row in decided.table.iterrows():
    half, wanted = (row.high - row.low) / 2, abs(row["mean"]) / 10
    needed = ceil(decided.replications * (half / wanted) ** 2)
    print(f"{kpi}: {row['mean']:+,.1f} ± {half:,.1f} {row.unit}; for ± a tenth of it some {needed:,} replications")

# %% [markdown]
# ## The decision, with the probability that it is right
#
# `choose` picks the best of several, here by contribution, and promises: in 95 of 100 such selections the one
# chosen is the best, or less than USD 30,000 behind it. It makes as many replications as that takes, more of
# those that are close.

# %%
choice = fs.choose(arms, "contribution", fs.Guarantee(zone=30_000))
Markdown(choice.promise)

# %%
choice.plot.arms()

# %%
choice.table.round(3)

# %% [markdown]
# In words: **four people, at today's 500 leads and over twelve months.** They lose 19 deals (between 14 and
# 23), and still leave USD 96,000 more than five (between 43,000 and 148,000). The probability that four is
# the best of the three is above 99.9 %. A year is short for that question: a customer who is won now pays for
# longer, so ask again with a longer horizon before anybody is let go.
#
# ## What to do next
#
# - Many decisions at once, under a budget and with limits that must be kept: `fs.optimise`
#   ([Optimising](../docs/optimising.md)).
# - Which factor matters most: `fs.tornado` and `fs.sensitivity` ([Diagnosing](../docs/diagnosing.md)).
# - Thousands of points on a cluster: [Scale](../docs/scale.md).
# - What the probability and the promise say, and how both were checked: [Comparing](../docs/comparing.md).
