"""The KPIs that a study names, checked before anything is run."""

from __future__ import annotations

from funnelsim.errors import ScenarioError
from funnelsim.results.kpis import kpi_indicators
from funnelsim.scenario.forms.base import unknown
from funnelsim.scenario.study import Study


def check_study_kpis(study: Study) -> None:
    """Refuse KPIs that no arm has.

    Raises
    ------
    ScenarioError
        With each of them, and where it stands.
    """
    from funnelsim.model.compile import compile_model

    wanted: list[tuple[tuple[str | int, ...], str]]
    wanted = [(("kpis", at), name) for at, name in enumerate(study.spec.kpis)]
    wanted += [
        ((key,), name) for key in ("maximise", "minimise") if (name := getattr(study.spec, key)) is not None
    ]
    wanted += [(("constraints", name), name) for name in study.spec.constraints]
    wanted += [(("predicts", at, "kpi"), each.kpi) for at, each in enumerate(study.spec.predicts)]
    if not wanted:
        return
    known = {kpi.name for arm in study.arms.values() for kpi in kpi_indicators(compile_model(arm))}
    wrong = [
        study.problem(path, unknown("KPI", name, sorted(known))) for path, name in wanted if name not in known
    ]
    if wrong:
        raise ScenarioError(wrong)
