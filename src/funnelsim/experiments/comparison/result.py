"""The result of a comparison: words, tables, the picture, and the JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.arguments import checked
from funnelsim.results.rows import counted, years
from funnelsim.results.shown import Pictured, listed, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.text import in_table, number_of
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..running.arms import Arm, stamp
from ..running.laboratory import Sampling
from ..statistics.chances import best, untold
from ..study.equal import Means
from ..study.question import Question, less_is_better
from ..targets.outlook import Outlook, table_of
from .beside import Beside
from .cautions import cautions
from .judging import Finding, judge
from .places import documents
from .stopping_rules import Reason, Rule
from .worlds import document as worlds_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from funnelsim.results.estimates import Estimate

    from ..causes.result import Causes
    from ..fates.result import Fates
    from ..running.laboratory import Progress


@unchanging(OF_RESULTS)
class Comparison(Beside, Pictured):
    """Arms against a base, on the same random numbers; it never changes.

    Parameters
    ----------
    arms : sequence of Arm
        With the same replications each, the base among them.
    question : Question
        What is asked.
    rule : Rule
        How the number of replications came about, which says what the intervals must make up for.
    seed : int
        Seed of all arms.
    engine, version : str
        What computed them.
    warnings : sequence of str
        What was said about the scenarios and the run.
    means : Means, optional
        People and pay of the arms, which they have in common or in which they differ.
    ends : sequence of Arm, optional
        The arms run to the day by which targets are to be reached; none where they were not run so far.
    """

    def __init__(
        self,
        arms: Sequence[Arm],
        question: Question,
        rule: Rule,
        seed: int,
        engine: str,
        version: str,
        warnings: Sequence[str] = (),
        means: Means | None = None,
        ends: Sequence[Arm] | None = None,
    ) -> None:
        self.arms = tuple(arms)
        self.question = question
        self.rule = rule
        self.seed = seed
        self.engine = engine
        self.version = version
        self._warnings = tuple(warnings)
        self.means = means
        self._ends = self.arms if ends is None else tuple(ends)

    @property
    def replications(self) -> int:
        """Replications of each arm."""
        return self.arms[0].replications

    @property
    def stamp(self) -> Stamp:
        """What made it: seed, engine, version, and what was laid over each file."""
        return stamp(self.arms, self.seed, self.engine, self.version)

    @property
    def base(self) -> Arm:
        """The arm that the others are compared with."""
        return next(arm for arm in self.arms if arm.name == self.question.base)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Each KPI of each arm against the base, judged together."""
        return tuple(judge(self.arms, self.question, self.rule.level(self.replications)))

    @cached_property
    def chances(self) -> dict[str, dict[str, float | None]]:
        """By KPI and arm the probability that its figure is the best; None without intervals of differences."""
        found = {}
        for kpi in self.question.kpis:
            shares = best(self._figures_of(kpi), less_is_better(kpi))
            found[kpi] = dict(zip((arm.name for arm in self.arms), shares, strict=True))
        return found

    @cached_property
    def untold(self) -> dict[str, tuple[str, str]]:
        """By KPI two arms that differ in too few replications to tell which arm is the best."""
        pairs = {kpi: untold(self._figures_of(kpi), less_is_better(kpi)) for kpi in self.question.kpis}
        names = [arm.name for arm in self.arms]
        return {kpi: (names[pair[0]], names[pair[1]]) for kpi, pair in pairs.items() if pair is not None}

    def _figures_of(self, kpi: str) -> list[Estimate | None]:
        """The KPI by arm, where it has a figure; none of any where the base has none."""
        estimates = [arm.estimate(kpi) for arm in self.arms]
        there = self.base.estimate(kpi).mean is not None
        return [each if there and each.mean is not None else None for each in estimates]

    @cached_property
    def reached(self) -> tuple[Outlook, ...]:
        """How often single runs reach the targets, with Wilson's 95 % interval, and by how much they miss them."""
        asked, made = self.question, self.stamp
        return tuple(Outlook(arm, target, made, asked.by) for target in asked.targets for arm in self._ends)

    @cached_property
    def reason(self) -> Reason | None:
        """What decided about the number of replications; None if it was given."""
        return self.rule.drove(self.arms, self.question)

    @property
    def drove(self) -> str:
        """The same as a sentence; empty if the number was given."""
        return str(self._view("drove")(self))

    @property
    def method(self) -> str:
        """What the intervals and decisions mean, in two sentences."""
        return str(self._view("method")(self))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was said about the scenarios and the run, and what the figures themselves cannot show."""
        return (*self._warnings, *cautions(self))

    # --- tables -----------------------------------------------------------------------------------------------

    @property
    def table(self) -> pd.DataFrame:
        """Paired differences by KPI and arm: figures of base and arm, arm less base, its interval, verdict."""
        import pandas as pd

        rows = [
            (
                _number(each.base.mean),
                _number(each.figure.mean),
                _number(each.difference.mean),
                _number(each.low),
                _number(each.high),
                each.base.unit,
                _number(each.share),
                str(each.verdict),
            )
            for each in self.findings
        ]
        columns = ["base", "arm_mean", "mean", "low", "high", "unit", "share", "verdict"]
        keys = [(each.kpi, each.arm) for each in self.findings]
        return pd.DataFrame(rows, columns=columns, index=pd.MultiIndex.from_tuples(keys, names=["kpi", "arm"]))

    @property
    def ranges(self) -> pd.DataFrame:
        """By KPI and arm where single runs lie in 80 % of cases, and in how many the KPI is undefined."""
        import pandas as pd

        keys = [(kpi, arm.name) for kpi in self.question.kpis for arm in self.arms]
        found = [arm.estimate(kpi) for kpi in self.question.kpis for arm in self.arms]
        ends = [each.range or (float("nan"), float("nan")) for each in found]
        rows = [(*end, each.undefined, each.unit) for end, each in zip(ends, found, strict=True)]
        index = pd.MultiIndex.from_tuples(keys, names=["kpi", "arm"])
        return pd.DataFrame(rows, columns=["low", "high", "undefined", "unit"], index=index)

    @property
    def best(self) -> pd.DataFrame:
        """By arm and KPI the probability of having the best figure (normal posterior on paired replications)."""
        import pandas as pd

        table = pd.DataFrame(self.chances, index=pd.Index([arm.name for arm in self.arms], name="arm"))
        return table.rename_axis(columns="kpi").astype(float)

    @property
    def matrix(self) -> pd.DataFrame:
        """By KPI and arm what is known of the difference: more, less, no difference, or not known yet."""
        import pandas as pd

        arms = [arm.name for arm in self.arms if arm is not self.base]
        found = {(each.kpi, each.arm): str(each.verdict) for each in self.findings}
        rows = [[found[kpi, arm] for arm in arms] for kpi in self.question.kpis]
        index = pd.Index(self.question.kpis, name="kpi")
        return pd.DataFrame(rows, index=index, columns=pd.Index(arms, name="arm"))

    @property
    def targets(self) -> pd.DataFrame:
        """By target and arm the share of runs that reach it, with Wilson's 95 % interval.

        ``shortfall`` is the mean of what the others lack; 50, 10 and 90 % of runs are better than ``base``,
        ``best`` and ``worst``.
        """
        return table_of(self.reached)

    # --- showing ----------------------------------------------------------------------------------------------

    @property
    def verdict(self) -> str:
        """What came out, in plain words."""
        return "\n".join(self.sentences)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same, one by one."""
        return tuple(self._view("words")(self))

    @checked
    def replay(
        self,
        out: Path | str,
        *,
        against: str | None = None,
        replication: int = 1,
        title: str | None = None,
        lang: str | None = None,
    ) -> Path:
        """Write one replication of the base and of an arm as films side by side: one HTML file without network.

        Parameters
        ----------
        out : path
            The file, which ends in ``.html``.
        against : str, optional
            The arm beside the base; it may be left out where there is only one.
        replication : int
            Which one; 1 is the first, which records call 0.
        title : str, optional
            What stands at its top; by default the name of the base's scenario.
        lang : {"en", "ja"}, optional
            Its language; by default the one in force.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        FunnelsimError
            If there is no such arm or replication, the arms differ in start, horizon or warm-up, or the file
            cannot be written.
        """
        show = self._view("replay")
        made: Path = show(self, out, against=against, replication=replication, title=title, lang=lang)
        return made

    @checked
    def fates(
        self,
        *,
        replications: int | None = None,
        workers: int = 1,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> Fates:
        """What became of the same leads in each arm, which takes the runs once more.

        Parameters
        ----------
        replications : int, optional
            How many; by default those of the comparison, so that the account adds up to its differences.
        workers, executor, progress
            As in `funnelsim.compare`.

        Returns
        -------
        Fates
            Leads by what became of them in the base and in the arm.

        Raises
        ------
        FatesInterrupted
            On Ctrl-C; carries the account of the replications that were done.
        """
        from .why import fates_of

        return fates_of(self, replications, Sampling(self.seed, self.engine, workers, executor, progress))

    @checked
    def causes(
        self,
        kpis: Sequence[str] | None = None,
        *,
        workers: int = 1,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> Causes:
        """Why each arm differs from the base: each cause is switched off in both, which takes many runs.

        Parameters
        ----------
        kpis : sequence of str, optional
            Whose differences are split; by default those of the comparison.
        workers, executor, progress
            As in `funnelsim.compare`.

        Returns
        -------
        Causes
            By arm, KPI and cause its part of the difference; parts and what is left without any add up to it.

        Raises
        ------
        FunnelsimError
            If a KPI does not exist.
        CausesInterrupted
            On Ctrl-C.
        """
        from .why import causes_of

        return causes_of(self, kpis, Sampling(self.seed, self.engine, workers, executor, progress))

    def to_dict(self) -> dict[str, Any]:
        """The document of ``funnelsim compare --json``."""
        return {
            "base": self.question.base,
            **self.stamp.to_dict(),
            "replications": self.replications,
            "counted": counted(self.base.model),
            "verdict": list(self.sentences),
            "method": self.method,
            "drove": self.drove,
            "arms": {arm.name: self._arm(arm) for arm in self.arms},
            "differences": self._differences(),
            "best": {
                kpi: {"is": "least" if less_is_better(kpi) else "most", "probability": chances}
                for kpi, chances in self.chances.items()
            },
            "targets": [each.to_dict() for each in self.reached],
            **documents(self),
            **worlds_of(self),
            **({"by": {by: each.to_dict() for by, each in self.groups.items()}} if self.groups else {}),
            "warnings": list(self.warnings),
        }

    def _arm(self, arm: Arm) -> dict[str, Any]:
        return {
            "scenario": arm.model.spec.name,
            "fingerprint": arm.model.fingerprint,
            "kpis": {kpi: arm.estimate(kpi).to_dict() for kpi in self.question.kpis},
        }

    def _differences(self) -> dict[str, dict[str, Any]]:
        summed = {kpi for kpi in self.question.kpis if self.base.indicators[kpi][1].adds_up}
        told: dict[str, dict[str, Any]] = {arm.name: {} for arm in self.arms if arm.name != self.question.base}
        for each in self.findings:
            told[each.arm][each.kpi] = (
                None
                if each.difference.mean is None
                else {
                    "mean": each.difference.mean,
                    "low": each.low,
                    "high": each.high,
                    "unit": each.base.unit,
                    **({"years": years(self.base.model)} if each.kpi in summed else {}),
                    "share": each.share,
                    "does_not_matter": each.zone,
                    "verdict": str(each.verdict),
                }
            )
        return told

    def __repr__(self) -> str:
        size = f"{number_of(len(self.arms), 'scenario')}: {number_of(self.replications, 'replication')}"
        return f"<Comparison of {size}, {self.stamp}>"

    def _said(self) -> str:
        return paragraphs(*self.sentences, str(self.stamp))

    def _figures(self) -> str:
        return f"{self.table.to_html(float_format=in_table)}{listed(self.warnings)}"


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
