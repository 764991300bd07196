"""The marketplace of 2018: what was published, what a run says about the same things, and a picture of both.

Run it from the top of the repository to draw ``docs/pictures/marketplace_2018.png`` again::

    python docs/pictures/marketplace.py
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
import pandas as pd

import funnelsim as fs

Numbers = npt.NDArray[np.float64]

SCENARIO = Path(__file__).parents[2] / "scenarios" / "marketplace_2018.yaml"
PICTURE = Path(__file__).parent / "marketplace_2018.png"

# --- published figures ------------------------------------------------------------------------------------------

MONTHS = {"Jan": 1141, "Feb": 1028, "Mar": 1174, "Apr": 1352, "May": 1303}
"""Leads per month of 2018."""

WEEKDAYS = {"Mon": 52.2, "Tue": 48.3, "Wed": 52.2, "Thu": 46.4, "Fri": 39.3, "Sat": 18.8, "Sun": 18.9}
"""Mean leads per day."""

DISPERSION = 2.8
"""Variance to mean of daily counts, after month and weekday."""

WON = 0.130
"""Share of the leads of these months that were won."""

ORIGINS = {
    "organic_search": (0.118, 2296),
    "paid_search": (0.123, 1586),
    "social": (0.056, 1350),
    "unknown": (0.163, 1099),
    "direct": (0.112, 499),
    "email": (0.030, 493),
    "referrals": (0.085, 284),
    "display": (0.051, 118),
}
"""Share won and number of leads by origin, in a longer window of 8,000 leads."""

CLOSED = {1: 0.044, 3: 0.143, 7: 0.318, 14: 0.526, 30: 0.697, 60: 0.812, 90: 0.868, 120: 0.910}
"""Share of the eventual wins that were closed by this day after the first contact."""

WINS = round(WON * sum(MONTHS.values()))
"""Wins behind the published closing curve."""

ODDS = 1.26
"""Factor on the odds of every origin, that takes the longer window to the share won in these months."""

DAYS = 151
"""January to May."""


@dataclass(frozen=True)
class Measured:
    """The same things in a run; rows are replications.

    Parameters
    ----------
    daily : array
        Leads per day.
    won : dict of str to array
        Share won of the leads of each origin, and of all leads (``all``).
    closed : array
        Share of the eventual wins closed by each day of `CLOSED`, since the first touch.
    wins : array
        Wins until the end of the run.
    """

    daily: Numbers
    won: dict[str, Numbers]
    closed: Numbers
    wins: Numbers

    @property
    def monthly(self) -> Numbers:
        """Leads per month."""
        return np.stack([self.daily[:, month_of() == month].sum(axis=1) for month in range(5)], axis=1)

    @property
    def by_weekday(self) -> Numbers:
        """Mean leads per day, from Monday to Sunday."""
        return np.stack([self.daily[:, weekday_of() == day].mean(axis=1) for day in range(7)], axis=1)

    @property
    def dispersion(self) -> Numbers:
        """Pearson's statistic over its degrees of freedom, of the counts against month x weekday."""
        fitted = np.stack([margins(counts) for counts in self.daily])
        return ((self.daily - fitted) ** 2 / fitted).sum(axis=1) / (DAYS - 5 - 7 + 1)


def month_of() -> npt.NDArray[np.int64]:
    """The month of each day, January being 0."""
    days = np.datetime64("2018-01-01") + np.arange(DAYS)
    return days.astype("datetime64[M]").astype(np.int64) % 12


def weekday_of() -> npt.NDArray[np.int64]:
    """The weekday of each day; 1 January 2018 was a Monday."""
    return np.arange(DAYS) % 7


def margins(counts: Numbers) -> Numbers:
    """Means of the form month x weekday that have the margins of ``counts`` (iterative proportional fitting)."""
    fitted = np.ones(DAYS)
    for _ in range(50):
        for group in (month_of(), weekday_of()):
            fitted *= (np.bincount(group, counts) / np.bincount(group, fitted))[group]
    return fitted


