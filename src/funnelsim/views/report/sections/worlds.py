"""How far plausible inputs lead apart, and how much of that is luck."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...sentences.reasons import worlds
from ...words import numbers, say
from ..blocks import Block, Cell, Listing, Row, Table, Text
from .answer import CASES_OF
from .section import Section, kpis_of

if TYPE_CHECKING:
    from funnelsim.results.result import Result
    from funnelsim.results.worlds import Doubt

    from ..given import Given

_HEADS = ("kpi", "mean", "range", "luck", "inputs", "guess")


def _worlds(given: Given) -> Iterator[Block]:
    run, found = given.run, given.comparison
    if found is not None and found.base.over is not None:
        yield Listing(tuple(worlds.of_differences(found)))
        yield Text(worlds.how(found.base.over.how), "note")
    if run is None or run.worlds is None:
        return
    yield Listing(tuple(worlds.sentences(run)))
    heads = tuple(say(f"report.worlds.{each}") for each in _HEADS)
    yield Table("worlds", say("report.worlds.caption"), heads, tuple(_rows(run)))
    yield Text(worlds.how(run.worlds.how), "note")


def _rows(run: Result) -> Iterator[Row]:
    for name, kpi in kpis_of(run.model).items():
        if name in CASES_OF and run.doubts[name].estimate.mean:
            yield _row(kpi.label, run.doubts[name])


def _row(label: str, doubt: Doubt) -> Row:
    unit, split, guess = doubt.estimate.unit, doubt.split, doubt.best_guess
    low, high = doubt.range or (None, None)
    span = numbers.span({"range_low": low, "range_high": high, "unit": unit})
    shares = (None, None) if split is None else (split.luck, 1 - split.luck)
    mean = doubt.estimate
    return (
        label,
        Cell(numbers.estimate(mean.to_dict()), mean.mean, unit, mean.low, mean.high),
        span,
        *(Cell(numbers.DASH if one is None else numbers.percent(one), one, "share") for one in shares),
        Cell(numbers.DASH) if guess is None else Cell(numbers.estimate(guess.to_dict()), guess.mean, unit),
    )


def _applies(given: Given) -> bool:
    run, found = given.run, given.comparison
    return (run is not None and run.worlds is not None) or (found is not None and found.base.over is not None)


WORLDS = Section("worlds", _applies, _worlds)
