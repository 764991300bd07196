"""Whether what a study predicts holds: each prediction against what the simulation finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.results.shown import Told, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.results.words import shower
from funnelsim.scenario.study.factors import told
from funnelsim.text import number_of
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..running.arms import Arm, side_by_side, study_stamp
from ..running.laboratory import Sampling
from ..running.replications import FEWEST
from ..statistics.paired import Difference, Verdict, bonferroni, difference, verdict
from ..stopping import Stopped
from ..study.checking import check_study
from ..study.question import check_kpis

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.spec import Prediction
    from funnelsim.scenario.study.study import Study

    from ..running.laboratory import Progress

ALPHA = 0.05
SAME = 0.02
"""Share of the base's figure below which a difference is none."""

SIGNS = {"up": Verdict.MORE, "down": Verdict.LESS}


@dataclass(frozen=True)
class Foretold:
    """A prediction and what was found.

    Parameters
    ----------
    prediction : Prediction
        What was expected.
    difference : Difference
        Arm less the other arm, paired by replication.
    low, high : float or None
        Interval of the difference; all intervals hold together.
    zone : float
        The difference that does not matter.
    share : float or None
        The difference as a share of the other arm's figure.
    found : Verdict
        What is known.
    """

    prediction: Prediction
    difference: Difference
    low: float | None
    high: float | None
    zone: float
    share: float | None
    found: Verdict

    @property
    def holds(self) -> bool | None:
        """Whether it came out as expected; None if it is not known yet.

        Up and down speak of the sign, and hold however small the difference is; same speaks of its size.
        """
        expect, small = self.prediction.expect, self.found is Verdict.SAME
        if expect == "same":
            return True if small else False if self._beyond(self.zone) else None
        if self.sign is not None:
            return self.sign is SIGNS[expect]
        return False if small else None

    @property
    def sign(self) -> Verdict | None:
        """More or less, where the interval has one sign, or neither figure varies; else None."""
        found = verdict(self.difference, self._ends, 0.0)
        return found if found in (Verdict.MORE, Verdict.LESS) else None

    def _beyond(self, size: float) -> bool:
        """Whether all of the interval is farther from 0 than this."""
        mean = self.difference.mean
        ends = (mean, mean) if self.difference.fixed and mean is not None else self._ends
        return ends is not None and (ends[0] > size or ends[1] < -size)

    @property
    def _ends(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def expected(self) -> str:
        """What was expected, in words."""
        return self._said("expected")

    @property
    def outcome(self) -> str:
        """Whether it holds, in words."""
        return self._said("outcome")

    @property
    def remark(self) -> str:
        """What the outcome alone does not say; empty where it says all."""
        return self._said("remark")

    @property
    def small(self) -> bool:
        """Whether a sign was expected, and the difference is shown to be smaller than matters."""
        return self.found is Verdict.SAME and self.prediction.expect in SIGNS

    @property
    def shares(self) -> tuple[float, float] | None:
        """The interval of the difference as shares of the other arm's figure."""
        if self.share is None or self.low is None or self.high is None or not self.difference.mean:
            return None
        per = self.share / self.difference.mean
        low, high = sorted((self.low * per, self.high * per))
        return low, high

    def __str__(self) -> str:
        return self._said("words")

    def _said(self, part: str) -> str:
        return str(shower(part, Foretold)(self))


@unchanging(OF_RESULTS)
@dataclass(frozen=True)
class Verification(Told):
    """All predictions of a study.

    Parameters
    ----------
    study : str
        Its name.
    predictions : tuple of Foretold
        In the order of the file.
    replications : int
        Of each scenario.
    stamp : Stamp
        What made it.
    """

    study: str
    predictions: tuple[Foretold, ...]
    replications: int
    stamp: Stamp

    @property
    def holds(self) -> bool:
        """Whether all of them hold."""
        return all(each.holds for each in self.predictions)

    @property
    def words(self) -> str:
        """How many hold, in one sentence."""
        return str(self._view("words")(self))

    @property
    def verdict(self) -> str:
        """One line a prediction."""
        return "\n".join(map(str, self.predictions))

    @property
    def table(self) -> pd.DataFrame:
        """One row a prediction."""
        import pandas as pd

        return pd.DataFrame(self.to_dict()["predictions"])

    def to_dict(self) -> dict[str, Any]:
        """The JSON document."""
        return {
            "study": self.study,
            "replications": self.replications,
            **self.stamp.to_dict(),
            "holds": self.holds,
            "predictions": [
                {
                    "arm": each.prediction.arm,
                    "against": each.prediction.against,
                    "kpi": each.prediction.kpi,
                    "at": at_in_words(each.prediction.at),
                    "expect": each.prediction.expect,
                    "flip": each.prediction.flip,
                    "mean": each.difference.mean,
                    "low": each.low,
                    "high": each.high,
                    "share": each.share,
                    "found": str(each.found),
                    "holds": each.holds,
                }
                for each in self.predictions
            ],
        }

    def _said(self) -> str:
        return paragraphs(self.words, str(self.stamp))

    def __repr__(self) -> str:
        return f"<Verification of {self.study!r}: {self.words} {self.stamp}>"


@checked
def verify(
    study: Study | Path | str,
    *,
    replications: int | None = None,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    indifference: float = SAME,
    progress: Progress | None = None,
) -> Verification:
    """Run what a study makes predictions about, and say which of them hold.

    Parameters
    ----------
    study : Study or path
        The study.
    replications : int, optional
        Of each scenario; by default what the study says, or 10.
    seed, engine, workers, executor, progress
        As in `funnelsim.compare`.
    indifference : float
        Share of the figure that counts as no difference.

    Returns
    -------
    Verification
        All intervals hold together in 95 % of experiments, and decide what is up and what is down.

    Raises
    ------
    FunnelsimError
        If the study predicts nothing, or an option makes no sense.
    Stopped
        On Ctrl-C; carries what could be judged.
    """
    from funnelsim.scenario.study.study import load_study

    if isinstance(study, str | Path):
        study = load_study(study)
    if not study.spec.predicts:
        if study.elsewhere is not None and study.elsewhere.predictions:
            where = study.elsewhere.line
            raise FunnelsimError(
                f"what the study {study.name!r} predicts is about {where}, not about this line",
                code="E-prediction-elsewhere",
            )
        raise FunnelsimError(f"the study {study.name!r} predicts nothing", code="E-prediction-none")
    check_study(study)
    if not 0 <= indifference < 1:
        raise FunnelsimError(
            f"indifference must be a share from 0 to below 1, but got {indifference}", code="E-indifference-range"
        )
    number = replications or study.spec.replications or FEWEST
    if number < 2:
        raise FunnelsimError(
            f"predictions need at least 2 replications, but got {number}", code="E-replications-range"
        )
    with side_by_side(_scenarios(study), Sampling(seed, engine, workers, executor, progress)) as running:
        made = study_stamp(study, seed, running.engine)
        check_kpis([each.kpi for each in study.spec.predicts], running.arms)
        try:
            running.extend(number)
        except KeyboardInterrupt:
            done = running.paired[0].replications
            kept = _verified(study, running.paired, indifference, made) if done > 1 else None
            raise Stopped(
                kept, f"predictions are judged by {done:,} of {number_of(number, 'replication')}", done
            ) from None
        return _verified(study, running.arms, indifference, made)


def _verified(study: Study, run: Sequence[Arm], indifference: float, made: Stamp) -> Verification:
    arms = {arm.name: arm for arm in run}
    apart, bases = [], []
    for each in study.spec.predicts:
        arm, base = arms[_key(each.arm, each)], arms[_key(each.against, each)]
        beside = base.estimate(each.kpi)
        apart.append(difference(arm.estimate(each.kpi), beside, arm.model.fingerprint == base.model.fingerprint))
        bases.append(abs(beside.mean or 0.0))
    found = _judged(study.spec.predicts, apart, bases, indifference)
    return Verification(study.name, found, run[0].replications, made)


def _judged(
    predictions: Sequence[Prediction], apart: Sequence[Difference], bases: Sequence[float], same: float
) -> tuple[Foretold, ...]:
    found = []
    for prediction, each, base in zip(predictions, apart, bases, strict=True):
        interval = each.interval(bonferroni(ALPHA, len(apart)))
        low, high = interval or (None, None)
        share = each.mean / base if each.mean is not None and base else None
        zone = same * base
        known = verdict(each, interval, zone)
        found.append(Foretold(prediction, each, low, high, zone, share, known))
    return tuple(found)


def _scenarios(study: Study) -> dict[str, Scenario]:
    """Each arm at each point that a prediction speaks of, once."""
    found = {}
    for each in study.spec.predicts:
        for arm in (each.against, each.arm):
            found[_key(arm, each)] = study.scenario(arm, each.at)
    return found


def _key(arm: str, prediction: Prediction) -> str:
    return f"{arm} at {at_in_words(prediction.at)}"


def at_in_words(values: Mapping[str, Any]) -> str:
    """Values of factors, as they were written."""
    return ", ".join(f"{name} {told(value)}" for name, value in values.items())
