"""Why an arm differs from the base: the result, its table and its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from funnelsim.model.switches import CAUSES
from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.unchanging import OF_RESULTS, unchanging

from .account import Account, Part
from .behind import Number

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.results.measures.indicators import Indicator

    from ..running.arms import Arm

REST, WHOLE = "none", "difference"
"""What the rows of the table are called that are no cause: what is left without any, and all together."""


@unchanging(OF_RESULTS)
class Causes(Pictured):
    """The difference of each arm to the base, split by cause; it never changes.

    Parameters
    ----------
    base : Arm
        The arm that the others are set against.
    others : sequence of Arm
        These.
    accounts : mapping
        By arm and KPI what each cause does.
    behind : mapping
        By arm and cause the numbers of its file that stand behind it.
    runs : int
        Sets of replications that it took, beside those of the comparison.
    stamp : Stamp
        What made it.
    """

    def __init__(
        self,
        base: Arm,
        others: Sequence[Arm],
        accounts: Mapping[str, Mapping[str, Account]],
        behind: Mapping[str, Mapping[str, tuple[Number, ...]]],
        runs: int,
        stamp: Stamp,
    ) -> None:
        self.base = base.name
        self.replications = base.replications
        self.accounts = {arm: dict(of_arm) for arm, of_arm in accounts.items()}
        self.behind = {arm: dict(of_arm) for arm, of_arm in behind.items()}
        self.runs = runs
        self._indicators: dict[str, Indicator] = {name: each for name, (_, each) in base.indicators.items()}
        self._stamp = stamp

    @property
    def stamp(self) -> Stamp:
        """What made it."""
        return self._stamp

    @property
    def arms(self) -> tuple[str, ...]:
        """The other arms."""
        return tuple(self.accounts)

    @property
    def kpis(self) -> tuple[str, ...]:
        """The KPIs whose differences are split."""
        return tuple(next(iter(self.accounts.values()), {}))

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """The arms and KPIs that have a difference."""
        pairs = [(arm, kpi) for arm in self.arms for kpi in self.kpis]
        return tuple(pair for pair in pairs if self.accounts[pair[0]][pair[1]].told.difference.mean is not None)

    def label(self, kpi: str) -> str:
        """What people are shown for a KPI."""
        return self._indicators[kpi].label

    def causes(self, arm: str) -> tuple[str, ...]:
        """The causes at work in an arm or in the base, in the order in which they went off."""
        return tuple(part.cause for part in next(iter(self.accounts[arm].values())).parts)

    def left_out(self, arm: str) -> tuple[str, ...]:
        """The causes that are at work neither in an arm nor in the base."""
        return tuple(cause for cause in CAUSES if cause not in self.causes(arm))

    def numbers(self, arm: str, cause: str) -> dict[str, tuple[Number, ...]]:
        """By line the numbers of the file behind a cause; once where the arm has those of the base."""
        sides = {name: self.behind[name].get(cause, ()) for name in (self.base, arm)}
        if sides[arm] == sides[self.base]:
            del sides[arm]
        return {name: found for name, found in sides.items() if found}

    @property
    def words(self) -> dict[str, tuple[str, ...]]:
        """By arm, what makes the difference, in plain words."""
        return {arm: tuple(self._view("words")(self, arm)) for arm in self.arms}

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same, one by one."""
        return tuple(text for arm in self.arms for text in self.words[arm])

    @property
    def frame(self) -> pd.DataFrame:
        """A row by arm, KPI and cause, of what is left without any (``none``), and of the ``difference``."""
        import pandas as pd

        rows = [
            {"arm": arm, "kpi": kpi, **row}
            for arm, of_arm in self.accounts.items()
            for kpi, each in of_arm.items()
            for row in _rows(each)
        ]
        return pd.DataFrame(rows)

    @property
    def table(self) -> pd.DataFrame:
        """The same as `frame`."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """The JSON document; times are in hours."""
        arms = {}
        for arm, of_arm in self.accounts.items():
            arms[arm] = {
                "words": list(self.words[arm]),
                "causes": list(self.causes(arm)),
                "left_out": list(self.left_out(arm)),
                "kpis": {kpi: _document(each) for kpi, each in of_arm.items()},
                "numbers": {
                    cause: {
                        name: [number._asdict() for number in found]
                        for name, found in self.numbers(arm, cause).items()
                    }
                    for cause in self.causes(arm)
                },
            }
        told = {"base": self.base, "replications": self.replications, "runs": self.runs}
        return {**told, **self.stamp.to_dict(), "arms": arms}

    def _said(self) -> str:
        return paragraphs(*self.sentences, str(self.stamp))

    def __repr__(self) -> str:
        return f"<Causes of the differences of {', '.join(map(repr, self.arms))} to {self.base!r}>"


def _rows(each: Account) -> Iterator[dict[str, Any]]:
    unit = each.told.difference.unit
    for part in each.parts:
        yield {**_leaf(part), "unit": unit}
    rest, told = each.rest, each.told
    yield {"cause": REST, "part": rest.difference.mean, "low": rest.low, "high": rest.high, "unit": unit}
    yield {"cause": WHOLE, "part": told.difference.mean, "low": told.low, "high": told.high, "unit": unit}


def _leaf(part: Part) -> dict[str, Any]:
    return {
        "cause": part.cause,
        "part": part.difference.mean,
        "low": part.low,
        "high": part.high,
        "forward": part.forward,
        "reverse": part.reverse,
        "alone": part.alone.difference.mean,
        "alone_low": part.alone.low,
        "alone_high": part.alone.high,
        "remains": part.remains.difference.mean,
        "remains_low": part.remains.low,
        "remains_high": part.remains.high,
        "together_with": ", ".join(part.partners),
    }


def _document(each: Account) -> dict[str, Any]:
    told, rest = each.told, each.rest
    carrying = [{"cause": carry.part.cause, "because": carry.because} for carry in each.carrying]
    return {
        "unit": told.difference.unit,
        "difference": {"mean": told.difference.mean, "low": told.low, "high": told.high},
        "parts": [{**_leaf(part), "together_with": list(part.partners)} for part in each.parts],
        "rest": {"mean": rest.difference.mean, "low": rest.low, "high": rest.high},
        "does_not_matter": told.zone,
        "carried_by": carrying,
    }
