"""What became of the same leads: the result, its tables and its document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.scenario.forms.quantities import HOUR
from funnelsim.unchanging import OF_RESULTS, unchanging

from .account import Account, Counts, Way
from .fate import Fate

if TYPE_CHECKING:
    import pandas as pd


class Changed(NamedTuple):
    """Leads that went the same way in two arms, per replication.

    Parameters
    ----------
    group : str
        Where they come from: ``new``, ``outbound``, ``referral`` or ``expansion``.
    before, after : Fate or None
        What became of them in the base and in the other arm; None where there is no such lead.
    leads : float
        How many.
    wins : float
        What they add to the difference of the KPI ``won``.
    bookings : float
        What they add to the difference of the KPI ``bookings``.
    waited_before, waited_after : float
        Mean hours for a rep in the last visit of each.
    """

    group: str
    before: Fate | None
    after: Fate | None
    leads: float
    wins: float
    bookings: float
    waited_before: float
    waited_after: float


class End(NamedTuple):
    """How leads ended in the arm that does not win them, per replication.

    Parameters
    ----------
    fate : Fate or None
        What became of them; None where there are no such leads.
    group : str
        Where these come from; empty for leads that exist.
    leads : float
        How many.
    waited : float
        Mean hours for a rep in the last visit.
    """

    fate: Fate | None
    group: str
    leads: float
    waited: float


class Cycles(NamedTuple):
    """Mean hours from creation to the win, and what their difference is made of.

    Parameters
    ----------
    before, after : float or None
        Of all that were won in the base and in the other arm; None where none was.
    change : float or None
        Of those won in both arms.
    composition : float or None
        What is left: others were won. Both together are the difference of the means.
    parts : mapping
        What `change` is made of, by stage and part of a visit; they add up to it.
    """

    before: float | None
    after: float | None
    change: float | None
    composition: float | None
    parts: Mapping[tuple[str, str], float]


@unchanging(OF_RESULTS)
class Fates(Pictured):
    """What became of the leads of a base in other arms, lead by lead; it never changes.

    It is an account and no cause: it says which leads make the difference, and what happened to them before.

    Parameters
    ----------
    base : str
        The arm that the others are set against.
    accounts : mapping of str to Account
        Of each other arm, over all replications.
    replications : int
        How many.
    currency : str
        Of the base.
    labels : mapping
        What stages are called.
    stamp : Stamp
        What made it.
    """

    def __init__(
        self,
        base: str,
        accounts: Mapping[str, Account],
        replications: int,
        currency: str,
        labels: Mapping[str, str],
        stamp: Stamp,
    ) -> None:
        self.base = base
        self.accounts = dict(accounts)
        self.replications = replications
        self.currency = currency
        self.labels = dict(labels)
        self._stamp = stamp

    @property
    def stamp(self) -> Stamp:
        """What made it."""
        return self._stamp

    @property
    def arms(self) -> tuple[str, ...]:
        """The other arms."""
        return tuple(self.accounts)

    def changes(self, arm: str) -> tuple[Changed, ...]:
        """The ways that leads went, those that add or take most wins first."""
        rows = [self._changed(way, counts) for way, counts in self.accounts[arm].ways.items()]
        return tuple(sorted(rows, key=lambda row: (-abs(row.wins), -abs(row.bookings), -row.leads, _order(row))))

    def _changed(self, way: Way, counts: Counts) -> Changed:
        return Changed(
            way.group,
            way.before,
            way.after,
            counts.leads / self.replications,
            _wins(way) * counts.leads / self.replications,
            (counts.booked_after - counts.booked_before) / 100 / self.replications,
            counts.waited_before / HOUR / counts.leads,
            counts.waited_after / HOUR / counts.leads,
        )

    def difference(self, arm: str) -> tuple[float, float]:
        """Wins and bookings of an arm less those of the base, per replication: the sums of its rows."""
        ways = self.accounts[arm].ways
        wins = sum(_wins(way) * counts.leads for way, counts in ways.items())
        booked = sum(counts.booked_after - counts.booked_before for counts in ways.values())
        return wins / self.replications, booked / 100 / self.replications

    @property
    def sells(self) -> bool:
        """Whether any lead has a value that could be booked."""
        every = [counts for account in self.accounts.values() for counts in account.ways.values()]
        return any(counts.booked_before or counts.booked_after for counts in every)

    def ends(self, arm: str) -> tuple[tuple[End, ...], tuple[End, ...]]:
        """How the leads that only this arm wins ended in the base, and those that only the base wins in this arm.

        The most frequent ends come first.
        """
        rows = self.changes(arm)
        gained = [(row.before, row.waited_before, row) for row in rows if row.wins > 0]
        lost = [(row.after, row.waited_after, row) for row in rows if row.wins < 0]
        return _folded(gained), _folded(lost)

    def cycles(self, arm: str) -> Cycles:
        """Where the time of won leads went."""
        times = self.accounts[arm].times
        pairs = zip(times.cycles, times.won, strict=True)
        before, after = (total / HOUR / number if number else None for total, number in pairs)
        if before is None or after is None or not times.both:
            return Cycles(before, after, None, None, {})
        change = (times.both_cycles[1] - times.both_cycles[0]) / HOUR / times.both
        parts = {key: value / HOUR / times.both for key, value in times.changes.items()}
        return Cycles(before, after, change, after - before - change, parts)

    @property
    def words(self) -> dict[str, tuple[str, ...]]:
        """By arm, what made the difference, in plain words."""
        return {arm: tuple(self._view("words")(self, arm)) for arm in self.arms}

    @property
    def table(self) -> pd.DataFrame:
        """One row a way that leads went, per replication: leads, and what they add to wins and bookings."""
        import pandas as pd

        return pd.DataFrame([{"arm": arm, **row} for arm in self.arms for row in self._rows(arm)])

    def _rows(self, arm: str) -> Iterator[dict[str, Any]]:
        for row in self.changes(arm):
            told = row._asdict()
            for side in ("before", "after"):
                fate = told.pop(side)
                told[side] = None if fate is None else fate.kind
                told[f"{side}_stage"] = None if fate is None else fate.stage or None
            first = ("group", "before", "before_stage", "after", "after_stage")
            yield {**{name: told.pop(name) for name in first}, **told}

    def to_dict(self) -> dict[str, Any]:
        """The JSON document; numbers are per replication, times in hours."""
        arms = {}
        for arm in self.arms:
            wins, bookings = self.difference(arm)
            cycles = self.cycles(arm)
            parts = [
                {"stage": stage or None, "part": part, "hours": hours}
                for (stage, part), hours in sorted(cycles.parts.items(), key=lambda each: -abs(each[1]))
            ]
            arms[arm] = {
                "words": list(self.words[arm]),
                "wins": wins,
                "bookings": bookings,
                "ways": list(self._rows(arm)),
                "cycle": {**cycles._asdict(), "parts": parts},
            }
        told = {"base": self.base, "replications": self.replications, "currency": self.currency}
        return {**told, **self.stamp.to_dict(), "arms": arms}

    def _said(self) -> str:
        return paragraphs(*(text for arm in self.arms for text in self.words[arm]), str(self.stamp))

    def __repr__(self) -> str:
        return f"<Fates of the leads of {self.base!r} in {', '.join(map(repr, self.arms))}>"


def _wins(way: Way) -> int:
    """What a lead that went this way adds to the wins."""
    return (way.after is not None and way.after.counted) - (way.before is not None and way.before.counted)


def _folded(ends: Iterable[tuple[Fate | None, float, Changed]]) -> tuple[End, ...]:
    found: dict[tuple[Fate | None, str], End] = {}
    for fate, waited, row in ends:
        key = fate, "" if fate is not None else row.group
        before = found.get(key, End(*key, 0.0, 0.0))
        leads = before.leads + row.leads
        mean = (before.leads * before.waited + row.leads * waited) / leads
        found[key] = End(*key, leads, mean)
    return tuple(sorted(found.values(), key=lambda end: (-end.leads, str(end))))


def _order(row: Changed) -> tuple[str, ...]:
    return (row.group, *map(str, (row.before, row.after)))
