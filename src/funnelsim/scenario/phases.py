"""Phases: changes that hold for some time, and the organisation of each period that follows from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from funnelsim.errors import ScenarioError

from .compose import Composed, read_spec, with_change, with_levers
from .document import Block, problem
from .forms.base import Fault
from .types import Period, ScenarioSpec
from .writings import Writing, refuse, refuse_for_good


def periods(
    composed: Composed, spec: ScenarioSpec, folder: Path | None, file: str
) -> tuple[tuple[Period, ...], list[str]]:
    """The organisation from the start and from each date at which a phase begins or ends, with warnings."""
    dates = sorted({date for phase in spec.phases for date in (phase.from_, phase.to) if date is not None})
    made: dict[tuple[int, ...], ScenarioSpec] = {(): spec}
    written: dict[int, tuple[Writing, ...]] = {}
    found_there: list[Period] = []
    warnings: list[str] = []
    for date in [None, *(date for date in dates if date > spec.start)]:
        at = date or spec.start
        active = tuple(i for i, p in enumerate(spec.phases) if p.from_ <= at and (p.to is None or at < p.to))
        if active not in made:
            made[active], more = _phased(composed, active, folder, file, written)
            _check_same(spec, made[active], active, composed.document)
            warnings += more
        found_there.append(Period(date, made[active]))
    if any(str(key).split(".")[0] == "phases" for one in composed.writings for key in one.written):
        for index, writings in written.items():
            refuse_for_good(writings, spec, file)
            refuse(writings, [made[active] for active in made if index in active], read_spec, file)
    return tuple(found_there), warnings


def _phased(
    composed: Composed,
    active: tuple[int, ...],
    folder: Path | None,
    file: str,
    written: dict[int, tuple[Writing, ...]],
) -> tuple[ScenarioSpec, list[str]]:
    """The organisation while some phases hold, with warnings; what each of them writes is noted in ``written``."""
    now = Composed(composed.base, composed.document)
    for index in active:
        before = len(now.writings)
        phase = composed.document["phases"][index]
        now = with_levers(now, phase.get("levers") or (), folder, (composed.document, ("phases", index, "levers")))
        change = phase.get("change") or {}
        if "phases" in change:
            fault = Fault("a phase cannot change phases", ("phases", index, "change", "phases"))
            raise ScenarioError([problem(composed.document, fault, file)])
        now = with_change(now, change, 1.0, f"phase from {phase['from']}")
        own = replace(now.writings[-1], what="", under=("phases", index, "change"))
        written.setdefault(index, (*now.writings[before:-1], own))
    return read_spec(now.document, file), list(now.warnings)


def _check_same(before: ScenarioSpec, after: ScenarioSpec, active: tuple[int, ...], document: Block) -> None:
    for group in ("stages", "sources"):
        strange = sorted(set(getattr(before, group)) ^ set(getattr(after, group)))
        if strange:
            message = f"a phase cannot add or remove {group}, found {', '.join(strange)}"
            fault = Fault(message, ("phases", active[-1], "change", group))
            raise ScenarioError([problem(document, fault)])
