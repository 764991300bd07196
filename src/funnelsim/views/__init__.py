"""What people look at and read. Nothing here computes a KPI; it shows what `results` has computed.

`words` has all texts and how numbers are written, `sentences` says in them what came out, `pictures` draws it,
`report` puts all of it into one file to hand over, and `player` shows one replication as a film.

Here is registered what shows which result, since results cannot import the room above them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

REGISTER = {
    "plot": {
        "Backtest": "pictures.own_data.fans.Plot",
        "Causes": "pictures.reasons.causes.Plot",
        "Choice": "pictures.choice.Plot",
        "Comparison": "comparison.Plot",
        "Diagnosis": "diagnosis.Plot",
        "Fates": "pictures.reasons.fates.Plot",
        "Fit": "pictures.own_data.fits.Plot",
        "Life": "pictures.life.Plot",
        "Optimum": "optimum.Plot",
        "Outlook": "pictures.outlooks.Plot",
        "Result": "accessor.Plot",
        "Sensitivity": "pictures.indices.Plot",
        "SweepResult": "pictures.sweep.SweepPlot",
        "Tornado": "diagnosis.TornadoPlot",
        "WarmUp": "pictures.warmup.Plot",
    },
    "words": {
        "Backtest": "sentences.own_data.backtests.sentences",
        "Causes": "sentences.reasons.causes.sentences",
        "Choice": "sentences.choice.sentences",
        "Comparison": "sentences.comparison.sentences",
        "Diagnosis": "sentences.diagnosis.words",
        "Fates": "sentences.reasons.fates.sentences",
        "Fit": "sentences.own_data.calibration.sentences",
        "Life": "sentences.lives.sentences",
        "Foretold": "sentences.predictions.words",
        "Optimum": "sentences.optimum.sentences",
        "Outlook": "sentences.outlooks.sentences",
        "Tuned": "sentences.own_data.tuning.sentences",
        "Verification": "sentences.predictions.held",
    },
    "verdict": {"Result": "sentences.limiting.verdict", "WarmUp": "sentences.warmup.verdict"},
    "caution": {"Result": "sentences.limiting.caution"},
    "heads": {"Diagnosis": "sentences.diagnosis.head"},
    "promise": {"Choice": "sentences.choice.promise"},
    "drove": {"Comparison": "sentences.comparison.drove"},
    "method": {"Comparison": "sentences.comparison.method"},
    "expected": {"Foretold": "sentences.predictions.expected"},
    "outcome": {"Foretold": "sentences.predictions.outcome"},
    "remark": {"Foretold": "sentences.predictions.remark"},
    "replay": {
        "Comparison": "player.making.of_comparison",
        "Result": "player.making.of_result",
    },
    "lead": {"Result": "player.lives.of_result"},
    "outlooks": {"Result": "outlooks.of_result"},
    "counted": {"Diagnosis": "sentences.diagnosis.counted"},
    "report": {"Told": "report.making.report"},
}
"""By part and class of a result the module of this room, and the name in it, that shows it."""


def registered(kind: str, result: type) -> Any:
    """What shows a part of a class of results, or of the class that it was made of."""
    homes = REGISTER[kind]
    home = next(homes[each.__name__] for each in result.__mro__ if each.__name__ in homes)
    module, _, name = home.rpartition(".")
    return getattr(import_module(f"{__name__}.{module}"), name)
