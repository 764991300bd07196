"""What a comparison asks: which KPIs, against which arm, what does not matter, and which targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError
from funnelsim.results.estimates import Estimate
from funnelsim.results.measures.catalogue import unknown_kpi
from funnelsim.results.measures.periods.per_period import base_name
from funnelsim.results.places import unknown_place
from funnelsim.scenario.changing.money import assumed_rates
from funnelsim.scenario.forms.base import unknown

from ..statistics.outcomes import missed_by
from .amounts import exchange_of, read
from .pointless import refuse_pointless

if TYPE_CHECKING:
    from ..running.arms import Arm

MAIN_KPIS = ("won", "bookings", "contribution")
"""What is compared where nothing is said: those of these that any arm has."""

INDIFFERENCE = 0.01
"""Share of the base's figure that does not matter, where nothing is said."""

# fmt: off
LESS_IS_BETTER = frozenset(
    (
        "rejected", "blocked", "dropped", "expired", "burned", "open_at_start", "open_at_end", "cycle_time",
        "cycle_time_lost", "opportunity_cycle_time", "response_time", "response_time_mean", "response_time_p90",
        "response_time_open", "never_touched", "handoff_wait", "customers_lost", "arr_contraction", "arr_churn",
        "revenue_churn", "logo_churn", "early_churn", "churn_rate", "onboarding_time", "time_to_value",
        "care_late", "care_missed", "discount_rate", "payback", "dso", "bad_debt", "wasted_effort",
        "aged_need_loss", "aged_need_share", "aged_share", "over_promise_rate", "over_promised_churn",
        "spill_over_churn", "cs_lead_leakage", "faces_per_deal", "left_lying", "boom_and_bust", "bookings_top_1",
        "bookings_top_5", "bookings_top_10", "arr_top_1", "arr_top_5", "arr_top_10", "largest_deal_lost",
        "largest_customer_lost",
    )
)
# fmt: on
"""KPIs of which less is better, beside those whose names begin as follows; of all others more is."""

LESS_BY_PREFIX = ("lost", "cost", "cac", "cycle_share_")

LESS_OF_PLACES = frozenset(
    (
        "rejected", "blocked", "dropped", "expired", "burned", "churned", "lost", "wait", "work", "busy", "buyer",
        "handoff", "held", "paused", "time_in_stage", "wip", "queue", "queue_open", "wait_open", "load",
        "queue_growth", "cycle_share", "cycle_share_work", "cost", "delay", "rework", "cooled", "odds_lost",
    )
)  # fmt: skip
"""Figures of a stage, team or handoff of which less is better."""

Indifference = float | Mapping[str, float | str] | None
Targets = Mapping[str, float | str] | None


@dataclass(frozen=True)
class Target:
    """What a KPI is to reach in a single run; ``text`` is an amount that was written with its unit or currency."""

    kpi: str
    at_least: bool
    value: float
    text: str = ""

    def reached(self, figure: float) -> bool:
        """Whether a figure is at or beyond it, but for rounding."""
        return missed_by(figure, self.value, self.at_least) == 0

    def __str__(self) -> str:
        return f"{self.kpi} {'>=' if self.at_least else '<='} {self.text or f'{self.value:g}'}"


@dataclass(frozen=True)
class Question:
    """What is asked of the arms.

    Parameters
    ----------
    base : str
        The arm that the others are compared with.
    kpis : tuple of str
        KPIs that are compared.
    zones : mapping
        By KPI the difference that does not matter: an amount in its unit, or text such as ``2%`` of the base.
    share : float
        The share of the base's figure that does not matter for all other KPIs.
    targets : tuple of Target
        What single runs are to reach.
    alpha : float
        Probability that even one of the intervals, or one of the decisions, is wrong.
    currencies : tuple of str
        Codes of the currencies that amounts named.
    by : date, optional
        The last day that counts for the targets, if it is not that of the scenarios.
    """

    base: str
    kpis: tuple[str, ...]
    zones: Mapping[str, float | str]
    share: float = INDIFFERENCE
    targets: tuple[Target, ...] = ()
    alpha: float = 0.05
    currencies: tuple[str, ...] = ()
    by: dt.date | None = None

    def zone(self, kpi: str, base: Estimate) -> float:
        """The difference in a KPI that does not matter, in its unit."""
        given = self.zones.get(kpi, f"{self.share * 100:.10g}%")
        if isinstance(given, str):
            return _share(given) * abs(base.mean or 0.0)
        return given


def less_is_better(kpi: str) -> bool:
    """Whether less of a KPI is better."""
    *place, name = kpi.split(".")
    return (
        name in LESS_OF_PLACES if place else base_name(name) in LESS_IS_BETTER or name.startswith(LESS_BY_PREFIX)
    )


def main_kpis(arms: Sequence[Arm]) -> tuple[str, ...]:
    """The main KPIs that all arms know and at least one has a figure other than 0 for."""
    known = [kpi for kpi in MAIN_KPIS if all(kpi in arm.indicators for arm in arms)]
    return tuple(kpi for kpi in known if any(arm.estimate(kpi).mean for arm in arms)) or ("created",)


