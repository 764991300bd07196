"""How much the people of a team differ, and what share advances with a rep of the skill 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...estimating import spread
from ...estimating.laws import log_survival
from ...estimating.spread import Spread, Visited
from ...findings import Finding
from ...history import History
from ..numbers import Draw, Number, Part, digits, significant
from .fitted import StageFit
from .people import active, team_of_stage, teams_of

Ints = NDArray[np.int64]

_LEAST_REPS, _LEAST_VISITS = 3, 10


@dataclass(frozen=True)
class Skills:
    """The spread within one team.

    Parameters
    ----------
    team : str
        The team.
    stages : tuple of str
        Its stages whose chances are told by this model, in the order of `cells`.
    cells : tuple of slice
        Which of the chances are of each stage.
    found : Spread
        What was estimated.
    present : float
        Mean skill of those who are there at the end of the data.
    """

    team: str
    stages: tuple[str, ...]
    cells: tuple[slice, ...]
    found: Spread
    present: float

    def of(self, stage: str) -> slice | None:
        """Which chances are those of a stage."""
        return self.cells[self.stages.index(stage)] if stage in self.stages else None


def skills(history: History, fits: Sequence[StageFit]) -> tuple[tuple[Skills, ...], tuple[Finding, ...]]:
    """The spreads that are seen at 5 %, by team; and what was looked for in vain."""
    found, said = [], []
    for team in teams_of(history):
        made = _of_team(history, fits, team)
        if made is None:
            continue
        if made.found.seen:
            found.append(made)
        else:
            words = (
                f"No spread between the {made.found.reps} people of {team} is seen (p = {made.found.p_value:.2f}; "
                f"standard deviation of log-odds up to {made.found.high:.2f})."
            )
            said.append(Finding("no_spread", "note", made.found.reps, words))
    return tuple(found), tuple(said)


def _of_team(history: History, fits: Sequence[StageFit], team: str) -> Skills | None:
    mine = [
        fit for index, fit in enumerate(fits) if team_of_stage(history, index) == team and fit.fit is not None
        and len(np.unique(fit.stays.outcome[fit.stays.outcome >= 0])) == 2
    ]  # fmt: skip
    if not mine:
        return None
    pieces, cells, first = [], [], 0
    for fit in mine:
        assert fit.fit is not None
        pieces.append(_visited(history, fit, first))
        cells.append(slice(first, first + len(fit.fit.p)))
        first += len(fit.fit.p)
    owner, cell, outcome, advanced, lost = (np.concatenate(column) for column in zip(*pieces, strict=True))
    ended = np.bincount(owner[(owner >= 0) & (outcome >= 0)], minlength=len(history.owners))
    kept = (owner >= 0) & (ended[np.maximum(owner, 0)] >= _LEAST_VISITS)
    if len(np.unique(owner[kept])) < _LEAST_REPS or len(np.unique(cell[kept])) < first:
        return None
    rep, names = spread.renumbered(owner[kept])
    found = spread.fit(Visited(rep, cell[kept], outcome[kept], advanced[kept], lost[kept]))
    there = np.isin(names, active(history, team, history.as_of))
    present = float(found.means[there].mean()) if there.any() else 0.0
    return Skills(team, tuple(fit.name for fit in mine), tuple(cells), found, present)


def _visited(history: History, fit: StageFit, first: int) -> tuple[Any, ...]:
    """By visit: owner, cell, outcome, and the chances that each outcome takes longer than its age."""
    found, mine = fit.fit, fit.stays
    assert found is not None
    owner = history.visits.owner[mine.rows]
    cell = first + (fit.column if fit.column is not None else np.zeros(len(mine.rows), np.int64))
    age = np.maximum(mine.time, 1e-6)
    longer = [np.exp(log_survival(law.family, law.first, law.second, age)) for law in (found.advanced, found.lost)]
    return owner, cell, mine.outcome, *longer


def part(found: Skills, kinds: Mapping[str, tuple[str, ...]]) -> Part:
    """The numbers of a team's skills, and their draws with the chances of its stages.

    Parameters
    ----------
    found : Skills
        Of the team.
    kinds : mapping
        By stage the names of the kinds whose chances differ; none where all have one.
    """
    return Part(tuple(_numbers(found)), {f"teams.{found.team}.skill": _drawn(found, kinds)})


def _numbers(found: Skills) -> Iterator[Number]:
    of = found.found
    sd = digits(of.sd, of.low, of.high)
    mean = significant(found.present, 2) if abs(found.present) >= 0.005 else 0
    chance = "< .001" if of.p_value < 0.001 else f"= {of.p_value:.3f}"
    note = f"sd; {of.reps} people, p {chance}; the mean is that of those who are there now"
    yield Number(
        ("teams", found.team, "skill"), {"mean": mean, "sd": sd}, of.sd, of.low, of.high,
        n=of.reps, method="random intercept of reps, 301-point grid", note=note,
    )  # fmt: skip


def _drawn(found: Skills, kinds: Mapping[str, tuple[str, ...]]) -> Draw:
    of = found.found
    centre = np.append(np.log(of.p) - np.log1p(-of.p), np.log(of.sd))
    cut = len(centre) if len(of.covariance) == len(centre) else len(centre) - 1

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        drawn = rng.multivariate_normal(centre[:cut], of.covariance, method="eigh")
        chances = 1 / (1 + np.exp(-drawn[: len(of.p)]))
        sd = float(np.exp(np.clip(drawn[-1], -4, 0.7)))
        shift = float((drawn[: len(of.p)] - centre[: len(of.p)]).mean())  # who is there now stays as good as seen
        made: dict[str, Any] = {
            f"teams.{found.team}.skill": {"mean": significant(found.present - shift, 6), "sd": significant(sd, 6)}
        }
        for stage, cells in zip(found.stages, found.cells, strict=True):
            values = [significant(float(x), 6) for x in chances[cells]]
            names = kinds.get(stage, ())
            made[f"stages.{stage}.convert"] = dict(zip(names, values, strict=True)) if names else values[0]
        return made

    return draw
