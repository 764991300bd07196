"""Firms whose truth is known, for round trips: simulated, exported as a CRM would, and calibrated."""

from __future__ import annotations

from typing import Any

import funnelsim as fs

FIRM: dict[str, Any] = {
    "name": "Truth",
    "start": "2024-01-01",
    "horizon": "31 mo",
    "calendars": {"office": {"days": "mon-fri", "hours": ["09:00-12:00", "13:00-18:00"]}},
    "segments": {
        "small": {"share": 0.7, "value": {"dist": "lognormal", "median": 9000, "sigma": 0.5}},
        "large": {"share": 0.3, "value": {"dist": "lognormal", "median": 40000, "sigma": 0.6}},
    },
    "opening": {"leads": {"qualify": 30, "discover": 40, "propose": 35, "close": 20}},
    "sources": {
        "web": {
            "rate": "250 / mo", "growth": 0.15, "dispersion": 2.8,
            "pattern": {"weekday": [1.2, 1.1, 1.0, 1.0, 0.9, 0.5, 0.4]},
        },
        "event": {"rate": "70 / mo", "mix": {"small": 0.5, "large": 0.5}},
    },
    "teams": {
        "sdr": {"headcount": 6, "selling_share": 0.6, "queue": "fifo", "skill": {"sd": 0.35}, "attrition": 0.2},
        "ae": {"headcount": 9, "selling_share": 0.6, "queue": "fifo", "skill": {"sd": 0.35}, "attrition": 0.2},
    },
    "stages": {
        "qualify": {
            "team": "sdr", "effort": {"dist": "gamma", "mean": "75 min", "cv": 0.6},
            "convert": {"web": 0.5, "event": 0.65},
            "decision": {
                "advanced": {"dist": "lognormal", "median": "4 d", "sigma": 0.7},
                "lost": {"dist": "gamma", "mean": "9 d", "cv": 0.8},
            },
            "next": {"discover": 0.95, "propose": 0.05},
        },
        "discover": {
            "team": "ae", "effort": {"dist": "gamma", "mean": "90 min", "cv": 0.6},
            "convert": {"small": 0.62, "large": 0.5},
            "decision": {
                "advanced": {"dist": "lognormal", "median": "8 d", "sigma": 0.7},
                "lost": {"dist": "weibull", "shape": 1.3, "scale": "20 d"},
            },
        },
        "propose": {
            "team": "ae", "effort": {"dist": "gamma", "mean": "150 min", "cv": 0.6}, "convert": 0.5,
            "timeout": "90 d",
            "decision": {
                "advanced": {"dist": "lognormal", "median": "14 d", "sigma": 0.8},
                "lost": {"dist": "lognormal", "median": "25 d", "sigma": 0.8},
            },
            "otherwise": {"discover": 0.08, "competitor": 0.4, "no_decision": 0.52},
        },
        "close": {
            "team": "ae", "effort": {"dist": "gamma", "mean": "120 min", "cv": 0.6}, "convert": 0.75,
            "decision": {
                "advanced": {"dist": "gamma", "mean": "10 d", "cv": 0.7},
                "lost": {"dist": "lognormal", "median": "18 d", "sigma": 0.6},
            },
        },
    },
}  # fmt: skip
"""Two sources and segments, two teams whose people differ and leave, stages with skips, returns and a deadline."""

CUT = 913.0
"""Days from the start to the end of the records: thirty months, of which the first six were not recorded."""

RECORDED = 183.0


def firm(**changed: Any) -> fs.Scenario:
    """The firm, with changes by path."""
    return fs.Scenario.from_dict(FIRM).change(changed) if changed else fs.Scenario.from_dict(FIRM)
