"""The stages: who advances, how long the buyer takes, and where leads go."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.records import FIXED_OUTCOMES as OUTCOMES

from ...estimating import competing, moves, values
from ...estimating.competing import Competing
from ...estimating.laws import Law
from ...estimating.timeouts import Timeout
from ...findings import Finding
from ...history import ADVANCED, CLOSED, LOST, History
from ..numbers import Draw, Number, Part, amount, digits, shown, significant, together
from .fitted import FEW, StageFit
from .kinds import Kinds
from .skill import Skills, part
from .stays import SEVERAL, Stays

BOOKING = "booking"
"""The last stage, where deals are won from several stages."""

_FOLDED = 0.01
_QUANTILES = 60


def line(history: History, kinds: Kinds, fits: Sequence[StageFit], teams: Sequence[Skills]) -> Part:
    """All stages in line order.

    Parameters
    ----------
    history : History
        What is calibrated from.
    kinds : Kinds
        Its kinds of deals.
    fits : sequence of StageFit
        What was estimated of each stage.
    teams : sequence of Skills
        Teams whose people differ: the chances of their stages are those of a rep of the skill 0.
    """
    closing = _closing(history)
    names = {fit.name: kinds.names[fit.group] if fit.group else () for fit in fits}
    parts = [_stage(history, names[fit.name], index, fit, closing, teams) for index, fit in enumerate(fits)]
    parts += [part(each, names) for each in teams]
    if closing:
        method = "deals are won from several stages"
        parts.append(Part((Number(("stages", closing, "books"), True, method=method, note=method),)))
    return together(parts)


def _stage(
    history: History, names: tuple[str, ...], index: int, fit: StageFit, closing: str, teams: Sequence[Skills]
) -> Part:
    path = ("stages", fit.name)
    numbers: list[Number] = []
    draws: dict[str, Draw] = {}
    findings: list[Finding] = []
    if fit.stays.timeout is not None:
        numbers.append(_timeout(path, fit.stays.timeout))
    if fit.stays.touches > SEVERAL:
        numbers += _touches(path, fit.stays)
    if fit.fit is None:
        said = f"No visit to {fit.name} has an outcome: nothing is known of it."
        findings.append(Finding("few", "warning", len(fit.stays.rows), said))
        numbers.append(Number((*path, "convert"), 1, known="default", note="nobody has left it yet"))
    else:
        if fit.stays.ended < FEW:
            said = f"Only {fit.stays.ended} visits to {fit.name} have an outcome: its intervals are wide."
            findings.append(Finding("few", "warning", fit.stays.ended, said))
        numbers += [_convert(path, fit, names, teams), *_laws(path, fit)]
        draws[".".join(path)] = _drawn(path, fit, names, any(each.of(fit.name) for each in teams))
    return together([Part(tuple(numbers), draws, tuple(findings)), _moves(history, index, path, closing, fit)])


def _timeout(path: tuple[str, ...], found: Timeout) -> Number:
    note = "many were lost at this age, and none is older"
    written = amount(significant(found.after, 4), "d")
    return Number(
        (*path, "timeout"), written, found.after, unit="d", n=found.ended, method="the greatest age", note=note
    )


def _convert(path: tuple[str, ...], fit: StageFit, names: tuple[str, ...], teams: Sequence[Skills]) -> Number:
    found = fit.fit
    assert found is not None
    chances, method = (found.p, found.p_low, found.p_high), "two latent outcomes"
    for each in teams:
        cells = each.of(fit.name)
        if cells is not None:
            of = each.found
            chances, method = (of.p[cells], of.p_low[cells], of.p_high[cells]), "the same, reps differing"
    note = f"{found.open} open" if found.open else ""
    if not names:
        p, low, high = (float(x[0]) for x in chances)
        return Number((*path, "convert"), digits(p, low, high), p, low, high, n=found.n, method=method, note=note)
    rows = list(zip(names, competing.shrunk(*chances), chances[1].tolist(), chances[2].tolist(), strict=True))
    written = {name: digits(float(p), low, high) for name, p, low, high in rows}
    ends = ", ".join(f"{name} {shown(low, low, high)} to {shown(high, low, high)}" for name, _, low, high in rows)
    said = "; ".join(part for part in (ends, f"n = {found.n:,}", note) if part)
    return Number((*path, "convert"), written, method=f"{method}, by {fit.group}", note=said)


def _laws(path: tuple[str, ...], fit: StageFit) -> Iterator[Number]:
    found = fit.fit
    assert found is not None
    if fit.instant:
        return
    waiting = "" if fit.stays.from_touch else "waiting included"
    for name, law, which in (("advanced", found.advanced, 1), ("lost", found.lost, 0)):
        low, high = law.interval(0)
        estimate = next(iter(law.parameters.values()))
        if found.shared or found.fits(which):
            note = "; ".join(part for part in (_against(found, which), waiting) if part)
            method = f"{law.family}, of nine pairs by AIC"
        else:
            note = f"no law fits (distance {found.ks[1 - which]:.2f}): the times as they are"
            method = "Aalen-Johansen"
        yield Number(
            (*path, "decision", name),
            written_law(found, law, which),
            estimate,
            low,
            high,
            "d",
            found.outcomes[1 - which],
            method,
            note=note,
        )


def _against(found: Competing, which: int) -> str:
    """How much worse the best other family is, and how near the law is."""
    if found.shared:
        return "too few for laws of their own"
    own = (found.advanced, found.lost)[1 - which].family
    others = [value for pair, value in found.table.items() if pair.split(" + ")[1 - which] != own]
    return f"the next family is {min(others):.0f} AIC points worse; KS {found.ks[1 - which]:.2f}"


def written_law(found: Competing, law: Law, which: int) -> Any:
    """A law as files have it, in days."""
    if not found.shared and not found.fits(which):
        shares = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
        times = found.incidence.quantiles(which, shares)
        return {"dist": "empirical", "values": [amount(significant(float(t), 4), "d") for t in times]}
    names = tuple(law.parameters)
    low, high = law.interval(0)
    first, second = law.parameters[names[0]], law.parameters[names[1]]
    sized = amount(digits(first, low, high), "d")
    spread = digits(second, *law.interval(1))
    return {"dist": law.family, names[0]: sized, names[1]: spread}


def _drawn(path: tuple[str, ...], fit: StageFit, names: tuple[str, ...], elsewhere: bool) -> Draw:
    """Laws, and chances unless they are drawn with the skills of a team."""
    found = fit.fit
    assert found is not None

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        p, advanced, lost = found.draw(rng)
        chances = [significant(float(x), 6) for x in p]
        made: dict[str, Any] = {}
        if not elsewhere:
            made[".".join((*path, "convert"))] = dict(zip(names, chances, strict=True)) if names else chances[0]
        for name, law, which in (("advanced", advanced, 1), ("lost", lost, 0)):
            if not fit.instant:
                made[".".join((*path, "decision", name))] = _drawn_law(found, law, which, rng)
        return made

    return draw


def _drawn_law(found: Competing, law: Law, which: int, rng: np.random.Generator) -> Any:
    if not found.shared and not found.fits(which):
        written = written_law(found, law, which)
        spread = float(
            np.std(np.log(np.maximum(found.incidence.quantiles(which, np.linspace(0.05, 0.95, 19)), 1e-4)))
        )
        return {
            **written,
            "multiply": significant(math.exp(rng.normal(0, spread / math.sqrt(found.outcomes[1 - which]))), 6),
        }
    (first, a), (second, b) = law.parameters.items()
    return {"dist": law.family, first: amount(significant(a, 6), "d"), second: significant(min(b, 20.0), 6)}


def _touches(path: tuple[str, ...], mine: Stays) -> Iterator[Number]:
    yield Number((*path, "touches"), significant(mine.touches, 3), mine.touches, method="mean of ended visits")
    gaps = mine.gaps[mine.gaps > 1e-4]
    if len(gaps) > 2:
        law = values.fit(gaps)
        low, high = law.median_low, law.median_high
        written = {
            "dist": "lognormal",
            "median": amount(digits(law.median, low, high), "d"),
            "sigma": significant(law.sigma, 2),
        }
        yield Number(
            (*path, "gap"),
            written,
            law.median,
            low,
            high,
            "d",
            law.n,
            "lognormal",
            note="waiting for a rep is in it",
        )


def _closing(history: History) -> str:
    """The name of a stage to be added behind the line, where deals are won from others than its last stage."""
    visits = history.visits
    won = visits.stage[(visits.outcome == ADVANCED) & (visits.destination == CLOSED)]
    advanced = np.bincount(visits.stage[visits.outcome == ADVANCED], minlength=len(history.stages))
    counts = np.bincount(won, minlength=len(history.stages))
    winners = set(np.flatnonzero(counts > _FOLDED * advanced).tolist())
    last = len(history.stages) - 1
    if winners <= {last}:
        return ""
    name = BOOKING
    while name in history.stages:
        name += "'"
    return name


def _moves(history: History, index: int, path: tuple[str, ...], closing: str, fit: StageFit) -> Part:
    struck = np.zeros(len(history.visits), bool)
    struck[fit.stays.struck] = True
    ways = ((ADVANCED, "next"), (LOST, "otherwise"))
    return together(_ways(history, index, (*path, key), outcome, closing, struck) for outcome, key in ways)


def _ways(
    history: History, index: int, path: tuple[str, ...], outcome: int, closing: str, struck: NDArray[np.bool_]
) -> Part:
    """Where those of one outcome went, with moves under a hundredth put to the most frequent one."""
    visits = history.visits
    mine = (visits.stage == index) & (visits.outcome == outcome) & (visits.entered >= history.start) & ~struck
    rows = np.flatnonzero(mine)
    following = history.stages[index + 1] if index + 1 < len(history.stages) else closing or "end"
    if not len(rows):
        return Part()
    names = [_way(history, int(row), outcome, closing) for row in rows.tolist()]
    listed, counts = np.unique(names, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    kept = [at for at in order.tolist() if counts[at] >= _FOLDED * len(rows)]
    folded = int(len(rows) - counts[kept].sum())
    findings: tuple[Finding, ...] = ()
    if folded:
        said = (
            f"{folded} moves out of {path[1]}, each to a place that under 1 % go to, count as going where most go."
        )
        findings = (Finding("folded_moves", "note", folded, said),)
    if outcome == ADVANCED and [str(listed[at]) for at in kept] == [following]:
        return Part(findings=findings)
    seen = counts[kept].astype(float)
    seen[0] += folded
    shares = moves.shares(seen)
    ways = [str(listed[at]) for at in kept]
    if len(ways) == 1:
        return Part((Number(path, ways[0], n=len(rows), method="shares"),), findings=findings)
    written = {way: significant(float(share), 3) for way, share in zip(ways, shares.shares, strict=True)}

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        drawn = shares.draw(rng)
        return {".".join(path): {way: significant(float(x), 6) for way, x in zip(ways, drawn, strict=True)}}

    return Part((Number(path, written, n=len(rows), method="shares"),), {".".join(path): draw}, findings)


def _way(history: History, row: int, outcome: int, closing: str) -> str:
    visits = history.visits
    to = int(visits.destination[row])
    if to != CLOSED:
        return history.stages[to]
    if outcome == ADVANCED:
        return closing or "end"
    reason = int(visits.reason[row])
    name = history.reasons[reason] if reason >= 0 else "lost"
    return f"{name} (reason)" if name in history.stages or name in OUTCOMES else name
