"""Replays of results: one replication again with its event log, and the page of it.

A replication is the same whenever it is made: it is run again with the seed of the result, and refused where that
does not give the figures that the result has, as with rules of Python that are not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from funnelsim import disk
from funnelsim.engine import engines
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.comparison.worlds import refuse
from funnelsim.experiments.running.memory import Plans, check_memory
from funnelsim.experiments.running.replications import replicate
from funnelsim.results.measures.summary import Tally, tally

from ..words import speaking
from .page import About, page
from .tape import DAY
from .told import Take

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.model.model import Model
    from funnelsim.model.records import Records
    from funnelsim.results.result import Result
    from funnelsim.results.stamp import Stamp

ENDINGS = (".html", ".htm")

MOST_DAYS = 7_320
"""Days of a replay, at most (twenty years): what is known of each day is on the page."""


def check(out: Path | str) -> Path:
    """The file to write, where it could be written.

    Raises
    ------
    FunnelsimError
        If it has no name of a page, or cannot be written.
    """
    out = Path(out)
    if out.suffix.lower() not in ENDINGS:
        raise FunnelsimError(
            f"{out}: a replay is one HTML file; give it a name such as {out.with_suffix('.html')}",
            code="E-output-ending",
        )
    disk.check_output(out)
    return out


def check_clock(models: Sequence[Model]) -> None:
    """Refuse arms that cannot be shown on one clock, before they are run.

    Raises
    ------
    FunnelsimError
        If they do not begin, count and end at the same times, or are too long.
    """
    if any(model.horizon > MOST_DAYS * DAY for model in models):
        raise FunnelsimError(
            f"a replay is of at most {MOST_DAYS:,} days; give the scenario a shorter horizon", code="E-size-replay"
        )
    if len({(model.start, model.horizon, model.warmup) for model in models}) > 1:
        raise FunnelsimError(
            "two arms run on one clock, so they need the same start, horizon and warmup", code="E-arms-unlike"
        )


def take(name: str, model: Model, seed: int, replication: int, engine: str) -> Take:
    """One replication with its event log; ``replication`` counts from 1.

    Raises
    ------
    FunnelsimError
        If there is no such replication, or it does not fit into memory.
    """
    if replication < 1:
        raise FunnelsimError(
            f"replication must be at least 1, but got {replication}; 1 is the first", code="E-replication-none"
        )
    engine = engines.choose(engine)
    check_memory(model, Plans(1, 1, engine, keep=True, events=True))
    return Take(name, model, replicate(model, seed, replication - 1, engine, events=True, keep=True))


def write(out: Path, takes: Sequence[Take], replication: int, stamp: Stamp, title: str | None = None) -> Path:
    """Write the page of one arm or of two on one clock."""
    about = About(title or takes[0].model.spec.name, replication, stamp.seed, stamp.lines)
    text = page(takes, about)
    with disk.written(out) as part:
        part.write_text(text, encoding="utf-8")
    return out


def of_result(result: Result, out: Path | str, *, replication: int, title: str | None, lang: str | None) -> Path:
    """The replay of a result; see `Result.replay`."""
    out = check(out)
    check_clock([result.model])
    found = taken(result, replication)
    with speaking(lang):
        return write(out, [found], replication, result.stamp, title)


def taken(result: Result, replication: int) -> Take:
    """One replication of a result with its event log: the one that was kept, or the same run again.

    Raises
    ------
    FunnelsimError
        If there is no such replication, or it cannot be run again.
    """
    _there(replication, result.replications)
    if result.worlds is not None:
        raise FunnelsimError(
            "a replication over worlds is that of another scenario each; run without worlds to see single runs",
            code="E-records-none",
        )
    kept = _kept(result, replication)
    name, measured = result.model.spec.name, result.tallies[replication - 1]
    return Take(name, result.model, kept) if kept else _again(name, result.model, result, replication, measured)


def _kept(result: Result, replication: int) -> Records | None:
    """The records of a replication with its event log, if they were kept."""
    try:
        records = result.replicates[replication - 1]
    except FunnelsimError:
        return None
    return None if records.events is None else records


def of_comparison(
    comparison: Comparison,
    out: Path | str,
    *,
    against: str | None,
    replication: int,
    title: str | None,
    lang: str | None,
) -> Path:
    """The replay of two arms of a comparison; see `Comparison.replay`."""
    out = check(out)
    refuse(comparison, "films")
    _there(replication, comparison.replications)
    others = {arm.name: arm for arm in comparison.arms if arm.name != comparison.base.name}
    if against is None and len(others) > 1:
        raise FunnelsimError(
            f"a replay shows two arms; name one of them with against: {', '.join(others)}", code="E-arms-many"
        )
    name = next(iter(others)) if against is None else against
    if name not in others:
        raise FunnelsimError(
            f"against: there is no arm {name!r} beside the base; there are {', '.join(others)}",
            code="E-name-unknown",
        )
    arms = (comparison.base, others[name])
    check_clock([arm.model for arm in arms])
    takes = [_again(arm.name, arm.model, comparison, replication, arm.tallies[replication - 1]) for arm in arms]
    with speaking(lang):
        return write(out, takes, replication, comparison.stamp, title)


def _there(replication: int, replications: int) -> None:
    if not 1 <= replication <= replications:
        raise FunnelsimError(
            f"there is no replication {replication}; there are 1 to {replications}", code="E-replication-none"
        )


def _again(name: str, model: Model, result: Result | Comparison, replication: int, measured: Tally) -> Take:
    """A replication run again; refused where it is another than the one that was measured."""
    found = take(name, model, result.seed, replication, result.engine)
    if repr(tally(found.records, model)) != repr(measured):
        raise FunnelsimError(
            "this replication cannot be run again, as it was made by hooks or by another version of funnelsim; "
            "`simulate` keeps what a replay needs with events=True",
            code="E-records-events",
        )
    return found
