"""From the firm's own records to a scenario that was tested on the past.

`reading` turns exports into a `History`, `estimating` turns its columns into numbers with intervals, `fitting`
writes the scenario, and `testing` holds it against what came afterwards.

>>> from funnelsim.calibration import read_history, calibrate, backtest
>>> history = read_history(["deal_stages.csv", "deals.csv"], "mapping.yaml")  # doctest: +SKIP
>>> fit = calibrate(history, "assume.yaml")  # doctest: +SKIP
>>> backtest(history, "assume.yaml").plot.fans()  # doctest: +SKIP

The names below are looked up when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .fitting.assume import Assumptions
    from .fitting.fit import Fit, calibrate
    from .history import History
    from .reading import Mapping, guess_mapping, read_history
    from .reading.looking import look
    from .testing.backtest import Backtest, backtest

__all__ = [
    "Assumptions",
    "Backtest",
    "Fit",
    "History",
    "Mapping",
    "backtest",
    "calibrate",
    "guess_mapping",
    "look",
    "read_history",
]

_HOMES = {
    "Assumptions": "fitting.assume",
    "Backtest": "testing.backtest",
    "Fit": "fitting.fit",
    "History": "history",
    "Mapping": "reading",
    "backtest": "testing.backtest",
    "calibrate": "fitting.fit",
    "guess_mapping": "reading",
    "look": "reading.looking",
    "read_history": "reading",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
