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
# # Your own data
#
# For somebody who has an export of a CRM.
#
# **Question.** What do my own records say about my line, how far can its forecasts be trusted, and what do the
# next months bring?
#
# To run the cells yourself, type in the project's folder `pip install -e ".[notebook]"` and then `jupyter
# lab`. (Where the package is installed already: `pip install "funnelsim[notebook]"`.)
#
# ## Reading
#
# The export here is of a firm that never was: a row for each stay of a deal in a stage, and a row for each
# deal. The mapping says which team works which stage; all else is recognised. Names of people, accounts and
# ids stay behind in this step.

# %%
from IPython.display import Markdown

import funnelsim as fs

# %%
folder = "../examples/crm"
history = fs.read_history([f"{folder}/deal_stages.csv", f"{folder}/deals.csv"], f"{folder}/mapping.yaml")
print(f"{len(history.deals):,} deals with {len(history.visits):,} stays, evidence level {history.level}")
for finding in history.findings:
    print(f"{finding.code}: {finding.words}")

# %% [markdown]
# A finding says what was noticed and what was done about it. Read them before anything else: each of them is a
# reason why a number may be wrong.
#
# ## A scenario with an interval for each number
#
# What no CRM knows (how long work takes, and which part of the day people sell) stands in a file of
# assumptions; without one it would come from the shipped library, marked as a guess.

# %%
fit = fs.calibrate(history, f"{folder}/assume.yaml")
Markdown("\n\n".join(fit.sentences))

# %%
known = fit.estimates.set_index("path")[["estimate", "low", "high", "unit", "n", "evidence"]]
known.loc[known["low"].notna()].round(3)

# %% [markdown]
# The firm was simulated, so here the truth is known: proposals advance with a probability of 0.5, negotiations
# with 0.7, and 58 leads come a month. The intervals of these numbers hold it but for one, as about one in
# twenty should not.
#
# ## Does it do what the firm did?
#
# The scenario is run over a year like the last one and laid beside what was recorded.

# %%
fit.plot.stages()

# %%
fit.plot.conversion()

# %% [markdown]
# ## Would it have been right?
#
# On each of some earlier days the whole of this is done again with what was recorded by then, and the forecast
# is compared with what came, and with methods that know no line.

# %%
test = fs.backtest(history, f"{folder}/assume.yaml", cuts=8, horizons=["1 mo", "3 mo"], kpis=["won"], draws=20)
Markdown("\n\n".join(test.sentences))

# %%
test.plot.fans("won", "1 mo")

# %%
columns = ["horizon", "method", "crps", "bias", "coverage95", "n", "windows"]
test.scores[columns].sort_values(["horizon", "crps"]).round(2)

# %% [markdown]
# In words: **a simple method is better here, and the page says so.** This firm changed nothing in two years,
# and then smoothing its past months is hard to beat: the scenario is as good as free of bias, and no sharper.
# What a smoothing cannot be asked is what another hire, or half the leads, would do.
#
# ## What the next months bring
#
# From the deals that are open now, and from those that will come. The bands are of single runs.

# %%
ahead = fs.simulate(fit.scenario.change({"horizon": "6 mo"}), replications=100)
ahead.plot.forecast("won")

# %% [markdown]
# ## Luck, and not knowing
#
# A draw is another set of inputs that the records allow. Runs over draws tell how much of the spread is luck,
# and how much is not knowing the line well enough.

# %%
worlds = fs.simulate(fit.scenario.change({"horizon": "6 mo"}), inputs=fit.draws(60), pairs=20)
doubt = worlds.doubts["won"]
low, high = doubt.range
print(f"wins in half a year: {doubt.estimate.mean:.0f} on average, one half year from {low:.0f} to {high:.0f}")
print(f"luck makes {doubt.split.luck:.0%} of that spread ({doubt.split.low:.0%} to {doubt.split.high:.0%})")

# %% [markdown]
# ## What to do next
#
# - Your own export: `funnelsim crm look FILE...` says what each column is taken for, and
#   `funnelsim calibrate FILE... -o scenario.yaml` does the rest ([Own data](../docs/own_data.md)).
# - Which number to measure first: `funnelsim guesses scenario.yaml` ([Diagnosing](../docs/diagnosing.md)).
# - You know your totals and not what is behind them: `funnelsim tune` ([Tuning](../docs/tuning.md)).
# - A what-if on your own line: [A first what-if](01_first_what_if.ipynb) with `fit.scenario`.