def check_kpis(kpis: Sequence[str], arms: Sequence[Arm]) -> None:
    """Refuse KPIs that an arm does not know, or measures in another unit.

    Raises
    ------
    FunnelsimError
        Naming the KPI and the arm.
    """
    for kpi in kpis:
        units = {}
        for arm in arms:
            if kpi not in arm.indicators:
                kpis_alone = [name for name in arm.indicators if name not in arm.places]
                said = unknown_place(kpi, arm.model) or unknown_kpi(kpi, kpis_alone)
                some_know = any(kpi in each.indicators for each in arms)  # else it is nothing about this arm
                raise FunnelsimError(
                    f"{arm.name}: {said}" if arm.name and some_know else said, code="E-kpi-unknown"
                )
            indicator = arm.indicators[kpi][1]
            units[indicator.unit.replace("{currency}", arm.model.spec.currency)] = arm.name
        if len(units) > 1:
            told = " and ".join(f"{unit} in {name!r}" for unit, name in units.items())
            raise FunnelsimError(f"{kpi} cannot be compared: it is in {told}", code="E-kpi-units")


def question(
    arms: Sequence[Arm],
    kpis: Sequence[str] | None,
    base: str | None,
    indifference: Indifference,
    targets: Targets,
    by: dt.date | None = None,
) -> Question:
    """Put what a user gave into order.

    Raises
    ------
    FunnelsimError
        For a KPI or an arm that does not exist, or an amount that cannot be read.
    """
    names = [arm.name for arm in arms]
    if base is not None and base not in names:
        raise FunnelsimError(unknown("scenario", base, names), code="E-name-unknown")
    asked = tuple(dict.fromkeys(kpis or ()))
    given = indifference if isinstance(indifference, Mapping) else {}
    check_kpis([*asked, *given, *(targets or ())], arms)
    reading = _Amounts(next(arm for arm in arms if arm.name == (base or names[0])))
    zones = {kpi: reading.zone(kpi, amount) for kpi, amount in given.items()}
    aims = tuple(reading.target(kpi, wish) for kpi, wish in (targets or {}).items())
    share = INDIFFERENCE if indifference is None or isinstance(indifference, Mapping) else indifference
    if not 0 <= share < 1:
        said = f"indifference must be a share from 0 to below 1 (such as 0.02), but got {share}"
        raise FunnelsimError(said, code="E-indifference-range")
    return Question(base or names[0], asked, zones, share, aims, currencies=tuple(reading.currencies), by=by)


def targets_of(arm: Arm, wishes: Sequence[tuple[str, float | str]]) -> tuple[tuple[Target, ...], tuple[str, ...]]:
    """Targets of one line, and a sentence for each rate of exchange that their amounts assume.

    Raises
    ------
    FunnelsimError
        For a KPI that does not exist or is 0 in every run, an amount that cannot be read, or one that every run
        reaches or none.
    """
    check_kpis([kpi for kpi, _ in wishes], [arm])
    reading = _Amounts(arm)
    found = tuple(reading.target(kpi, wish) for kpi, wish in wishes)
    for each, (_, wish) in zip(found, wishes, strict=True):
        refuse_pointless(each, str(wish), arm.indicators[each.kpi][1].unit, arm.model)
    return found, tuple(assumed_rates(reading.currencies, exchange_of(arm.model)))


def _share(text: str) -> float:
    try:
        return float(text.strip().removesuffix("%")) / 100
    except ValueError:
        raise FunnelsimError(f"{text!r} is not a share of the base such as 2%", code="E-value-amount") from None


class _Amounts:
    """Reads amounts in the units of the KPIs of an arm, and keeps the currencies that they name."""

    def __init__(self, arm: Arm) -> None:
        self.model = arm.model
        self.known = {name: indicator for name, (_, indicator) in arm.indicators.items()}
        self.currencies: list[str] = []

    def zone(self, kpi: str, raw: float | str) -> float | str:
        """A difference that does not matter: an amount, or the text of a share of the base's figure."""
        share = isinstance(raw, str) and raw.strip().endswith("%")
        if isinstance(raw, str):
            size = _share(raw) if share else self._read(kpi, raw, f"a difference in {kpi} that does not matter: ")
        else:
            size = raw
        if size < 0:
            raise FunnelsimError(
                f"a difference in {kpi} that does not matter is not below 0, but got {raw}",
                code="E-indifference-range",
            )
        return raw if share else size

    def target(self, kpi: str, wish: float | str) -> Target:
        """A number is reached from its better side; text says which, as in ``<= 40``."""
        if not isinstance(wish, str):
            return Target(kpi, not less_is_better(kpi), float(wish))
        text = wish.strip()
        side = text[:2] if text[:2] in (">=", "<=") else ""
        amount = text.removeprefix(side).strip()
        at_least = side == ">=" if side else not less_is_better(kpi)
        try:
            return Target(kpi, at_least, float(amount))
        except ValueError:
            value = self._read(kpi, amount, f"{kpi}: {wish!r} is not a target such as '>= 300' or '<= 40'; ")
        return Target(kpi, at_least, value, amount)

    def _read(self, kpi: str, text: str, wrong: str) -> float:
        try:
            value, currency = read(text, self.known[kpi], self.model, self.known)
        except FunnelsimError as error:
            raise FunnelsimError(f"{wrong}{error}", code=error.code) from None
        self.currencies += [currency] if currency else []
        return value
