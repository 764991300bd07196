"""The result of a diagnosis: five steps, three questions, words, tables, the picture, and the JSON document."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.results.limiting import Evidence
from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.text import in_table
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..running.arms import Arm, stamp
from ..sensitivity.tornado import Tornado
from .limit import LineLimit
from .limits_in_time import LimitShares
from .three_questions import Staffing, Step
from .throughput import Trial

if TYPE_CHECKING:
    import pandas as pd

STEPS = ("identify", "exploit", "subordinate", "elevate", "next")
"""The five focusing steps (Goldratt, What is this thing called Theory of Constraints, 1990)."""


@dataclass(frozen=True)
class Focus:
    """One of the five steps.

    Parameters
    ----------
    name : str
        One of `STEPS`.
    trials : tuple of Trial
        What was tried, the largest gain in throughput first; the intervals of one step hold together.
    """

    name: str
    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial | None:
        """The trial that brings most through the line, of those that surely bring more."""
        return next((each for each in self.trials if each.gains), None)


@dataclass(frozen=True)
class Place:
    """The limit of a scenario and what tells it.

    Parameters
    ----------
    limit : LineLimit
        What limits the line.
    evidence : tuple of Evidence
        Load and queue of each team.
    time : LimitShares
        Which team was the momentary bottleneck in which share of the weeks.
    change : str
        What was done to the scenario first; empty for the scenario as it is.
    """

    limit: LineLimit
    evidence: tuple[Evidence, ...]
    time: LimitShares
    change: str = ""


@unchanging(OF_RESULTS)
class Diagnosis(Pictured):
    """Where a line is limited, what can be done about it, and where the limit goes; it never changes.

    Parameters
    ----------
    base : Arm
        The scenario as it is.
    place : Place
        Its limit.
    focus : sequence of Focus
        The steps that were done.
    after : Place or None
        The limit once the first one is relieved; None if the diagnosis was stopped before.
    questions : tuple
        Conversions and staffing.
    equation : Tornado or None
        The revenue equation; None if it was left out.
    seed : int
        Seed of all runs.
    engine, version : str
        What computed them.
    warnings : sequence of str
        What was said about the scenario and the run.
    """

    def __init__(
        self,
        base: Arm,
        place: Place,
        focus: Sequence[Focus],
        after: Place | None,
        questions: tuple[tuple[Step, ...], tuple[Staffing, ...]],
        equation: Tornado | None,
        seed: int,
        engine: str,
        version: str,
        warnings: Sequence[str] = (),
    ) -> None:
        self.base = base
        self.place = place
        self.focus = tuple(focus)
        self.after = after
        self.conversions, self.staffing = questions
        self.equation = equation
        self.seed = seed
        self.engine = engine
        self.version = version
        self.warnings = tuple(warnings)

    @property
    def stamp(self) -> Stamp:
        """What made it: seed, engine, version, and what was laid over the file."""
        return stamp([self.base], self.seed, self.engine, self.version)

    @property
    def limit(self) -> tuple[str, ...]:
        """What limits the line: names of teams, or ``leads`` for demand."""
        return self.place.limit.names

    @property
    def replications(self) -> int:
        """Replications of the scenario as it is, and at most of each change."""
        return self.base.replications

    @property
    def fewest(self) -> int:
        """Replications of the change that has the fewest."""
        return min((each.replications for focus in self.focus for each in focus.trials), default=self.replications)

    @property
    def counted(self) -> str:
        """How many replications there are of everything, in words."""
        return str(self._view("counted")(self))

    # --- tables -----------------------------------------------------------------------------------------------

    @property
    def steps(self) -> pd.DataFrame:
        """What was tried in each step: leads a month through the line and contribution, more than today.

        Columns: ``through``, ``low``, ``high``, ``share``, ``verdict``, ``contribution``, ``contribution_low``,
        ``contribution_high``, ``cost`` (a month), ``per_100000`` (leads a month for 100,000 of currency a month),
        ``replications``.
        """
        import pandas as pd

        keys = [(focus.name, each.name) for focus in self.focus for each in focus.trials]
        rows = [_row(each) for focus in self.focus for each in focus.trials]
        columns = [
            "through", "low", "high", "share", "verdict", "contribution", "contribution_low", "contribution_high",
            "cost", "per_100000", "replications",
        ]  # fmt: skip
        index = pd.MultiIndex.from_tuples(keys, names=["step", "change"])
        return pd.DataFrame(rows, columns=columns, index=index)

    @property
    def teams(self) -> pd.DataFrame:
        """By team its load, growth of its queue, filler, share of weeks as the limit, and people needed."""
        import pandas as pd

        people = {each.team: each for each in self.staffing}
        rows = {
            each.team: {
                "load": each.load.mean,
                "queue_growth": each.queue_growth.mean,
                "utilisation": each.utilisation.mean,
                "filler": each.filler.mean,
                "limit_in_weeks": self.place.time.teams.get(each.team, 0.0),
                "headcount": people[each.team].headcount if each.team in people else None,
                "needed": people[each.team].needed if each.team in people else None,
            }
            for each in self.place.evidence
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("team")

    @property
    def stages(self) -> pd.DataFrame:
        """By step of the line its conversion, what it should at least be, and whether it is below."""
        import pandas as pd

        rows = [
            (
                each.conversion.mean,
                each.conversion.low,
                each.conversion.high,
                each.least,
                each.below,
                each.given_up,
            )
            for each in self.conversions
        ]
        columns = ["conversion", "low", "high", "least", "below", "given_up"]
        index = pd.Index([each.stage for each in self.conversions], name="stage")
        return pd.DataFrame(rows, columns=columns, index=index)

    # --- showing ----------------------------------------------------------------------------------------------

    @property
    def words(self) -> dict[str, tuple[str, ...]]:
        """What came out, in plain words, by step and question."""
        return dict(self._view("words")(self))

    @property
    def verdict(self) -> str:
        """The first step in a few sentences."""
        return " ".join(self.words["identify"])

    def to_dict(self) -> dict[str, Any]:
        """The document of ``funnelsim diagnose --json``."""
        return {
            "scenario": self.base.model.spec.name,
            "fingerprint": self.base.model.fingerprint,
            **self.stamp.to_dict(),
            "replications": self.replications,
            "words": {name: list(said) for name, said in self.words.items()},
            "limit": _place(self.place),
            "steps": {focus.name: [each.to_dict() for each in focus.trials] for focus in self.focus},
            "after": None if self.after is None else _place(self.after),
            "conversions": [
                {
                    "stage": each.stage,
                    "conversion": each.conversion.to_dict(),
                    "least": each.least,
                    "below": each.below,
                    "given_up": each.given_up,
                }
                for each in self.conversions
            ],
            "staffing": [
                {"team": each.team, "headcount": each.headcount, "load": each.load, "needed": each.needed}
                for each in self.staffing
            ],
            "equation": None if self.equation is None else self.equation.to_dict(),
            "warnings": list(self.warnings),
        }

    def __repr__(self) -> str:
        return f"<Diagnosis of {self.base.model.spec.name!r}: limited by {', '.join(self.limit)}; {self.stamp}>"

    def _said(self) -> str:
        head = self._view("heads")
        texts = "".join(
            f"<p><b>{html.escape(head(name))}</b><br>{'<br>'.join(map(html.escape, texts))}</p>"
            for name, texts in self.words.items()
        )
        return texts + paragraphs(str(self.stamp))

    def _figures(self) -> str:
        return str(self.steps.to_html(na_rep="", float_format=lambda x: in_table(x, 3)))


def _row(each: Trial) -> tuple[Any, ...]:
    through, money = each.through, each.money
    return (
        through.difference.mean,
        through.low,
        through.high,
        through.share,
        str(through.verdict),
        None if money is None else money.difference.mean,
        None if money is None else money.low,
        None if money is None else money.high,
        each.cost,
        each.per_money,
        each.replications,
    )


def _place(place: Place) -> dict[str, Any]:
    return {
        "names": list(place.limit.names),
        "certainty": str(place.limit.certainty),
        "growing_queues": list(place.limit.queues),
        "after": place.change,
        "weeks": {**place.time.teams, "nobody": place.time.nobody},
        "shifting": place.time.shifting,
        "teams": {
            each.team: {
                "load": each.load.to_dict(),
                "queue_growth": each.queue_growth.to_dict(),
                "filler": each.filler.to_dict(),
            }
            for each in place.evidence
        },
    }
