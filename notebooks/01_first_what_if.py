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
# # A first what-if
#
# For somebody who leads a sales organisation.
#
# **Question.** My field sales team is full, and I may hire one person. In which team does a hire bring most?
#
# The company here is the reference company that comes with funnelsim, a software vendor: inside sales
# qualifies 500 leads a month, field sales sells, and customer success looks after the customers. To run the
# cells yourself, type in the project's folder `pip install -e ".[notebook]"` and then `jupyter lab`. (Where
# the package is installed already: `pip install "funnelsim[notebook]"`.)
#
# ## Three lines to an answer
#
# A scenario is a text file. It is loaded, changed, and compared with itself as it was. Both lines meet the
# same leads with the same luck, twenty times over, so that what differs comes from the hire and not from
# chance.

# %%
from IPython.display import Markdown

import funnelsim as fs

# %%
today = fs.load("../scenarios/reference.yaml")
more = today.change({"teams.field_sales.headcount": {"add": 1}})
kpis = ["won_new", "contribution"]
answer = fs.compare({"today": today, "one more in field sales": more}, kpis=kpis, replications=20)

# %%
Markdown(answer.sentences[0])

# %% [markdown]
# *Between ... and ...* is an interval: what chance leaves open after twenty runs. Both intervals hold
# together in 95 of 100 such experiments. So the answer is: **not in field sales.** A sixth person there makes
# no difference that matters to the deals won (at most one more, at most three fewer), and costs about half a
# million dollars over 30 months (between 508,000 and 525,000).
#
# Why, when the team is full? Look at the line.
#
# ## The line as it is

# %%
result = fs.simulate(today, replications=10)
result.plot.line()

# %% [markdown]
# Field sales is close to its limit, but its queue does not grow: all work that comes is done in the end, only
# later. More hands there make leads wait less. What brings more deals is more good leads, and these come from
# inside sales, which uses every free minute to dial.
#
# ## What a hire brings, team by team

# %%
teams = {"inside sales": "inside_sales", "field sales": "field_sales", "customer success": "customer_success"}
arms = {"today": today}
for label, team in teams.items():
    arms[f"one more in {label}"] = today.change({f"teams.{team}.headcount": {"add": 1}})
hires = fs.compare(arms, kpis=["won_new", "cycle_time", "contribution"], replications=20)
hires.plot.differences()

# %%
Markdown("\n\n".join(hires.sentences[: len(teams)]))  # one for each hire

# %% [markdown]
# In words: **hire in inside sales.** It brings 7 new customers in 30 months (between 4 and 11), and after its
# own pay it leaves some USD 87,000 (between 15,000 and 158,000). It also fills field sales further, so a deal
# takes a week longer (between 3 and 12 days). A hire in field sales makes deals six days faster (between 3
# and 9) and costs half a million; one in customer success costs 0.3 million, and in none of the twenty runs
# did it change the deals won.
#
# Nine differences are asked for here, and two above. All nine intervals hold together in 95 of 100
# experiments, so each is a little wider; that of field sales and deals won has become *not known yet* by
# that, and with more replications it would be known again. The interval of the money is wide, too: if USD
# 15,000 would be too little for the trouble, ask for more replications before you decide.
#
# ## Move it yourself
#
# The panel asks such questions without typing. Move a control, such as the people of a team, and read what
# changes: after one and two runs a first impression, from four runs on intervals and a verdict.

# %%
today.panel()

# %% [markdown]
# On pages that only show this notebook no panel stands above, since nothing can be computed there. It is the
# same as on the page that `funnelsim app scenarios/reference.yaml` opens in a browser:
#
# ![The panel: its controls, and what one more person in inside sales changes](../docs/pictures/panel.png)
#
# ## Hand it over
#
# A report is one HTML file that opens in any browser, with the question and its answer at the top and all
# figures and assumptions behind it.

# %%
print(hires.report("hires.html", title="Where does the next hire bring most?"))

# %% [markdown]
# ## What to do next
#
# - Put your own numbers in: `funnelsim init my_company` writes a commented scenario and a notebook that runs
#   it.
# - Ask what limits your line, and what can be done about it, with `fs.diagnose`
#   ([Diagnosing](../docs/diagnosing.md)).
# - How intervals, verdicts and *not known yet* are meant: [Comparing](../docs/comparing.md).
