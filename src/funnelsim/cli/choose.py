"""``funnelsim choose``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.views.sentences.comparison import label as called
from funnelsim.views.words import numbers, say

from . import inputs, streams
from .arms import gather
from .frames import frame
from .reasons import targets
from .work import attempt, hand_over

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.choose import Choice, Rule
    from funnelsim.experiments.statistics.selection import Guarantee
    from funnelsim.scenario.scenario import Scenario

    from .options import Drawn, Spread
    from .questions import Arms, Wanted

CONFIDENCE = 0.95
"""The promise where nothing is said."""

STEP = 5
"""Replications of each between looks, whatever the number of workers, which must not decide."""


def choose(arms: Arms, wanted: Wanted, computing: Spread, shown: Drawn) -> bool:
    """Choose and print; False if the user stopped it, after printing what was done."""
    from funnelsim.experiments.comparison import choose
    from funnelsim.experiments.running.arms import warned

    gathered = gather(arms, shown.quiet)
    for scenario in gathered.scenarios.values() if wanted.target else ():
        targets.check(wanted.target, None, scenario)
    rule, assumed = _rule(wanted, next(iter(gathered.scenarios.values())))
    streams.warn([*warned(gathered.scenarios), *assumed], shown.quiet)
    choice, finished = attempt(
        "choosing", computing, shown, lambda how: choose.choose(gathered.scenarios, wanted.kpi, rule, **how)
    )
    if choice is None:
        return False
    found = [each for kpi, wish in targets.wishes(wanted.target or ()) for each in choice.target(kpi, wish)]
    hand_over(shown, choice, {"choice": choice.plot.arms}, scenarios=gathered.scenarios, outlooks=tuple(found))
    if shown.json:
        aimed = {"targets": [each.to_dict() for each in found]} if found else {}
        streams.document({**gathered.to_dict(), **choice.to_dict(), **aimed})
    else:
        _show(choice, gathered.where)
        if found:
            targets.show_table(streams.results(), found)
    streams.warn(dict.fromkeys(text for each in found for text in each.warnings), shown.quiet)
    return finished


def _rule(wanted: Wanted, first: Scenario) -> tuple[Rule, Sequence[str]]:
    """The rule, and a sentence for each rate of exchange that it assumes."""
    from funnelsim.experiments.statistics.ocba import Budget
    from funnelsim.experiments.statistics.selection import Guarantee

    if wanted.budget is not None:
        return Budget(wanted.budget), ()
    text = "1%" if wanted.indifference is None else wanted.indifference.strip()
    promised: dict[str, Any] = {"confidence": wanted.confidence or CONFIDENCE, "step": STEP}
    if text.endswith("%"):
        return partial(_of_share, inputs.share(text, "--indifference"), promised), ()
    try:
        return Guarantee(float(text), **promised), ()
    except ValueError:
        lead, assumed = _amount(text, wanted.kpi, first)
    return Guarantee(lead, **promised), assumed


def _amount(text: str, kpi: str, first: Scenario) -> tuple[float, list[str]]:
    """An amount with its unit or currency in the unit of the KPI, and the rates of exchange that it assumes."""
    from funnelsim.experiments.study.amounts import exchange_of, read
    from funnelsim.model.compile import compile_model
    from funnelsim.results.measures.catalogue import unknown_kpi
    from funnelsim.results.measures.periods.per_period import every_kpi
    from funnelsim.scenario.changing.money import assumed_rates

    model = compile_model(first)
    known = {name: each for name, (_, each) in every_kpi(model).items()}
    if kpi not in known:
        raise FunnelsimError(unknown_kpi(kpi, known), code="E-kpi-unknown")
    try:
        lead, currency = read(text, known[kpi], model, known)
    except FunnelsimError as wrong:
        said = f"--indifference {text}: give a share such as 2%, or an amount such as 5; {wrong}"
        raise FunnelsimError(said, code=wrong.code) from None
    return lead, list(assumed_rates([currency] if currency else [], exchange_of(model)))


def _of_share(share: float, promised: dict[str, Any], figure: float) -> Guarantee:
    from funnelsim.experiments.statistics.selection import Guarantee

    if figure == 0:
        raise FunnelsimError(
            "the first scenario's figure is 0, which has no share; give --indifference an amount",
            code="E-indifference-share",
        )
    return Guarantee(float(f"{share * abs(figure):.3g}"), **promised)


def _show(choice: Choice, where: str) -> None:
    console = streams.results()
    for number, said in enumerate(choice.words):
        console.print(Text(said, style="bold" if number == 0 else ""))
        if number == 0 and where:
            console.print(Text(where, style="dim"))
    console.print(say("command.choose.how", how=choice.stamp.how), style="dim")
    streams.laid(console, choice.stamp)
    label = called(choice.arms[0], choice.kpi)
    heads = ("command.compare.scenario", "command.estimate", "command.replications", "command.choose.best_with")
    table = frame(label, tuple(map(say, heads)))
    arms = {arm.name: arm for arm in choice.arms}
    for name in choice.table.index:
        arm = arms[str(name)]
        share = choice.chances[arm.name]
        table.add_row(
            Text(arm.name),
            numbers.estimate(arm.estimate(choice.kpi).to_dict()),
            f"{arm.replications:,}",
            numbers.DASH if share is None else numbers.probability(share),
        )
    console.print(table)
