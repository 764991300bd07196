"""The money of a study that is run on a line in another currency than the one it was written for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.errors import ScenarioError, Warned

from ..changing.extended import SPEC
from ..changing.money import amount_with_currency, with_currency
from ..forms.base import FormError, Names
from ..forms.money import exchange_of
from ..reading.document import Block, Items
from .study import base_of

if TYPE_CHECKING:
    from ..scenario import Scenario
    from .spec import StudySpec


def in_its_currency(
    document: Block, spec: StudySpec, own: Scenario, path: Path
) -> tuple[Block, tuple[Warned, ...]]:
    """A study in which each amount names the currency of its base, where that is not the currency of a line.

    Parameters
    ----------
    document : Block
        The study as it is written.
    spec : StudySpec
        What it says.
    own : Scenario
        The line.
    path : Path
        The file of the study.

    Returns
    -------
    document : Block
    said : tuple of Warned
        What may be money and cannot be told.
    """
    if spec.base is None:
        return document, ()
    try:
        names = base_of(spec.base, path.parent, path).names
    except (FormError, ScenarioError):
        said = f"the base {spec.base} of the study cannot be read, so its amounts without a currency are in"
        return document, (Warned(f"{said} {own.spec.currency}", "W-currency-plain"),)
    old, new = exchange_of(names).code, exchange_of(own.names).code
    if old == new:
        return document, ()
    made = dict(document)
    if isinstance(document.get("set"), Mapping):
        made["set"] = with_currency(document["set"], SPEC, names)
    if isinstance(document.get("arms"), Mapping):
        arms = document["arms"]
        made["arms"] = arms.like({name: _each(raw, names) for name, raw in arms.items()})
    if isinstance(document.get("vary"), Mapping):
        vary = document["vary"]
        made["vary"] = vary.like({key: _levels(key, raw, names) for key, raw in vary.items()})
    if document.get("budget") is not None:
        made["budget"] = amount_with_currency(document["budget"], names)
    return document.like(made), tuple(_unsure(spec, own))


def _each(raw: Any, names: Names) -> Any:
    """What makes an arm: a change, a lever, or a list of them."""
    if isinstance(raw, Mapping):
        return with_currency(raw, SPEC, names)
    return Items([_each(one, names) for one in raw], getattr(raw, "marks", None)) if isinstance(raw, list) else raw


def _levels(key: str, raw: Any, names: Names) -> Any:
    """The levels of a factor, of which each may be an amount."""

    def labelled(value: Any) -> Any:
        return with_currency(Block({key: value}), SPEC, names)[key]

    if isinstance(raw, list):
        return Items([labelled(one) for one in raw], getattr(raw, "marks", None))
    if isinstance(raw, Block) and isinstance(raw.get("levels"), Block):
        inner = raw["levels"]
        return raw.like({**raw, "levels": inner.like({name: labelled(one) for name, one in inner.items()})})
    if isinstance(raw, Block):
        return raw.like({name: labelled(one) if name in ("from", "to") else one for name, one in raw.items()})
    return raw


def _unsure(spec: StudySpec, own: Scenario) -> Iterator[Warned]:
    """Figures that are money if their KPI is."""
    bounds = {f"constraints.{kpi}": (each.at_least, each.at_most) for kpi, each in spec.constraints.items()}
    for name, amounts in {**bounds, "indifference": (spec.indifference,)}.items():
        plain = [
            one.text for one in amounts if one is not None and one.kind in ("number", "rate") and not one.money
        ]
        if plain:
            yield Warned(
                f"{name}: {' and '.join(plain)}, if that is money, is in {own.spec.currency} on this line",
                "W-currency-plain",
            )
