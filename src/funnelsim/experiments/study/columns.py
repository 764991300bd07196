"""Names of factors beside the columns that every table of points has: two columns of one name would be one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from funnelsim.errors import Problem
from funnelsim.scenario.study.study import Study

from ..store.points import columns


def clashes(study: Study, kpis: Iterable[str]) -> Iterator[Problem]:
    """Factors of a study that are called like a column of its exported table."""
    taken = columns([], list(kpis))
    table = study.spec.design.kind == "table"
    for factor in study.factors:
        if factor.name in taken:
            what = "a lever" if factor.lever else "a factor"
            hint = "give its file another name" if factor.lever else "give it by a longer path"
            said = f"{factor.name!r} is a column of every table of points, so {what} cannot be called that; {hint}"
            yield study.problem(
                ("design", "table") if table else ("vary", factor.name), said, code="E-name-reserved"
            )
