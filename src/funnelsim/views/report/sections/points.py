"""What diagnoses, choices, optimisations, sweeps and sensitivity analyses found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.study.question import less_is_better
from funnelsim.scenario.study.factors import told

from ...pictures import heat, style
from ...sentences.diagnosis import head
from ...sentences.figures import kpi_name
from ...sentences.optimum_names import Names
from ...words import numbers, say
from ..blocks import Block, Cell, Head, Listing, Picture, Row, Table, Text
from .section import Section, apart, columns, share, verdict

if TYPE_CHECKING:
    from funnelsim.experiments.diagnosis.result import Diagnosis
    from funnelsim.experiments.sensitivity.tornado import Tornado
    from funnelsim.experiments.store.estimates import PointEstimates
    from funnelsim.experiments.store.store import StoredPoint

    from ..given import Given
    from ..stored import Stored

SHOWN = 40
"""Points in a table of the page."""

# --- a diagnosis ----------------------------------------------------------------------------------------------


def _steps(given: Given) -> Iterator[Block]:
    diagnosis = given.diagnosis
    assert diagnosis is not None
    title, said = say("report.steps.title"), say("report.steps.description")
    yield Picture("steps", title, said, diagnosis.plot.steps)
    for name, texts in diagnosis.words.items():
        yield Head(head(name))
        yield from map(Text, texts)
    yield _trials(diagnosis)


def _trials(diagnosis: Diagnosis) -> Table:
    """What was tried in each step."""
    rows: list[Row] = []
    for focus in diagnosis.focus:
        for each in focus.trials:
            through, money = each.through, each.money
            gain = apart(through)
            worth = Cell(numbers.DASH)
            if money is not None:
                worth = apart(money)
            rows.append((head(focus.name), each.name, gain, worth, verdict(through.verdict)))
    heads = columns("step", "change", "through", "contribution", "known")
    return Table("steps", say("report.steps.caption"), heads, tuple(rows))


# --- a choice -------------------------------------------------------------------------------------------------


def _choice(given: Given) -> Iterator[Block]:
    choice = given.choice
    assert choice is not None
    yield Listing(tuple(choice.words))
    rows: list[Row] = []
    for arm in choice.arms:
        chance = choice.chances.get(arm.name)
        best = Cell(numbers.DASH) if chance is None else Cell(numbers.probability(chance), chance, "share")
        rows.append((arm.name, Cell.of(arm.estimate(choice.kpi)), Cell.count(arm.replications), best))
    heads = columns("line", "estimate", "replications", "is_best")
    yield Table("choice", choice.kpi, heads, tuple(rows))


# --- an optimisation ------------------------------------------------------------------------------------------


def _optimum(given: Given) -> Iterator[Block]:
    optimum = given.optimum
    assert optimum is not None
    if len(optimum.front) > 1:
        title, said = say("report.frontier.title"), say("report.frontier.description")
        yield Picture("frontier", title, said, optimum.plot.frontier)
    yield Listing(tuple(optimum.words))
    names = Names(optimum)
    rows: list[Row] = []
    for one in optimum.ranked[:SHOWN]:
        count = one.replications if one.measured is None else optimum.found.measured
        latest = one.latest or {}
        figures = [Cell.of(latest.get(name)) for name in optimum.goal.kpis]
        rows.append((names.point(one), optimum.known(one), Cell.count(count), *figures))
    heads = columns("point", "known", "replications")
    caption = say(
        "report.optimum.caption", number=f"{len(optimum.ranked):,}", shown=min(SHOWN, len(optimum.ranked))
    )
    yield Table("points", caption, (*heads, *optimum.goal.kpis), tuple(rows))


# --- a sweep --------------------------------------------------------------------------------------------------


def called(point: StoredPoint) -> str:
    """A point in words: its arm and its values."""
    values = [f"{name} {told(value)}" for name, value in point.factors.items()]
    return ", ".join([*([point.arm] if point.arm != "base" or not values else []), *values])


def figure(each: PointEstimates, kpi: str) -> float | None:
    """A figure of a point, if it has it."""
    estimate = each.estimates.get(kpi)
    return None if estimate is None else estimate.mean


def _points(given: Given) -> Iterator[Block]:
    stored = given.stored
    assert stored is not None
    main = stored.kpis[0] if stored.kpis else ""
    sign = -1 if less_is_better(main) else 1

    def rank(each: PointEstimates) -> float:
        value = figure(each, main)
        return float("inf") if value is None else -sign * value

    ranked = sorted(stored.readings, key=rank)
    several = len(stored.arms) > 1
    rows = [_point_row(each, stored.factors, stored.kpis, several) for each in ranked[:SHOWN]]
    heads = [say("report.col.arm")] if several else []
    heads += [*stored.factors, say("report.col.replications"), *stored.kpis]
    yield from _heat(stored, main)
    caption = say("report.points.caption", number=f"{len(ranked):,}", shown=len(rows), kpi=main)
    yield Table("points", caption, tuple(heads), tuple(rows), mark=0 if rows else None)
    failed = [each for each in stored.readings if each.error]
    if failed:
        yield Text(say("report.points.failed", number=len(failed), error=str(failed[0].error)))


def _heat(stored: Stored, kpi: str) -> Iterator[Picture]:
    """The main KPI by two factors, where just two vary and have room."""
    try:
        found = heat.grid(stored.readings, kpi, None, None, None)
    except FunnelsimError:
        return
    title = say("picture.heat.head", kpi=kpi_name(kpi), name=stored.name)
    said = say("picture.heat.outlined")
    yield Picture("heat", title, said, lambda: style.stamped(heat.draw(stored.name, found, kpi), stored.stamp))


def _point_row(each: PointEstimates, factors: Sequence[str], kpis: Sequence[str], several: bool) -> Row:
    arm = [each.point.arm] if several else []
    values = [_value(each.point.factors.get(name)) for name in factors]
    figures = [Cell.of(each.estimates.get(kpi)) for kpi in kpis]
    return (*arm, *values, Cell.count(each.replications), *figures)


def _value(value: Any) -> str | Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(told(value), float(value))
    return "" if value is None else told(value)


# --- sensitivity ----------------------------------------------------------------------------------------------


def _factors(given: Given) -> Iterator[Block]:
    if given.tornado is not None:
        yield from _tornado(given.tornado)
    if given.indices is not None:
        found = given.indices
        title, said = say("report.factors.title", kpi=found.kpi), say("report.factors.description")
        yield Picture("factors", title, said, _main_picture(found.plot))
        rows = tuple(
            (each.factor, Cell(numbers.amount(each.main), each.main), Cell(numbers.amount(each.other), each.other))
            for each in sorted(found.indices, key=lambda each: -each.main)
        )
        keys = ("factor", *(("first", "total") if found.method == "sobol" else ("mu_star", "sigma")))
        heads = tuple(say(f"report.col.{key}") for key in keys)
        yield Table("factors", say(f"report.factors.{found.method}"), heads, rows)


def _main_picture(plot: Any) -> Any:
    """The method that draws the one picture of a result."""
    return next(getattr(plot, name) for name in dir(plot) if not name.startswith("_") and name != "html")


def _tornado(found: Tornado) -> Iterator[Block]:
    title, said = say("report.factors.title", kpi=found.kpi), say("report.factors.description")
    yield Picture("tornado", title, said, found.plot.tornado)
    rows: list[Row] = []
    for bar in found.bars:
        for end, each in zip(bar.ends, (bar.less, bar.more), strict=True):
            if each is not None:
                part = Cell(share(each), each.share, "share")
                rows.append((bar.factor, end, apart(each), part, verdict(each.verdict)))
    heads = columns("factor", "change", "difference", "share", "known")
    yield Table("factors", say("report.tornado.caption", kpi=found.kpi), heads, tuple(rows))


STEPS = Section("steps", lambda given: given.diagnosis is not None, _steps)
CHOICE = Section("choice", lambda given: given.choice is not None, _choice)
OPTIMUM = Section("optimum", lambda given: given.optimum is not None, _optimum)
POINTS = Section("points", lambda given: given.stored is not None, _points)
FACTORS = Section("factors", lambda given: given.tornado is not None or given.indices is not None, _factors)
