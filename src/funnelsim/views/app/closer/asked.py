"""What may be looked at more closely, what has to be given for it, and the questions that this makes."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.running.arms import Arm
from funnelsim.experiments.study.pointless import without_money
from funnelsim.experiments.study.question import less_is_better, targets_of
from funnelsim.experiments.targets.until import first_day, last_day
from funnelsim.model.compile import compile_model
from funnelsim.results.measures.groups.members import BY
from funnelsim.results.measures.kpis import kpi_groups, unspoken

from ...panel.refusals import RefusedError, in_words
from ...words import numbers, say

if TYPE_CHECKING:
    from funnelsim.model.model import Model

    from ...panel.session import Question

VIEWS = ("teams", "groups", "fates", "causes", "targets")
"""In the order of the page."""

OF_CHANGES = frozenset({"fates", "causes"})
"""Those that set the changed line against today's and say nothing of one line."""

ON_DEMAND = frozenset({"causes", "targets"})
"""Those that are computed when a button is pressed; all others as soon as they are opened."""

LONGEST = 40
"""Letters of an amount."""

_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(,\d{3})+(?![\d,])")

SIDES = {"at_least": ">=", "at_most": "<="}


@dataclass(frozen=True)
class Aim:
    """What single runs are to reach.

    Parameters
    ----------
    kpi : str
        The figure.
    wish : str
        As a target is typed: ``>= 1.8M``.
    day : date or None
        The last day that counts; None for that of the scenario.
    """

    kpi: str
    wish: str
    day: dt.date | None


@dataclass(frozen=True)
class Look:
    """One closer look.

    Parameters
    ----------
    view : str
        Which of `VIEWS`.
    question : Question
        What is moved, and the line that it makes.
    by : str
        What the figures are divided by, where they are.
    aim : Aim or None
        The target, where there is one.
    """

    view: str
    question: Question
    by: str = ""
    aim: Aim | None = None


class Form:
    """The fields of each view for one line, and what they come to.

    Parameters
    ----------
    model : Model
        Today's line.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        silent = unspoken(model)
        self._groups = [
            (group, [kpi for kpi in group.kpis if kpi.name not in silent and not without_money(kpi.name, model)])
            for group in kpi_groups(model)
            if group.shown
        ]
        self._kpis = {kpi.name: kpi for _, kpis in self._groups for kpi in kpis}
        self.bys = [by for by in BY if by != "territory" or model.territory_names]

    # --- what is shown ------------------------------------------------------------------------------------------

    def describe(self) -> list[dict[str, Any]]:
        """Each view: its texts, and its fields."""
        return [
            {
                "name": name,
                "title": say(f"panel.view.{name}.title"),
                "about": say(f"panel.view.{name}.about"),
                "on_demand": name in ON_DEMAND,
                "of_changes": name in OF_CHANGES,
                "fields": list(self._fields(name)),
            }
            for name in VIEWS
        ]

    def _fields(self, view: str) -> Iterator[dict[str, Any]]:
        if view == "groups":
            options = [{"value": by, "label": say(f"by.{by}")} for by in self.bys]
            yield _field("by", "select", options=options, start=self.bys[0])
        if view == "targets":
            yield _field("kpi", "select", groups=[*self._figures()], start=self._start())
            sides = [{"value": side, "label": say(f"panel.view.{side}")} for side in SIDES]
            yield _field("side", "select", options=sides, start="at_least", follows="kpi")
            yield _field("amount", "text", start="", hint=say("panel.view.amount.hint"))
            first, last = (each.isoformat() for each in (first_day(self.model), last_day(self.model)))
            yield _field("day", "date", start=last, least=first, most=last)

    def _figures(self) -> Iterator[dict[str, Any]]:
        """The figures by their groups, each with its unit and the side on which it is better."""
        for group, kpis in self._groups:
            options = [
                {
                    "value": kpi.name,
                    "label": say("panel.view.figure", kpi=kpi.label, unit=self._unit(kpi.unit)),
                    "side": "at_most" if less_is_better(kpi.name) else "at_least",
                }
                for kpi in kpis
            ]
            if options:
                yield {"label": group.label, "options": options}

    def _unit(self, unit: str) -> str:
        if "{currency}" not in unit:
            return numbers.unit_name(unit)
        currency = self.model.spec.currency
        money = numbers.unit_name(unit.replace("{currency}", "money"))
        return money.replace(numbers.unit_name("money"), currency)

    def _start(self) -> str:
        """The figure that is chosen at first."""
        return next((kpi for kpi in ("bookings", "won", "created") if kpi in self._kpis), "")

    # --- what is asked ------------------------------------------------------------------------------------------

    def look(self, view: str, question: Question, given: Mapping[str, str]) -> Look:
        """What is asked of a view, with what its fields hold.

        Raises
        ------
        RefusedError
            Naming the field that has nothing that can be read.
        """
        if view in OF_CHANGES and not question.moved:
            raise RefusedError(say("panel.view.unmoved"), code="E-question-empty")
        if view == "groups":
            if given.get("by") not in self.bys:
                raise RefusedError(say("panel.view.by.wrong"), "by", code="E-name-unknown")
            return Look(view, question, by=given["by"])
        if view == "targets":
            return Look(view, question, aim=self._aim(question, given))
        return Look(view, question)

    def _aim(self, question: Question, given: Mapping[str, str]) -> Aim:
        kpi, side, typed = (given.get(name, "").strip() for name in ("kpi", "side", "amount"))
        if kpi not in self._kpis:
            raise RefusedError(say("panel.view.kpi.wrong"), "kpi", code="E-kpi-unknown")
        if side not in SIDES:
            raise RefusedError(say("panel.view.side.wrong"), "side", code="E-value-choice")
        amount = plain(typed)
        if not amount or len(amount) > LONGEST or amount[0] in "<>=":
            raise RefusedError(say("panel.view.amount.needed"), "amount", code="E-value-amount")
        wish = f"{SIDES[side]} {amount}"
        try:
            for model in (self.model, compile_model(question.asked)):
                targets_of(Arm("", model, ()), [(kpi, wish)])
        except FunnelsimError as error:
            raise RefusedError(self._refusal(kpi, typed, error), "amount", code=error.code) from error
        return Aim(kpi, wish, self._day(given.get("day", "").strip()))

    def _refusal(self, kpi: str, amount: str, error: FunnelsimError) -> str:
        """Why an amount is none of a figure, and what would be one."""
        if error.code not in ("E-value-amount", "E-target-range"):
            return say("panel.refused", why=in_words(error))
        found = self._kpis[kpi]
        kind = "money" if "{currency}" in found.unit else found.unit
        key = f"panel.view.amount.{kind if kind in ('money', 'h', 'share') else 'number'}"
        return say(key, kpi=found.label, amount=amount, unit=self._unit(found.unit))

    def _day(self, text: str) -> dt.date | None:
        """The day that was chosen, if it is not the last one."""
        first, last = first_day(self.model), last_day(self.model)
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            day = dt.date.min
        if not first <= day <= last:
            span = {"first": numbers.date(first), "last": numbers.date(last)}
            raise RefusedError(say("panel.view.day.wrong", **span), "day", code="E-date-uncounted")
        return None if day == last else day


def plain(typed: str) -> str:
    """An amount as it stands in files: no commas between thousands, letters and digits of half width."""
    return _THOUSANDS.sub(lambda found: found[0].replace(",", ""), unicodedata.normalize("NFKC", typed)).strip()


def _field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "label": say(f"panel.view.{name}"), **more}
