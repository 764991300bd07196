"""The result of a run: tables, records, the verdict, and the JSON document."""

from __future__ import annotations

import base64
import html
import io
import warnings
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.model.records import WON, Records
from funnelsim.scenario.forms.quantities import HOUR
from funnelsim.text import number_of
from funnelsim.unchanging import OF_RESULTS, unchanging

from . import frames, limiting
from .divisible import Divisible
from .estimates import Estimate
from .limiting import Evidence
from .measures.cohorts import cohort, quantile
from .measures.indicators import MONTH
from .measures.kpis import Group, kpi_groups
from .measures.periods.per_period import every_kpi
from .measures.summary import Summary, Tally, summarise
from .opened import Opened
from .profiles.accounts import read_accounts
from .profiles.carve import Carve, carve
from .profiles.fiscal import Fiscal, fiscal
from .profiles.forecast import Forecast, forecast
from .reading import Reading
from .rows import COLUMNS, by_place, counted, html_row, leaves, nested, period_rows, row
from .shown import listed, paragraphs
from .stamp import Stamp
from .words import say, say_counted
from .worlds import Doubt, Worlds, over_rows

if TYPE_CHECKING:
    import pandas as pd


@unchanging(OF_RESULTS)
class Result(Divisible, Opened):
    """What the replications of one scenario gave; it never changes.

    Parameters
    ----------
    model : Model
        What was run.
    readings : sequence of Reading
        One per replication.
    seed : int
        Seed of the run.
    engine : str
        Name of the engine.
    version : str
        Version of funnelsim.
    warnings : sequence of str
        What was said about the scenario and the run.
    over : Worlds, optional
        How its replications are outcomes of worlds, each with other inputs, and what was run beside them.
    """

    def __init__(
        self,
        model: Model,
        readings: Sequence[Reading],
        seed: int,
        engine: str,
        version: str,
        warnings: Sequence[str] = (),
        over: Worlds | None = None,
    ) -> None:
        self._model = model
        self._readings = tuple(readings)
        self._seed = seed
        self._engine = engine
        self._version = version
        self._warnings = tuple(warnings)
        self._over = over

    # --- what was run -----------------------------------------------------------------------------------------

    @property
    def model(self) -> Model:
        """The compiled scenario."""
        return self._model

    @property
    def stamp(self) -> Stamp:
        """What made it: seed, engine, version, and what was laid over the file."""
        return Stamp({self._model.spec.name: self._model.laid}, self._seed, self._engine, self._version)

    @property
    def made(self) -> dict[str, Any]:
        """What made it, as a document: the scenario, its fingerprint, what `stamp` says, and the replications."""
        return {
            "scenario": self._model.spec.name,
            "fingerprint": self._model.fingerprint,
            **self.stamp.to_dict(),
            "replications": self.replications,
        }

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self._seed

    @property
    def engine(self) -> str:
        """Name of the engine that ran it."""
        return self._engine

    @property
    def version(self) -> str:
        """Version of funnelsim that ran it."""
        return self._version

    @property
    def replications(self) -> int:
        """Number of replications."""
        return len(self._readings)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was said about the scenario and the run, and what the figures themselves cannot show."""
        found = limiting.cautions(self.summary, self.limit, self._slowest, self._model)
        found += limiting.untouched(self.summary, self._model)
        return (*self._warnings, *map(self._view("caution"), found))

    # --- figures ----------------------------------------------------------------------------------------------

    @cached_property
    def summary(self) -> Summary:
        """All estimates by name, without pandas."""
        return over_rows(lambda tallies: summarise(tallies, self._model), self.tallies, self._over)

    @cached_property
    def every_kpi(self) -> dict[str, Estimate]:
        """All KPIs by name, then those that flow per year, quarter and month, without pandas."""
        found, currency = self.summary.kpis, self._model.spec.currency
        more = {name: each for name, each in every_kpi(self._model).items() if name not in found}
        return found | over_rows(
            lambda tallies: {
                name: kpi.estimate([tally.kpis[at] for tally in tallies], currency)
                for name, (at, kpi) in more.items()
            },
            self.tallies,
            self._over,
        )

    @property
    def worlds(self) -> Worlds | None:
        """How the replications are outcomes of worlds, each with other inputs; None for plain replications."""
        return self._over

    @cached_property
    def doubts(self) -> dict[str, Doubt]:
        """By KPI what is known of it over worlds: single outcomes, the share of luck, the best guess beside it.

        Empty for plain replications.
        """
        if self._over is None:
            return {}
        currency = self._model.spec.currency
        return {
            name: self._over.doubt(kpi, at, self.tallies, currency)
            for name, (at, kpi) in every_kpi(self._model).items()
        }

    @property
    def kpis(self) -> pd.DataFrame:
        """KPIs of the whole line: mean, its 95 % interval (low, high), unit, and where single runs lie.

        ``range_low`` and ``range_high`` hold 80 % of single runs (nothing below 9 replications), ``undefined``
        counts the replications that have no such figure.
        """
        import pandas as pd

        return pd.DataFrame(
            [row(estimate) for estimate in self.every_kpi.values()],
            columns=COLUMNS,
            index=pd.Index(self.every_kpi, name="kpi"),
        )

    @property
    def stages(self) -> pd.DataFrame:
        """The same for each stage and measure; ``stages.loc["propose"]`` is one stage."""
        return by_place(self.summary.stages, "stage")

    @property
    def teams(self) -> pd.DataFrame:
        """The same for each team and measure."""
        return by_place(self.summary.teams, "team")

    @property
    def handoffs(self) -> pd.DataFrame:
        """The same for each handoff, by the team that gives and the team that takes, and measure."""
        places = {f"{giver}.{taker}": found for (giver, taker), found in self.summary.handoffs.items()}
        return by_place(places, "handoff")

    @property
    def definitions(self) -> dict[str, str]:
        """How each KPI is counted."""
        return {name: kpi.definition for name, (_, kpi) in every_kpi(self._model).items()}

    @checked
    def records(self, name: str, dates: bool = False) -> pd.DataFrame:
        """Records of all replications as one table.

        Parameters
        ----------
        name : {"visits", "leads", "reps", "customers", "moves", "tasks", "series", "waits", "events"}
            Which records.
        dates : bool
            Points in time as dates instead of hours from the start.

        Raises
        ------
        FunnelsimError
            For another name, or for what was not kept.
        """
        return frames.frame(name, self.replicates, self._model, dates)

    @checked
    def periods(self, length: str = "quarter") -> pd.DataFrame:
        """What came in each fiscal period after the warm-up: a row for each period and flow.

        Parameters
        ----------
        length : {"month", "quarter", "year"}
            Of the fiscal year that begins in the month ``fiscal_year`` of the scenario.

        Raises
        ------
        FunnelsimError
            For another length, or if the records were not kept.
        """
        return period_rows(self.fiscal(length))

    def carve(self, accounts: Path | str | None = None) -> Carve:
        """How quotas, leads, load and wins are divided among reps and territories, and how evenly.

        Parameters
        ----------
        accounts : Path or str, optional
            A CSV of a firm's accounts, whose potential is told beside: it has the columns ``account``,
            ``potential`` (in the currency of the scenario), ``territory`` or ``owner`` (a seat, as
            ``field_sales-2``), and perhaps ``segment``.

        Raises
        ------
        ScenarioError
            If the file cannot be read, with the lines that are wrong.
        FunnelsimError
            If the records were not kept.
        """
        if accounts is None:
            return carve(self.replicates, self._model)
        read = read_accounts(accounts, self._model)
        for said in read.said:
            warnings.warn(said, stacklevel=2)
        return carve(self.replicates, self._model, read)

    @checked
    def forecast(self, length: str = "month") -> Forecast:
        """Where wins and bookings of coming periods lie, beside the weighted pipeline of the deals open now.

        Parameters
        ----------
        length : {"month", "quarter", "year"}
            Of the fiscal year that begins in the month ``fiscal_year`` of the scenario.

        Raises
        ------
        FunnelsimError
            If the scenario has a warm-up, for another length, or if the records were not kept.
        """
        return forecast(self.replicates, self._model, length)

    def fiscal(self, length: str = "quarter") -> Fiscal:
        """The same as `periods`, without pandas."""
        return fiscal(self.replicates, self._model, length)

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """The terms of all figures, one tally per replication."""
        return tuple(each.tally for each in self._readings)

    @property
    def replicates(self) -> tuple[Records, ...]:
        """The raw records, one per replication.

        Raises
        ------
        FunnelsimError
            If they were not kept.
        """
        if self._over is not None:
            raise FunnelsimError(
                "records of worlds are not kept, as each is that of another scenario; run without worlds for them",
                code="E-records-none",
            )
        kept = tuple(each.records for each in self._readings if each.records is not None)
        if len(kept) < len(self._readings):
            raise FunnelsimError(
                "this result has no records; `simulate` keeps them with records=True", code="E-records-none"
            )
        return kept

    # --- the verdict ------------------------------------------------------------------------------------------

    @cached_property
    def limit(self) -> list[Evidence]:
        """Evidence of what limits the line: each team's load, queue growth and waiting, the most loaded first."""
        return limiting.evidence(self.summary, self._model, (self._model.horizon - self._model.warmup) / MONTH)

    @property
    def verdict(self) -> str:
        """What limits the line and why, in plain words."""
        found = limiting.limit(self.limit, self.summary, self._model)
        return str(self._view("verdict")(found, self.summary, self._model))

    @cached_property
    def _slowest(self) -> float | None:
        """Hours in which 95 % of the wins are won, over all replications and from the start on."""
        times = np.concatenate([each.times for each in self._readings])
        outcomes = np.concatenate([each.outcomes for each in self._readings])
        everyone = cohort(times, outcomes)
        time = quantile(everyone, everyone.outcome == WON, 0.95)
        return None if time is None else time / HOUR

    # --- showing ----------------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """The document of ``funnelsim run --json``."""
        return {
            **self.made,
            "counted": counted(self._model),
            "kpis": leaves(self.every_kpi),
            "stages": {name: leaves(stage) for name, stage in self.summary.stages.items()},
            "teams": {name: leaves(team) for name, team in self.summary.teams.items()},
            "handoffs": nested({pair: leaves(found) for pair, found in self.summary.handoffs.items()}),
            **({"worlds": self._over.to_dict(self.doubts)} if self._over is not None else {}),
            **({"by": {what: each.to_dict() for what, each in self.groupings.items()}} if self.groupings else {}),
            "warnings": list(self.warnings),
        }

    def __repr__(self) -> str:
        return (
            f"<Result of {self._model.spec.name!r}: {number_of(self.replications, 'replication')}, {self.stamp}>"
        )

    def _heading(self) -> str:
        return f"<h3>{html.escape(self._model.spec.name)}</h3>"

    def _said(self) -> str:
        return paragraphs(self.verdict)

    def _figures(self) -> str:
        caption = html.escape(say_counted("run.caption", self.replications, stamp=self.stamp))
        rows = "".join(self._html_group(group) for group in kpi_groups(self._model) if group.shown)
        mean, low, high, single, unit = (html.escape(say(f"run.html.{each}")) for each in _HEADS)
        return (
            f"<table><caption>{caption}</caption><thead><tr><th></th><th>{mean}</th><th>{low}</th><th>{high}</th>"
            f"<th colspan='2'>{single}</th><th>{unit}</th></tr></thead><tbody>{rows}</tbody></table>"
            f"{listed(self.warnings)}"
        )

    def _html_group(self, group: Group) -> str:
        rows = ((kpi.label, self.summary.kpis[kpi.name]) for kpi in group.kpis)
        there = "".join(html_row(label, estimate) for label, estimate in rows if estimate.mean is not None)
        heading = f"<tr><th colspan='7' style='text-align:left'>{html.escape(group.label)}</th></tr>"
        return heading + there if there else ""

    def _picture(self) -> str:
        buffer = io.BytesIO()
        self.plot.line().savefig(buffer, format="png", dpi=110, bbox_inches="tight")
        data = base64.b64encode(buffer.getvalue()).decode("ascii")
        alt = html.escape(say("run.html.picture"))
        return f'<img alt="{alt}" style="max-width:100%" src="data:image/png;base64,{data}">'


_HEADS = ("mean", "low", "high", "single", "unit")
"""Of the table in a notebook."""
