"""What a result over worlds says besides its means: single outcomes, luck and not knowing, and the best guess."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .estimates import Estimate, t_quantile
from .oneway import Split, by_row, span, split

if TYPE_CHECKING:
    from .measures.indicators import Indicator
    from .measures.summary import Tally

INDIFFERENCE = 0.01
"""Share of the best guess by which the mean over worlds must differ from it before both are told."""


@dataclass(frozen=True)
class OfWorlds:
    """How worlds were drawn.

    Parameters
    ----------
    worlds : int
        How many there are; world ``w`` has the luck of replication ``w``.
    rows : int
        Rows of the table of draws; world ``w`` takes row ``w % rows``.
    pairs : int
        How many of the first worlds were run once more, with other luck.
    inputs : str
        The file of draws; empty for draws made in Python.
    fingerprint : str
        SHA-256 of the draws.
    paths : tuple of str
        What is drawn.
    """

    worlds: int
    rows: int
    pairs: int
    inputs: str = ""
    fingerprint: str = ""
    paths: tuple[str, ...] = ()

    @property
    def distinct(self) -> int:
        """Rows that were run."""
        return min(self.worlds, self.rows)

    def to_dict(self) -> dict[str, Any]:
        """As it stands in a JSON document."""
        return {
            "worlds": self.worlds,
            "rows": self.rows,
            "pairs": self.pairs,
            "inputs": self.inputs or None,
            "inputs_fingerprint": self.fingerprint,
            "paths": list(self.paths),
        }


@dataclass(frozen=True)
class Doubt:
    """What is known of one figure.

    Parameters
    ----------
    estimate : Estimate
        The mean over worlds, with its interval, in which luck and not knowing the inputs both are; ``outcomes``
        are those of single worlds.
    split : Split or None
        How much of the spread of outcomes is luck.
    best_guess : Estimate or None
        The same of the file as it stands, with the luck of the same replications.
    apart : Estimate or None
        The mean over worlds less the best guess, paired.
    zone : float or None
        By how much the two must differ before both are told; None: by a hundredth of the best guess.
    """

    estimate: Estimate
    split: Split | None = None
    best_guess: Estimate | None = None
    apart: Estimate | None = None
    zone: float | None = None

    @cached_property
    def range(self) -> tuple[float, float] | None:
        """Where one outcome of one world lies in 95 % of cases; None below 39 worlds."""
        return span(self.estimate.outcomes)

    @property
    def differs(self) -> bool:
        """Whether the best guess is another figure: by more than the indifference, and by more than luck makes."""
        guess, apart = self.best_guess, self.apart
        if guess is None or guess.mean is None or apart is None or apart.mean is None:
            return False
        if apart.low is None or apart.high is None or apart.low <= 0 <= apart.high:
            return False
        return abs(apart.mean) > (INDIFFERENCE * abs(guess.mean) if self.zone is None else self.zone)

    def to_dict(self) -> dict[str, Any] | None:
        """As it stands in a JSON document; None for a figure that does not exist."""
        if self.estimate.mean is None:
            return None
        low, high = self.range or (None, None)
        guess = self.best_guess
        return {
            "mean": self.estimate.mean,
            "low": self.estimate.low,
            "high": self.estimate.high,
            "range_low": low,
            "range_high": high,
            "unit": self.estimate.unit,
            "split": self.split.to_dict() if self.split is not None else None,
            "best_guess": guess.to_dict() if guess is not None else None,
            "best_guess_differs": self.differs,
        }


@dataclass(frozen=True)
class Worlds:
    """The outcomes of worlds beside those of a result.

    Parameters
    ----------
    how : OfWorlds
        How they were drawn.
    again : tuple of Tally
        Of the first worlds, the outcomes with other luck.
    guess : tuple of Tally
        Of the file as it stands, with the luck of worlds 0, 1, ...; empty if it was not run.
    """

    how: OfWorlds
    again: tuple[Tally, ...] = ()
    guess: tuple[Tally, ...] = field(default=(), repr=False)

    def to_dict(self, doubts: Mapping[str, Doubt]) -> dict[str, Any]:
        """The block of a JSON document, with what is known of each KPI that exists."""
        told = {name: each.to_dict() for name, each in doubts.items()}
        return {**self.how.to_dict(), "kpis": {name: leaf for name, leaf in told.items() if leaf is not None}}

    def doubt(self, indicator: Indicator, at: int, first: Sequence[Tally], currency: str) -> Doubt:
        """What is known of a KPI, whose terms stand at a place of the tallies."""

        def rows(tallies: Sequence[Tally]) -> list[Any]:
            return [each.kpis[at] for each in tallies]

        return doubt_of(
            lambda terms: indicator.estimate(terms, currency),
            rows(first),
            rows(self.again),
            rows(self.guess),
            self.how,
        )


def doubt_of(
    estimate: Callable[[Sequence[Any]], Estimate],
    first: Sequence[Any],
    again: Sequence[Any],
    guess: Sequence[Any],
    how: OfWorlds,
) -> Doubt:
    """What is known of a figure from the terms of worlds, of some of them once more, and of the best guess."""
    over = pooled(estimate, first, how)
    guessed = estimate(guess) if guess else None
    return Doubt(
        over, _split(estimate, first, again, how), guessed, None if guessed is None else less(over, guessed, how)
    )


def pooled(estimate: Callable[[Sequence[Any]], Estimate], terms: Sequence[Any], how: OfWorlds) -> Estimate:
    """An estimate over worlds: by row where they went round, with the outcomes of single worlds."""
    if len(terms) <= how.rows:
        return estimate(terms)
    return replace(estimate(by_row(terms, how.rows)), outcomes=estimate(terms).outcomes)


def over_rows(estimate: Callable[[Sequence[Tally]], Any], tallies: Sequence[Tally], over: Worlds | None) -> Any:
    """Estimates in mappings and tuples: by row where worlds went round, with the outcomes of single worlds."""
    if over is None or len(tallies) <= over.how.rows:
        return estimate(tallies)
    return _with_outcomes(estimate(by_row(tallies, over.how.rows)), estimate(tallies))


def _with_outcomes(found: Any, single: Any) -> Any:
    if isinstance(found, Estimate):
        return replace(found, outcomes=single.outcomes)
    if isinstance(found, Mapping):
        return {key: _with_outcomes(part, single[key]) for key, part in found.items()}
    return type(found)(*(_with_outcomes(part, other) for part, other in zip(found, single, strict=True)))


def _split(
    estimate: Callable[[Sequence[Any]], Estimate], first: Sequence[Any], again: Sequence[Any], how: OfWorlds
) -> Split | None:
    """By what each outcome adds to the error of the mean, which for a ratio is that of the delta method."""
    found = estimate([*first, *again]).residuals
    count = len(first)
    if not again or len(found) != count + len(again):
        return None
    differences = [found[at] - found[count + at] for at in range(len(again))]
    return split(found[: how.distinct], differences)


def less(over: Estimate, guess: Estimate, how: OfWorlds) -> Estimate | None:
    """The mean over worlds less that of the best guess, from what each replication adds to both."""
    if over.mean is None or guess.mean is None:
        return None
    own, other = over.residuals, by_row(guess.residuals, how.rows)
    mean = over.mean - guess.mean
    if len(own) < 2 or len(own) != len(other):
        return Estimate(mean, None, None, over.unit)
    apart = [up - down for up, down in zip(own, other, strict=True)]
    centre = sum(apart) / len(apart)
    variance = sum((each - centre) ** 2 for each in apart) / (len(apart) - 1)
    half = t_quantile(len(apart)) * (variance / len(apart)) ** 0.5
    return Estimate(mean, mean - half, mean + half, over.unit, tuple(apart))
