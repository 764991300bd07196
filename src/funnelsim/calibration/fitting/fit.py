"""A scenario from a history: everything that can be estimated, and what is assumed beside it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.scenario.scenario import Scenario
from funnelsim.unchanging import OF_RESULTS, unchanging
from funnelsim.version import VERSION

from ..cutting import cut
from ..findings import Finding
from ..history import History
from . import writing
from .assume import Assumed, Assumptions, read_assumptions
from .distance import Beside, Row, beside
from .numbers import Number, Part, drawn, together
from .parts.fitted import StageFit, fitted
from .parts.kinds import Kinds, kinds_of
from .parts.line import line
from .parts.opening import Opening, opening
from .parts.people import people, teams_of
from .parts.skill import skills
from .parts.split import split
from .parts.supply import supply

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.results.stamp import Stamp

Day = dt.date | str | float
"""A day as a date, as text such as ``2026-03-31``, or in days since a history's origin."""

LEVELS = (
    "dates of creation and closing",
    "moments of stages",
    "moments of stages, and the first and last touch",
    "moments of stages and touches, and minutes of work",
)
"""What is recorded, by level of evidence."""

HORIZON = "1 y"
DRAWS = 100

_LEAST_DEALS = 30


@unchanging(OF_RESULTS)
@dataclass(frozen=True, eq=False)
class Fit(Pictured):
    """A scenario that was calibrated, and how each of its numbers is known.

    Parameters
    ----------
    history : History
        What it rests on.
    part : Part
        Numbers, draws and findings.
    stages : tuple of StageFit
        What was estimated of each stage.
    open_deals : Opening
        The table that the scenario begins with.
    seed : int
        Of the draws.
    """

    history: History
    part: Part
    stages: tuple[StageFit, ...]
    open_deals: Opening
    seed: int = 1

    @property
    def table(self) -> pd.DataFrame:
        """The same as `estimates`."""
        return self.estimates

    @property
    def stamp(self) -> Stamp:
        """What made the figures beside those observed."""
        return replace(self.beside.stamp, over={})

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was read, what is a guess, and how near the scenario comes to what was observed."""
        return tuple(self._view("words")(self))

    @property
    def estimates(self) -> pd.DataFrame:
        """The table of numbers: path, estimate, low, high, unit, n, method, evidence."""
        import pandas as pd

        return pd.DataFrame([number.to_dict() for number in self.part.numbers])

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The same as objects, in the order in which they were found."""
        return self.part.numbers

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed in the data and while estimating, the gravest first."""
        order = ("refused", "warning", "note")
        every = (*self.history.findings, *self.part.findings, *self.open_deals.findings)
        return tuple(sorted(every, key=lambda finding: order.index(finding.severity)))

    @cached_property
    def text(self) -> str:
        """The scenario as a commented file, with its open deals one by one."""
        return self.written(None)

    def written(self, deals: str | None) -> str:
        """The file; open deals stand in the table of that name, or in the file itself where there is no name."""
        return writing.text(self._all(deals), self._head)

    def _all(self, deals: str | None) -> list[Number]:
        """The numbers, and the open deals."""
        if not self.open_deals.deals:
            return list(self.part.numbers)
        leads: Any = deals if deals is not None else self.open_deals.rows
        note = f"{self.open_deals.deals:,} open deals"
        return [*self.part.numbers, Number(("opening", "leads"), leads, method="as they stand", note=note)]

    @property
    def _head(self) -> Iterator[str]:
        history = self.history
        files = ", ".join(history.files) or "a history"
        first, last = history.date(history.start), history.date(history.as_of)
        yield f"Calibrated by funnelsim {VERSION} from {files}"
        yield f"({len(history.visits):,} visits of {len(history.deals):,} deals, {first} to {last})"
        yield f"Evidence: level {history.level} ({LEVELS[history.level]}). {self._guesses}"

    @property
    def _guesses(self) -> str:
        guesses = sum(number.known == "default" for number in self.part.numbers)
        if not guesses:
            return "No number is a guess."
        noun = "number is a guess" if guesses == 1 else "numbers are guesses"
        return f"{guesses} {noun}: search for GUESS."

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario."""
        return Scenario.from_dict(writing.plain(self._all(None)))

    @cached_property
    def beside(self) -> Beside:
        """The scenario beside what was observed in the last year: figures, and the curves behind them."""
        return beside(self.history, self.scenario, self.seed)

    @property
    def distance(self) -> tuple[Row, ...]:
        """The scenario's times in stages, chances, waits and wins beside those observed."""
        return self.beside.rows

    @checked
    def draws(self, number: int = DRAWS) -> list[dict[str, Any]]:
        """Plausible other inputs, one change fragment a world.

        Parameters
        ----------
        number : int
            How many.
        """
        return [drawn(self.part, self.seed, world) for world in range(number)]

    def draws_text(self, number: int = DRAWS) -> str:
        """The same as a file, one JSON object a line."""
        return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in self.draws(number))

    def to_dict(self) -> dict[str, Any]:
        """For programs: what was read, every number, and what was noticed."""
        history = self.history
        return {
            "files": list(history.files),
            "version": VERSION,
            "from": history.date(history.start).isoformat(),
            "as_of": history.date(history.as_of).isoformat(),
            "level": history.level,
            "visits": len(history.visits),
            "deals": len(history.deals),
            "open": self.open_deals.deals,
            "estimates": [number.to_dict() for number in self.part.numbers],
            "check": [row.to_dict() for row in self.distance],
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def _said(self) -> str:
        return paragraphs(*self.sentences)

    def __repr__(self) -> str:
        return f"<Fit of {len(self.numbers)} numbers to {len(self.history.deals):,} deals>"


@checked
def calibrate(
    history: History,
    assume: Assumptions | Assumed | Path | str | Mapping[str, Any] | None = None,
    *,
    as_of: Day | None = None,
    since: Day | None = None,
    seed: int = 1,
    name: str = "",
) -> Fit:
    """A scenario from a history.

    Parameters
    ----------
    history : History
        From `read_history`.
    assume : mapping or path, optional
        What no CRM knows: efforts, selling shares, calendar (see the page on own data).
    as_of : date, text or float, optional
        The last day that is looked at, with only what was recorded by its end (a number: days since the history's
        origin); by default the last of the data.
    since : date, text or float, optional
        The first day that is looked at; by default the first from which all is recorded.
    seed : int
        Of the draws.
    name : str
        Name of the scenario.

    Returns
    -------
    Fit
        The scenario, its text, the table of estimates, findings, and draws.

    Raises
    ------
    FunnelsimError
        If there is too little to estimate anything from, or an assumption is about a name that is not there.
    """
    assumed = read_assumptions(assume)
    seen = _between(history, since, as_of)
    _check(seen)
    assumed.check_names(seen.stages, teams_of(seen))
    kinds = kinds_of(seen)
    fits = fitted(seen, kinds)
    teams, unseen = skills(seen, fits)
    part = together([
        _frame(seen, assumed, name),
        supply(seen, kinds),
        people(seen, assumed, [fit.stays.touches for fit in fits]),
        line(seen, kinds, fits, teams),
        _entries(seen, kinds),
        Part(findings=(*kinds.findings, *unseen, *split(seen))),
    ])  # fmt: skip
    return Fit(seen, part, fits, opening(seen, kinds, fits), seed)


def _between(
    history: History, since: dt.date | str | float | None, as_of: dt.date | str | float | None
) -> History:
    seen = history
    if as_of is not None:
        seen = cut(seen, as_of if isinstance(as_of, float | int) else _day(history, as_of, "as_of") + 1)
    if since is not None:
        start = since if isinstance(since, float | int) else _day(history, since, "since")
        seen = replace(seen, start=max(float(start), seen.start))
    if seen is not history and seen.start >= seen.as_of:
        raise FunnelsimError("nothing lies between the first and the last day asked for", code="E-range-order")
    return seen


def _day(history: History, of: dt.date | str, name: str) -> float:
    try:
        day = of if isinstance(of, dt.date) else dt.date.fromisoformat(of)
    except ValueError:
        said = f"{name}: expected a date such as 2026-03-31, found {of!r}"
        raise FunnelsimError(said, code="E-value-date") from None
    return float((day - history.origin).days)


def _check(history: History) -> None:
    ended = int((history.visits.outcome >= 0).sum())
    refused = [finding for finding in history.findings if finding.severity == "refused"]
    if refused:
        said = "; ".join(f"{finding.words} {finding.remedy}".strip() for finding in refused)
        raise FunnelsimError(f"this history cannot be calibrated: {said}", code="E-history-refused")
    if len(history.deals) < _LEAST_DEALS or not ended:
        said = f"found {len(history.deals)} deals with {ended} visits that have ended"
        raise FunnelsimError(
            f"too little to calibrate from: {said}; {_LEAST_DEALS} deals are needed", code="E-history-small"
        )


def _frame(history: History, assumed: Assumed, name: str) -> Part:
    """What stands at the head of a scenario."""
    title = name or "From own data"
    numbers = [
        Number(("funnelsim",), 1),
        Number(("name",), title),
        Number(("start",), history.date(history.as_of), note="the day after the data end"),
        Number(
            ("horizon",),
            HORIZON,
            note="how far to look ahead; the line begins as it stands, so there is no warm-up",
        ),
    ]
    if history.currency:
        numbers.append(Number(("currency",), history.currency))
    if assumed.spec.gross_margin is not None:
        numbers.append(Number(("gross_margin",), assumed.spec.gross_margin, known="assumed"))
    return Part(tuple(numbers))


def _entries(history: History, kinds: Kinds) -> Part:
    """The stage in which the deals of each source begin, where it is not the first."""
    visits = history.visits
    deals, first = np.unique(visits.deal, return_index=True)
    begun = visits.stage[first]
    numbers, findings = [], []
    for index, name in enumerate(kinds.names["source"]):
        mine = begun[kinds.source[deals] == index]
        if not len(mine):
            continue
        counts = np.bincount(mine, minlength=len(history.stages))
        main = int(counts.argmax())
        if main:
            numbers.append(
                Number(
                    ("sources", name, "to"), history.stages[main], n=int(counts[main]), method="where most begin"
                )
            )
        other = int(len(mine) - counts[main])
        if other:
            said = (
                f"{other} deals of {name} began elsewhere than in {history.stages[main]}; they count as if there."
            )
            findings.append(Finding("folded_entries", "note", other, said))
    return Part(tuple(numbers), findings=tuple(findings))
