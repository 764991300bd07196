"""Pictures of results. Nothing here computes a KPI; it shows what `results` has computed.

Here is registered what shows which result, since results cannot import the room above them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

REGISTER = {
    "plot": {
        "Choice": "choice.Plot",
        "Comparison": "comparison.Plot",
        "Diagnosis": "diagnosis.Plot",
        "Optimum": "optimum.Plot",
        "Result": "accessor.Plot",
        "Sensitivity": "indices.Plot",
        "SweepResult": "sweep_picture.SweepPlot",
        "Tornado": "diagnosis.TornadoPlot",
        "WarmUp": "warmup.Plot",
    },
    "words": {
        "Choice": "choice_words.sentences",
        "Comparison": "comparison_words.sentences",
        "Diagnosis": "diagnosis_words.words",
        "Optimum": "optimum_words.sentences",
    },
    "heads": {"Diagnosis": "diagnosis_words.HEADS"},
}
"""By part and class of a result the module of this room, and the name in it, that shows it."""


def registered(kind: str, result: type) -> Any:
    """What shows a part of a class of results, or of the class that it was made of."""
    homes = REGISTER[kind]
    module, name = next(homes[each.__name__] for each in result.__mro__ if each.__name__ in homes).split(".")
    return getattr(import_module(f"{__name__}.{module}"), name)