def measure(result: fs.Result) -> Measured:
    """What a run of the scenario says about the published figures."""
    leads, deals = result.records("leads"), _deals(result)
    runs = range(result.replications)
    day = (leads["created"] // 24).astype(int)
    counted = (np.bincount(day[leads["replication"] == run], minlength=DAYS)[:DAYS] for run in runs)
    won = {
        origin: _share_won(leads[leads["source"] == origin], deals[deals["source"] == origin])
        for origin in ORIGINS
    }
    won["all"] = _share_won(leads, deals)
    eventual = won["all"] * leads.groupby("replication").size().to_numpy()
    wins = deals[deals["won"]]
    closed = [(wins["days"] <= limit).groupby(wins["replication"]).sum().to_numpy() / eventual for limit in CLOSED]
    return Measured(
        daily=np.stack([*counted]).astype(float),
        won=won,
        closed=np.stack(closed, axis=1),
        wins=wins.groupby("replication").size().to_numpy(dtype=float),
    )


def _deals(result: fs.Result) -> pd.DataFrame:
    """Leads passed on to a sales rep: whether they were decided and won, and days since the first touch."""
    lead = ["replication", "lead"]
    visits = result.records("visits")
    first, last = (visits[visits["stage"] == stage] for stage in ("qualify", "close"))
    deals = last.merge(first[[*lead, "first_touch"]], on=lead, suffixes=("", "_qualify"))
    deals = deals.merge(result.records("leads")[[*lead, "source"]], on=lead)
    return deals.assign(
        won=deals["outcome"] == "advanced",
        decided=deals["left"].notna(),
        days=(deals["left"] - deals["first_touch_qualify"]) / 24,
    )


def _share_won(leads: pd.DataFrame, deals: pd.DataFrame) -> Numbers:
    """The share of leads that are won in the end, for each replication.

    Wins and losses take equally long here, so that the deals still open at the end bias this by nothing.
    """
    by_run = deals.groupby("replication")
    eventual = by_run.size() * by_run["won"].sum() / by_run["decided"].sum()
    return (eventual / leads.groupby("replication").size()).to_numpy(dtype=float)


# --- the picture ------------------------------------------------------------------------------------------------

INK, REAL, SIMULATED = "#1F2D3A", "#C8443C", "#3E6C9E"
TITLE: dict[str, Any] = {"fontsize": 11, "fontweight": "bold", "color": INK}


def draw(found: Measured, path: Path) -> None:
    """Published (red) against simulated (blue: mean, and the range of nineteen in twenty replications)."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, ((curve, origins), (months, weekdays)) = pyplot.subplots(2, 2, figsize=(11, 7.2), layout="constrained")
    _closing(curve, found)
    _origins(origins, found)
    _bars(months, "Leads per month, 2018", list(MONTHS), list(MONTHS.values()), found.monthly)
    _bars(weekdays, "Leads per day, by weekday", list(WEEKDAYS), list(WEEKDAYS.values()), found.by_weekday)
    for axes in (curve, origins, months, weekdays):
        axes.spines[["top", "right"]].set_visible(False)
    figure.legend(
        *curve.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize=10
    )
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _spread(values: Numbers) -> tuple[Numbers, Numbers]:
    low, high = np.quantile(values, [0.025, 0.975], axis=0)
    return low, high


def _error(values: Numbers) -> Numbers:
    low, high = _spread(values)
    mean = values.mean(axis=0)
    return np.stack([mean - low, high - mean])


def _closing(axes: matplotlib.axes.Axes, found: Measured) -> None:
    days, shares = list(CLOSED), np.array(list(CLOSED.values()))
    axes.fill_between(days, *_spread(found.closed), color=SIMULATED, alpha=0.2, lw=0)
    mean = found.closed.mean(axis=0)
    axes.plot(days, mean, color=SIMULATED, marker="o", ms=3.5, label="simulated, with 95 % range")
    chance = 1.96 * np.sqrt(shares * (1 - shares) / WINS)
    axes.errorbar(
        days, shares, chance, fmt="D", ms=5, color=REAL, capsize=3, lw=1.2, label="published, with sampling error"
    )
    axes.set(xscale="log", ylim=(0, 1), xlabel="days since the first contact (log scale)")
    axes.set_xticks(days, [str(day) for day in days])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, 0))
    axes.grid(alpha=0.25)
    axes.set_title("Closing curve: share of the wins closed", loc="left", **TITLE)


def _origins(axes: matplotlib.axes.Axes, found: Measured) -> None:
    names = sorted(ORIGINS, key=lambda name: ORIGINS[name][0])
    rows = np.arange(len(names))
    real = np.array([ORIGINS[name][0] for name in names])
    size = np.array([ORIGINS[name][1] for name in names])
    odds = np.stack([found.won[name] / (1 - found.won[name]) / ODDS for name in names], axis=1)
    simulated = odds / (1 + odds)
    mean, away = simulated.mean(axis=0), _error(simulated)
    axes.errorbar(mean, rows + 0.13, xerr=away, fmt="o", ms=4, color=SIMULATED, capsize=3, lw=1.2)
    chance = 1.96 * np.sqrt(real * (1 - real) / size)
    axes.errorbar(real, rows - 0.13, xerr=chance, fmt="D", ms=4.5, color=REAL, capsize=3, lw=1.2)
    axes.set_yticks(rows, [name.replace("_", " ") for name in names])
    axes.set_xlim(0)
    axes.xaxis.set_major_locator(matplotlib.ticker.MultipleLocator(0.05))
    axes.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, 0))
    axes.grid(axis="x", alpha=0.25)
    axes.set_title("Share won by origin (odds / 1.26: longer window)", loc="left", **TITLE)


def _bars(axes: matplotlib.axes.Axes, title: str, names: list[str], real: list[float], values: Numbers) -> None:
    places = np.arange(len(names))
    axes.bar(places + 0.2, values.mean(axis=0), 0.38, color=SIMULATED, alpha=0.75)
    axes.errorbar(places + 0.2, values.mean(axis=0), _error(values), fmt="none", color=INK, capsize=3, lw=1)
    axes.bar(places - 0.2, real, 0.38, color=REAL, alpha=0.85)
    axes.set_xticks(places, names)
    axes.grid(axis="y", alpha=0.25)
    axes.set_axisbelow(True)
    axes.set_title(title, loc="left", **TITLE)


if __name__ == "__main__":
    draw(measure(fs.simulate(fs.load(SCENARIO), replications=30)), PICTURE)
