"""The numbers of a scenario that could be known better, each with the scenarios at the two ends of its range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.errors import ScenarioError
from funnelsim.model.numbers.distributions import mean
from funnelsim.scenario.changing import known
from funnelsim.scenario.changing.extended import SPEC
from funnelsim.scenario.changing.known import segment_weights
from funnelsim.scenario.forms.base import Adjust, Form, FormError, Names
from funnelsim.scenario.forms.entry import EntryForm, NamedForm
from funnelsim.scenario.forms.kinds import ByKindForm
from funnelsim.scenario.forms.quantities import Dist
from funnelsim.scenario.language.evidence import Record
from funnelsim.scenario.reading.document import flow

from . import mixture

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

OUTSIDE = ("opening", "limits", "phases", "costs", "calendars", "milestones", "territories", "exchange")
"""Parts of a file whose numbers are facts or choices of the firm."""

CHOSEN = (
    *(
        "headcount",
        "wip_limit",
        "sla",
        "timeout",
        "at_most",
        "quota",
        "every",
        "bursts",
        "serves",
        "switching_from",
    ),
    *(
        "funnelsim",
        "fiscal_year",
        "pattern",
        "otherwise",
        "next",
        "weights",
        "score_at_least",
        "score_below",
        "value_at_least",
        "value_below",
        "horizon",
        "warmup",
        "scale",
        "growth",
    ),
)
"""Keys of numbers that a firm chooses, so that there is nothing to be known better."""


@dataclass(frozen=True)
class Number:
    """A number, and the two scenarios in which it is at the ends of its range."""

    path: str
    value: str
    record: Record | None
    ends: tuple[str, str]
    assumed: bool
    scenarios: tuple[Scenario | None, Scenario | None]

    def name(self, side: int) -> str:
        """What the scenario of one end is called."""
        return f"{self.path} {('low', 'high')[side]}"


def numbers_of(scenario: Scenario) -> Iterator[Number]:
    """The numbers of a scenario that could be known better, in the order of the file."""
    document, names = scenario.composed.document, scenario.names
    inside = {key: value for key, value in document.items() if key not in OUTSIDE}
    for path, raw, form in leaves(inside, SPEC, (), names):
        record, own = record_of(scenario, path)
        known_by, weights = record if own else None, segment_weights(document, path)
        if weights is not None and not mixture.is_said(weights, path, scenario.composed.evidence):
            continue
        made = None if weights is None else mixture.ends_of(weights, path, known_by, form, names)
        made = made or _ends(raw, form, known_by, names)
        if made is None:
            continue
        ends, changes = made
        lines = tuple(_changed(scenario, path, change) for change in changes)
        assumed = not own or record is None or record.range is None
        value = raw["advanced"] if isinstance(raw, Mapping) and "advanced" in raw else raw
        yield Number(path, flow(value), record, ends, assumed, (lines[0], lines[1]))


def leaves(
    node: Any, form: Form[Any] | None, above: tuple[str, ...], names: Names
) -> Iterator[tuple[str, Any, Form[Any]]]:
    """The numbers of a document with their paths and forms; values by kind and distributions are one each."""
    if form is None or (above and above[-1] in CHOSEN):
        return
    if isinstance(node, Mapping) and isinstance(form, EntryForm | NamedForm):
        for key, value in node.items():
            yield from leaves(value, form.child(str(key)), (*above, str(key)), names)
        return
    inner = form.inner if isinstance(form, ByKindForm) else form
    if isinstance(node, Mapping) and isinstance(inner, EntryForm) and above[-1] != "decision":
        for key, value in node.items():
            kind = form.child(str(key)) if key in names.kinds or key == "else" else inner.child(str(key))
            yield from leaves(value, kind, (*above, str(key)), names)
        return
    try:
        changed = form.adjust(node, Adjust("multiply", 2), names)
    except FormError:
        return
    if changed != node:
        yield ".".join(above), node, form


def record_of(scenario: Scenario, path: str) -> tuple[Record | None, bool]:
    """How a number is known, by its own record or by that of what it stands in; and whether it is its own."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        record = scenario.composed.evidence.get(".".join(parts[:length]))
        if record is not None:
            return record, length == len(parts)
    return None, False


def _ends(
    raw: Any, form: Form[Any], record: Record | None, names: Names
) -> tuple[tuple[str, str], tuple[Any, Any]] | None:
    """The two ends that a number is tried at, as they are written, and as changes."""
    inner = form.inner if isinstance(form, ByKindForm) else form
    op = "odds" if inner.is_share else "multiply"
    half = {op: 0.5}, {op: 2.0}
    if record is None or record.range is None:
        try:
            less, more = (form.adjust(raw, Adjust(op, each[op]), names) for each in half)
        except FormError:
            return None
        return (_short(less, 0.5), _short(more, 2.0)), half
    ends = (flow(record.range[0]), flow(record.range[1]))
    typed = form.read(raw, names)
    found = law(typed)
    if found is None or found.name == "constant":
        return ends, (record.range[0], record.range[1])
    middle = mean(found)
    amounts = [known.amount(form.read(end, names)) for end in record.range]
    factors = [each[0] / middle if each is not None and middle > 0 else 1.0 for each in amounts]
    return ends, ({"multiply": factors[0]}, {"multiply": factors[1]})


def _short(raw: Any, factor: float) -> str:
    """A number as it is written, with three digits; of what is more than a number by what it is multiplied."""
    if isinstance(raw, float):
        return f"{raw:.3g}"
    return f"x {factor:g}" if isinstance(raw, Mapping | list) else flow(raw)


def law(typed: Any) -> Dist | None:
    """The distribution that a value is, or the one for most kinds or outcomes."""
    if isinstance(typed, Dist):
        return typed
    inside = next((getattr(typed, name) for name in known.PARTS if hasattr(typed, name)), None)
    return law(inside) if inside is not None else None


def _changed(scenario: Scenario, path: str, change: Any) -> Scenario | None:
    """The scenario with a number at one end; None if it cannot stand there."""
    try:
        return scenario.change({path: change})
    except ScenarioError:
        return None
