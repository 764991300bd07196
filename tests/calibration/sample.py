"""The export that examples, documentation and the notebook calibrate from: of a firm that never was.

``python tests/calibration/sample.py`` writes ``examples/crm/`` anew.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

import funnelsim as fs
from calibration.exporting import export
from funnelsim.calibration.history import LOST, OPEN, WON, Deals, History, Visits

FOLDER = Path(__file__).parents[2] / "examples" / "crm"

FIRM = {
    "name": "Kestrel Instruments",
    "start": "2024-01-01",
    "horizon": "31 mo",
    "calendars": {"office": {"days": "mon-fri", "hours": ["09:00-12:00", "13:00-18:00"]}},
    "segments": {
        "small": {"share": 0.7, "value": {"dist": "lognormal", "median": 9000, "sigma": 0.5}},
        "large": {"share": 0.3, "value": {"dist": "lognormal", "median": 40000, "sigma": 0.6}},
    },
    "opening": {"leads": {"qualify": 10, "propose": 14, "negotiate": 6}},
    "sources": {
        "web": {"rate": "44 / mo", "dispersion": 1.8, "pattern": {"weekday": [1.2, 1.1, 1.0, 1.0, 0.9, 0.4, 0.4]}},
        "trade fair": {"rate": "14 / mo"},
    },
    "teams": {
        "inside": {"headcount": 2, "selling_share": 0.25, "queue": "fifo"},
        "field": {"headcount": 4, "selling_share": 0.25, "queue": "fifo", "skill": {"sd": 0.35}},
    },
    "stages": {
        "qualify": {
            "team": "inside", "effort": {"dist": "gamma", "mean": "75 min", "cv": 0.6},
            "convert": {"web": 0.45, "trade fair": 0.6},
            "decision": {"advanced": {"dist": "lognormal", "median": "4 d", "sigma": 0.7},
                         "lost": {"dist": "gamma", "mean": "9 d", "cv": 0.8}},
        },
        "propose": {
            "team": "field", "effort": {"dist": "gamma", "mean": "4 h", "cv": 0.6}, "convert": 0.5,
            "decision": {"advanced": {"dist": "lognormal", "median": "14 d", "sigma": 0.8},
                         "lost": {"dist": "lognormal", "median": "25 d", "sigma": 0.8}},
        },
        "negotiate": {
            "team": "field", "effort": {"dist": "gamma", "mean": "3 h", "cv": 0.6}, "convert": 0.7,
            "decision": {"advanced": {"dist": "gamma", "mean": "10 d", "cv": 0.7},
                         "lost": {"dist": "lognormal", "median": "18 d", "sigma": 0.6}},
        },
    },
}  # fmt: skip

START, END, SEED = 182.0, 912.0, 4
"""Days from the start of the firm that are recorded: 1 July 2024 to 30 June 2026."""

PEOPLE = {
    "inside": ("Amélie Faure", "佐藤 健"),
    "field": ("Björn Åkesson", "Chidi Okafor", "Inês Duarte", "田中 美咲"),
}
STAGES = {"qualify": "Qualification", "propose": "Proposal", "negotiate": "Negotiation"}
OUTCOMES = {WON: "Closed Won", LOST: "Closed Lost", OPEN: "Open"}


def tables() -> dict[str, pd.DataFrame]:
    """What the firm's CRM exports, by the name of the file."""
    history = export(fs.Scenario.from_dict(FIRM), start=START, end=END, seed=SEED, level=2)
    rng = np.random.default_rng(SEED)
    ids = [f"D-{each}" for each in 10_000 + rng.choice(90_000, len(history.deals), replace=False)]
    kept = _kept(history.visits, history.deals)
    return {
        "deal_stages.csv": _stages(history, ids, kept),
        "deals.csv": _deals(history, ids, kept),
    }


def _kept(visits: Visits, deals: Deals) -> np.ndarray:
    """Deals that were not closed before records began."""
    return ~(deals.closed < START)


def _stages(history: History, ids: list[str], kept: np.ndarray) -> pd.DataFrame:
    visits = history.visits
    names = [name for team in PEOPLE for name in PEOPLE[team]]
    rows = np.flatnonzero(kept[visits.deal] & ~(visits.left < START))
    return pd.DataFrame({
        "Deal ID": [ids[visits.deal[row]] for row in rows],
        "Stage": [STAGES[history.stages[visits.stage[row]]] for row in rows],
        "Entered": [_moment(history, visits.entered[row]) for row in rows],
        "Left": [_moment(history, visits.left[row]) for row in rows],
        "Owner": [names[visits.owner[row]] if visits.owner[row] >= 0 else "" for row in rows],
        "First touch": [_moment(history, visits.first_touch[row]) for row in rows],
        "Last touch": [_moment(history, visits.last_touch[row]) for row in rows],
    }).sort_values(["Entered", "Deal ID"])  # fmt: skip


def _deals(history: History, ids: list[str], kept: np.ndarray) -> pd.DataFrame:
    deals = history.deals
    rows = np.flatnonzero(kept)
    return pd.DataFrame({
        "Deal ID": [ids[row] for row in rows],
        "Created": [_moment(history, deals.created[row]) for row in rows],
        "Source": [history.sources[deals.source[row]] for row in rows],
        "Segment": [history.segments[deals.segment[row]] for row in rows],
        "Amount": [f"{deals.amount[row]:.0f}" for row in rows],
        "Closed": [_moment(history, deals.closed[row]) for row in rows],
        "Outcome": [OUTCOMES[int(deals.outcome[row])] for row in rows],
    }).sort_values(["Created", "Deal ID"])  # fmt: skip


def _moment(history: History, days: float) -> str:
    if np.isnan(days):
        return ""
    moment = dt.datetime.combine(history.origin, dt.time()) + dt.timedelta(days=float(days))
    return moment.strftime("%Y-%m-%d %H:%M")


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, table in tables().items():
        table.to_csv(FOLDER / name, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
