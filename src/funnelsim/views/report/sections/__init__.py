"""The parts of a report, each of which says whether it applies to what it was given, and of what it is made."""

from __future__ import annotations

from . import (
    answer,
    appendix,
    carve,
    causes,
    differences,
    fates,
    fiscal,
    groups,
    line,
    own_data,
    points,
    targets,
    trust,
    whatif,
    worlds,
)
from .section import Section

SECTIONS: tuple[Section, ...] = (
    answer.ANSWER,
    line.LINE,
    differences.DIFFERENCES,
    differences.PREDICTIONS,
    groups.GROUPS,
    fates.FATES,
    causes.CAUSES,
    worlds.WORLDS,
    targets.TARGETS,
    answer.CASES,
    own_data.BACKTEST,
    own_data.BESIDE,
    own_data.ESTIMATES,
    own_data.FINDINGS,
    points.STEPS,
    points.CHOICE,
    points.OPTIMUM,
    points.POINTS,
    points.FACTORS,
    whatif.WHAT_IF,
    line.PLACES,
    line.LOSSES,
    line.MONTHS,
    fiscal.QUARTERS,
    carve.CARVE,
    trust.SURE,
    trust.EVIDENCE,
    trust.ASSUMPTIONS,
    appendix.FIGURES,
    appendix.DEFINITIONS,
    appendix.INPUTS,
    appendix.STRESS,
    appendix.PROVENANCE,
)
"""In the order of the page: the answer, the picture, tables, how sure it is, what was assumed, the appendix."""

__all__ = ["SECTIONS", "Section"]
