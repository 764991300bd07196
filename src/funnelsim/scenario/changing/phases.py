"""Phases: changes that hold for some time, and the organisation of each period that follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from funnelsim.errors import Problem, ScenarioError, Warned

from ..checking.writings import Writing, refuse, refuse_for_good, swallowed
from ..forms.base import Fault
from ..forms.base import Path as Path_
from ..language.lever import OfLever
from ..language.types import Burst, Period, Phase, ScenarioSpec, Source
from ..reading.document import Block, problem
from .compose import Composed, with_change, with_levers
from .typed import read_spec

MOST_TRIED = 50
"""Phases of which each is looked at for whether it does anything."""
_TOP = "give it at the top of the file"
WHOLE_RUN = {
    "funnelsim": f"it is the language of the file; {_TOP}",
    "name": f"a run has one name; {_TOP}",
    "description": f"it describes the whole run; {_TOP}",
    "start": f"a phase comes after the start; {_TOP}",
    "horizon": f"it ends the whole run; {_TOP}",
    "warmup": f"statistics start once in a run; {_TOP}",
    "fiscal_year": f"tables of a run follow one fiscal year; {_TOP}",
    "currency": f"all money of a run is in one currency; {_TOP}",
    "exchange": f"all money of a run is converted at one rate; {_TOP}",
    "revenue": "all deals of a run are counted in one way; for the other, run a scenario of its own, such as with"
    " `--set revenue=one_off`",
    "milestones": f"figures of the whole run count from these stages; {_TOP}",
    "opening": "it fills the line at the start of a run; leads that come together later are `bursts` of a source",
}
"""What a phase cannot change, and why."""


@dataclass(frozen=True)
class OfPhases:
    """What is told of the levers of phases.

    Parameters
    ----------
    levers : tuple of str
        Each with its dose and when it holds, in words.
    cautions : tuple of str
        What they show one side of only.
    """

    levers: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def periods(
    composed: Composed, spec: ScenarioSpec, folder: Path | None, file: str
) -> tuple[tuple[Period, ...], list[Warned], OfPhases]:
    """The organisation from the start and from each date at which a phase begins or ends.

    With warnings, and what is told of levers of phases.
    """
    dates = sorted({date for phase in spec.phases for date in (phase.from_, phase.to) if date is not None})
    made: dict[tuple[int, ...], ScenarioSpec] = {(): spec}
    written: dict[int, tuple[Writing, ...]] = {}
    laid: dict[tuple[int, ...], Composed] = {
        (): Composed(composed.base, composed.document, levers=composed.levers)
    }
    found_there: list[Period] = []
    actives: list[tuple[int, ...]] = []
    warnings: list[Warned] = []
    for date in [None, *(date for date in dates if date > spec.start)]:
        at = date or spec.start
        active = tuple(i for i, p in enumerate(spec.phases) if p.from_ <= at and (p.to is None or at < p.to))
        if active not in made:
            made[active], more = _phased(active, laid, spec.phases, folder, file, written)
            _raise(_unlike(spec, made[active]), active, composed.document, file)
            warnings += more
        found_there.append(Period(date, made[active]))
        actives.append(active)
    for number, active in enumerate(actives):
        _raise(_missed_bursts(spec, found_there, number), active, composed.document, file)
    if any(str(key).split(".")[0] == "phases" for one in composed.writings for key in one.written):
        for index, writings in written.items():
            refuse_for_good(writings, spec, file)
            refuse(writings, [made[active] for active in made if index in active], read_spec, file)
    for index, writings in written.items():
        warnings += swallowed(writings, [made[active] for active in made if index in active])
    tried = _Trial(spec, folder, file, made, laid)
    cautions = dict.fromkeys(text for active in actives for text in laid[active].cautions)
    levers = dict.fromkeys(text for active in actives for text in laid[active].laid)
    return tuple(found_there), [*warnings, *tried.idle()], OfPhases(tuple(levers), tuple(cautions))


@dataclass(frozen=True)
class _Trial:
    """Looks for phases without which the organisation is the same."""

    spec: ScenarioSpec
    folder: Path | None
    file: str
    made: dict[tuple[int, ...], ScenarioSpec]
    laid: dict[tuple[int, ...], Composed]

    def idle(self) -> Iterator[Warned]:
        """One sentence for each."""
        if len(self.spec.phases) > MOST_TRIED:
            return
        for index in range(len(self.spec.phases)):
            holding = [active for active in self.made if index in active]
            if holding and all(self.made[active] == self._without(active, index) for active in holding):
                over = " with what is laid over it" if any(active[-1] != index for active in holding) else ""
                yield Warned(
                    f"phases.{index}: does nothing as it is: the organisation{over} is the same without it",
                    "W-phase-idle",
                )

    def _without(self, active: tuple[int, ...], index: int) -> ScenarioSpec | None:
        """The organisation without one of the phases that hold; None if there is none."""
        rest = tuple(each for each in active if each != index)
        if rest in self.made:
            return self.made[rest]
        try:
            return _phased(rest, dict(self.laid), self.spec.phases, self.folder, self.file, {})[0]
        except ScenarioError:
            return None


def _phased(
    active: tuple[int, ...],
    laid: dict[tuple[int, ...], Composed],
    phases: tuple[Phase, ...],
    folder: Path | None,
    file: str,
    written: dict[int, tuple[Writing, ...]],
) -> tuple[ScenarioSpec, list[Warned]]:
    """The organisation while some phases hold, with warnings; what each of them writes is noted in ``written``.

    ``laid`` keeps what the first of them give, for the next time.
    """
    composed = laid[()]
    known = next(count for count in range(len(active), -1, -1) if active[:count] in laid)
    now = laid[active[:known]]
    for count, index in enumerate(active[known:], known + 1):
        before = len(now.writings)
        phase = composed.document["phases"][index]
        asked = (composed.document, ("phases", index, "levers"))
        told = now.laid
        now = with_levers(replace(now, laid=()), phase.get("levers") or (), folder, asked)
        when = _when(phases[index])
        levers = (each.held(when) if isinstance(each, OfLever) else each for each in now.laid)
        now = replace(now, laid=(*told, *levers))
        change = phase.get("change") or {}
        for key in change:
            if str(key).split(".")[0] == "phases":
                fault = Fault(
                    "a phase cannot change phases", ("phases", index, "change", key), code="E-phase-fixed"
                )
                raise ScenarioError([problem(composed.document, fault, file)])
        now = with_change(now, change, 1.0, f"phase from {phase['from']}")
        own = replace(now.writings[-1], what="", under=("phases", index, "change"))
        written.setdefault(index, (*now.writings[before:-1], own))
        laid[active[:count]] = now
    # What the phases are is known: a hundred readings of a hundred phases would take most of the time.
    alone = now.document.like({key: value for key, value in now.document.items() if key != "phases"})
    return read_spec(alone, file).model_copy(update={"phases": phases}), list(now.warnings)


def _when(phase: Phase) -> tuple[str, ...]:
    return tuple(str(each) for each in (phase.from_, phase.to) if each is not None)


# --- what a phase cannot change ----------------------------------------------------------------------------


def _unlike(before: ScenarioSpec, after: ScenarioSpec) -> Iterator[Fault]:
    """What differs between two periods and must not."""
    for name, why in WHOLE_RUN.items():
        if getattr(before, name) != getattr(after, name):
            yield Fault(
                f"`{name}` holds for the whole run, and a phase cannot change it: {why}",
                (name,),
                code="E-phase-fixed",
            )
    for group in ("stages", "sources"):
        strange = sorted(set(getattr(before, group)) ^ set(getattr(after, group)))
        if strange:
            yield Fault(
                f"a phase cannot add or remove {group}, found {', '.join(strange)}; declare all {group} at the top"
                f" of the file, and let the phase change {_REMEDY[group]}",
                (group, strange[0]),
                code="E-phase-fixed",
            )
    for group in ("stages", "sources", "teams"):
        for name, entry in getattr(before, group).items():
            other = getattr(after, group).get(name)
            if other is not None and entry.key != other.key:
                why = f"it names random numbers of the whole run; give it where the {group[:-1]} is declared"
                yield Fault(
                    f"a phase cannot change the `key` of a {group[:-1]}: {why}",
                    (group, name, "key"),
                    code="E-phase-fixed",
                )
    for name in before.sources.keys() & after.sources.keys():
        yield from _other_way(name, before.sources[name], after.sources[name])


_REMEDY = {"stages": "where leads go (`next`)", "sources": "how many leads each sends (`rate: 0 / d` is none)"}


def _other_way(name: str, before: Source, after: Source) -> Iterator[Fault]:
    """A source whose leads come in another way than before; one with bursts alone may have a rate for a time."""
    ways = [_way(source) for source in (before, after)]
    if ways[0] != ways[1] and set(ways) != {"rate", "bursts"}:
        yield Fault(
            f"a phase cannot change how leads of a source come, found {ways[0]} before and {ways[1]} in the phase;"
            " declare two sources at the top of the file, and let the phase change which of them sends leads"
            " (`rate: 0 / d`, `batch: 0` and `yield: 0` are none)",
            ("sources", name, ways[1]),
            code="E-phase-fixed",
        )


def _way(source: Source) -> str:
    return next((way for way in ("rate", "every", "team") if getattr(source, way) is not None), "bursts")


def _missed_bursts(spec: ScenarioSpec, times: Sequence[Period], number: int) -> Iterator[Fault]:
    """Bursts of a period that begin in none in which they are given, so that they would never come."""
    for name, source in times[number].spec.sources.items():
        for burst in source.bursts:
            if burst in spec.sources[name].bursts or any(
                burst in period.spec.sources[name].bursts and _within(burst, spec, times, at)
                for at, period in enumerate(times)
            ):
                continue
            when = (
                burst.at
                if isinstance(burst.at, dt.date)
                else f"{burst.at.amount:g} {burst.at.unit} after the start"
            )
            yield Fault(
                f"the burst of {when} begins outside of its phase, so that it never comes; give a time within the"
                " phase, or give the burst where the source is declared",
                ("sources", name, "bursts"),
                code="E-burst-outside",
            )


def _within(burst: Burst, spec: ScenarioSpec, times: Sequence[Period], number: int) -> bool:
    """Whether a burst begins in a period."""
    begin = dt.datetime.combine(spec.start, dt.time())
    if isinstance(burst.at, dt.date):
        at = dt.datetime.combine(burst.at, dt.time())
    else:
        at = begin + dt.timedelta(microseconds=burst.at.microseconds)
    first, last = times[number].start, times[number + 1].start if number + 1 < len(times) else None
    return (first is None or at.date() >= first) and (last is None or at.date() < last)


# --- where it stands ---------------------------------------------------------------------------------------


def _raise(faults: Iterator[Fault], active: tuple[int, ...], document: Block, file: str) -> None:
    problems = [_placed(fault, active, document, file) for fault in faults]
    if problems:
        raise ScenarioError(problems)


def _placed(fault: Fault, active: tuple[int, ...], document: Block, file: str) -> Problem:
    """A fault at the change that makes it, or at the levers of the last phase."""
    for index in reversed(active):
        change = document["phases"][index].get("change") or {}
        for key in change:
            if _reaches(str(key).split("."), fault.path):
                return problem(
                    document, Fault(fault.message, ("phases", index, "change", key), code=fault.code), file
                )
    return problem(document, Fault(fault.message, ("phases", active[-1], "levers"), code=fault.code), file)


def _reaches(parts: list[str], path: Path_) -> bool:
    """Whether a dotted key leads towards a path, or is it."""
    return all(part in ("*", str(at)) for part, at in zip(parts, path, strict=False))
