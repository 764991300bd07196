"""Every figure that a run can give: names, units and definitions, without running anything."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple, cast

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.model.records import FIXED_OUTCOMES
from funnelsim.scenario.forms.base import unknown
from funnelsim.scenario.forms.suggestions import suggestion

from ..words import in_each_language, in_english, say
from .groups.meaning import why_not
from .groups.members import BY
from .handoffs.table import HANDOFF_INDICATORS
from .kpis import kpi_groups
from .stages import STAGE_INDICATORS
from .teams import TEAM_INDICATORS

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.model.model import Model
    from funnelsim.scenario.scenario import Scenario

    from .indicators import Indicator

OPPORTUNITY = "opportunity"
MILESTONE, REASON, COST = "<milestone>", "<reason>", "<cost>"
"""What stands in names of KPIs for the names that a scenario gives."""


ALSO = {
    "average_deal_value": (
        "顧客単価",
        "客単価",
        "商談単価",
        "平均単価",
        "deal size",
        "average order value",
        "ACV",
    ),
    "win_rate": ("成約率", "決定率", "close rate", "closing rate"),
    "won": ("成約数", "成約件数", "deals closed", "sales"),
    "bookings": ("成約額", "受注金額", "売上高", "TCV"),
    "cycle_time": ("リードタイム", "商談期間", "営業期間", "sales cycle", "lead time"),
    "response_time": ("反応速度", "初動", "応答速度", "speed to lead"),
    "logo_churn": ("離反率", "退会率", "attrition"),
    "nrr": ("NDR", "売上維持率", "net dollar retention"),
    "cac": ("獲得単価", "獲得コスト", "CPA"),
    "ltv": ("LTV", "CLV", "lifetime value"),
    "contribution": ("利益", "profit"),
    "quota_attainment": ("予算達成率", "達成率", "attainment"),
    "utilisation": ("稼働率", "空き時間", "occupancy"),
    "discount_rate": ("値下げ", "割引率", "ディスカウント"),
}
"""By name of a figure what it is called elsewhere, for searches."""


class Listed(NamedTuple):
    """One figure of the catalogue."""

    name: str
    of: str  # the line, a stage, a team or a handoff
    group: str
    label: str
    unit: str
    definition: str

    def fits(self, word: str) -> bool:
        """Whether a word stands anywhere in it."""
        return _like(word, " ".join(self))


def found(word: str | None, model: Model | None = None) -> Sequence[Listed]:
    """The figures in which a word stands, in any language, or that are called so elsewhere; all without one."""
    told = tuple(listed(model))
    if word is None:
        return told
    if any(f"per_{each}" in _folded(word).replace(" ", "_") for each in ("year", "quarter", "month")):
        told = (*told, *_per_period(model))
    every = [each for _ in in_each_language() for each in listed(model) if each.fits(word)]
    every += [each for each in told if _like(word.replace(" ", "_"), each.name)]
    names = {each.name for each in every}
    names |= {name for name, others in ALSO.items() if any(_like(word, other) for other in others)}
    return tuple(one for one in told if one.name in names)


def near(word: str, model: Model | None = None) -> tuple[str, ...]:
    """The names of figures whose name or label, in any language, is most like a word."""
    called: dict[str, str] = {}
    for _ in in_each_language():
        for each in listed(model):
            called |= {_folded(each.label): each.name, each.name: each.name}
    called |= {_folded(other): name for name, others in ALSO.items() for other in others}
    return tuple(dict.fromkeys(called[one] for one in get_close_matches(_folded(word), called, 3, 0.5)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _like(word: str, other: str) -> bool:
    return _folded(word) in _folded(other)


def listed(model: Model | None = None) -> Iterator[Listed]:
    """The figures of a model, or of any: there ``<milestone>`` stands for names that a scenario gives.

    Parameters
    ----------
    model : Model, optional
        What is to be run.
    """
    currency = model.spec.currency if model is not None else "money"
    for group in kpi_groups(model if model is not None else _any_model()):
        for kpi in group.kpis:
            # Of any scenario the milestone opportunity is one of those for which <milestone> stands.
            if model is not None or kpi.name not in (f"{OPPORTUNITY}_created", f"cost_per_{OPPORTUNITY}"):
                yield _listed(kpi, "line", group.label, currency)
    for each in STAGE_INDICATORS:
        yield _listed(each, "stage", say("kpis.stage"), currency)
    for each in TEAM_INDICATORS:
        yield _listed(each, "team", say("kpis.team"), currency)
    for each in HANDOFF_INDICATORS:
        yield _listed(each, "handoff", say("kpis.handoff"), currency)


def _per_period(model: Model | None) -> Iterator[Listed]:
    """The KPIs per year, quarter and month, which are listed where they are asked for: each flow has three."""
    from .periods.per_period import per_period

    currency = model.spec.currency if model is not None else "money"
    for group in kpi_groups(model if model is not None else _any_model()):
        for kpi in group.kpis:
            yield from (_listed(each, "line", group.label, currency) for each in per_period(kpi, 1))


def _listed(each: Indicator, of: str, group: str, currency: str) -> Listed:
    return Listed(each.name, of, group, each.label, each.unit.replace("{currency}", currency), each.definition)


def _any_model() -> Model:
    """As much of a model as names its KPIs, with one of each thing that a scenario may name."""
    spec = SimpleNamespace(
        milestones={MILESTONE: "stage", OPPORTUNITY: "stage"}, customers=None, opening=SimpleNamespace(customers=0)
    )
    made = SimpleNamespace(
        spec=spec,
        stage_names=("stage",),
        outcome_names=(*FIXED_OUTCOMES, REASON),
        prices=(SimpleNamespace(named=((COST, 0.0),)),),
    )
    return cast("Model", made)


@checked
def kpis(word: str | None = None, scenario: Scenario | None = None, by: str | None = None) -> pd.DataFrame:
    """Every figure that a run gives, with its unit and definition.

    Parameters
    ----------
    word : str, optional
        Only those in whose name, label or definition it stands.
    scenario : Scenario, optional
        Those of this scenario, with the names that it gives; by default those of any, where ``<milestone>``,
        ``<reason>`` and ``<cost>`` stand for such names, and ``money`` for the currency.
    by : {"segment", "source", "territory", "rep"}, optional
        Adds a column ``not_divided``, which says why a KPI cannot be divided so; it is empty for those that can.

    Returns
    -------
    DataFrame
        One row a figure, by name. ``of`` says whether it is one of the whole line (a KPI), or one of each stage,
        team or handoff; those are compared by names such as ``stages.propose.wait``, and not swept or optimised.

    Examples
    --------
    >>> import funnelsim as fs
    >>> fs.kpis("churn").loc["logo_churn", "unit"]
    'share'
    """
    import pandas as pd

    table = pd.DataFrame(found(word, _model_of(scenario)), columns=list(Listed._fields)).set_index("name")
    if by is None:
        return table
    if by not in BY:
        raise FunnelsimError(f"by: {unknown('grouping', by, BY)}", code="E-name-unknown")
    reasons = [why_not(str(name), by) if of == "line" else "place" for name, of in table["of"].items()]
    return table.assign(not_divided=[say(f"by.why.{why}") if why else "" for why in reasons])


def _model_of(scenario: Scenario | None) -> Model | None:
    if scenario is None:
        return None
    from funnelsim.model.compile import compile_model

    return compile_model(scenario)


def unknown_kpi(name: str, known: Iterable[str]) -> str:
    """The message for a KPI that there is not, with the nearest one, or with what gives it."""
    ask = "`funnelsim kpis` lists them all"
    names, all_listed = sorted(known), tuple(listed())
    elsewhere = [each.name for each in all_listed if each.of == "line"]
    if name in elsewhere and name not in names:
        return f"this scenario has no KPI {name!r}: it needs `milestones: {{{OPPORTUNITY}: ...}}`; {ask}"
    of = next((each.of for each in all_listed if each.name == name), None)
    if of is not None:
        return f"{name!r} is a figure of each {of}, and not of the whole line; {ask}"
    with in_english():
        both = (*all_listed, *listed())
    called = next((each.name for each in both if each.name in names and _is_called(each, name)), None)
    better = f"did you mean {called!r}?" if called else suggestion(name, names)
    return f"unknown KPI {name!r}; {better + (' ' if better.endswith('?') else '; ') if better else ''}{ask}"


def _is_called(each: Listed, name: str) -> bool:
    """Whether people are shown a figure by this name."""
    return each.of == "line" and each.label.casefold() == name.replace("_", " ").casefold()
