"""``funnelsim compare``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from funnelsim.errors import Warned
from funnelsim.scenario.study.factors import told
from funnelsim.views.sentences import matrix
from funnelsim.views.sentences.comparison import by_arm, labels, together, verdict
from funnelsim.views.sentences.predictions import asked, concluded
from funnelsim.views.words import items, numbers, say, separated, spoken

from . import inputs, streams
from .arms import Gathered, gather
from .frames import difference, fitting, frame
from .reasons import causes as why
from .reasons import groups, places, worlds
from .reasons import targets as aims
from .reasons.fates import followed, show
from .reasons.targets import one_of_each, pair
from .work import attempt, hand_over

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.experiments.causes.result import Causes
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.experiments.comparison.verify import Verification
    from funnelsim.experiments.fates.result import Fates
    from funnelsim.experiments.study.question import Indifference
    from funnelsim.scenario.study.elsewhere import Elsewhere
    from funnelsim.scenario.study.study import Study

    from .options import Drawn, Shown, Spread
    from .questions import Arms, Asked
    from .reasons.parted import Parted
    from .reasons.uncertain import Uncertain


UNCHECKED = Warned(
    "predictions of the study are checked without worlds; compare it without --worlds and --inputs",
    "W-worlds-predicts",
)


class Wanted(NamedTuple):
    """What is asked of a comparison."""

    asked: Asked
    parted: Parted
    uncertain: Uncertain


def compare(arms: Arms, wanted: Wanted, computing: Spread, shown: Drawn) -> bool:
    """Compare and print; False if the user stopped it, after printing what was done."""
    from funnelsim.experiments.comparison import compare as experiments

    asked, parted, uncertain = wanted
    uncertain.alone(fates=asked.fates, causes=asked.causes)
    groups.check(parted)
    gathered = gather(arms, shown.quiet)
    study = None if gathered.study is None else gathered.study.spec
    number = asked.replications
    if study is not None and not uncertain.wanted and asked.replications is None and asked.precision is None:
        number = study.replications
    zones, targets = _zones(asked.indifference or ()), one_of_each(parted.target or ())
    comparison, finished = attempt(
        "comparing",
        computing,
        shown,
        lambda how: experiments.compare(
            gathered.scenarios,
            kpis=asked.kpi or (study.kpis if study else ()),
            base=asked.base,
            replications=number,
            precision=asked.precision,
            indifference=zones,
            targets=targets,
            until=parted.day,
            same=asked.same or (study.same if study else None),
            by=parted.groups,
            **uncertain.to_dict(),
            **how,
        ),
    )
    if comparison is None:
        return False
    verification = None
    if finished and gathered.study is not None and gathered.study.spec.predicts and not uncertain.wanted:
        verification, finished = verified(gathered.study, comparison.replications, zones, computing, shown)
    fates = None
    if finished and asked.fates:
        fates, finished = followed(comparison, computing, shown)
    causes = None
    if finished and asked.causes:
        causes, finished = why.found(comparison, computing, shown)
    if parted.csv is not None:
        groups.write_comparison(comparison, parted.csv)
    _show(comparison, Beside(verification, fates, causes), gathered, shown)
    return finished


class Beside(NamedTuple):
    """What is said beside the comparison itself."""

    verification: Verification | None
    fates: Fates | None
    causes: Causes | None

    def to_dict(self) -> dict[str, Any]:
        """What the JSON document has of it."""
        names = {"verification": "predictions"}
        return {names.get(name, name): each.to_dict() for name, each in self._asdict().items() if each is not None}

    def pictures(self) -> Iterator[tuple[str, Callable[[], Figure]]]:
        """Its pictures by name, those of one kind numbered from the second on."""
        for number, arm in enumerate(() if self.fates is None else self.fates.arms, 1):
            yield _numbered("fates", number), partial(self.fates.plot.flows, arm)  # type: ignore[union-attr]
        for number, (arm, kpi) in enumerate(() if self.causes is None else self.causes.told, 1):
            yield _numbered("causes", number), partial(self.causes.plot.waterfall, arm, kpi)  # type: ignore[union-attr]


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"


def verified(
    study: Study, replications: int, zones: Indifference, computing: Spread, shown: Shown
) -> tuple[Verification | None, bool]:
    """Whether the predictions of a study hold, from as many replications as its arms were compared by."""
    from funnelsim.experiments.comparison import verify

    same = zones if isinstance(zones, float) else verify.SAME
    return attempt(
        "checking predictions",
        computing,
        shown,
        lambda how: verify.verify(study, replications=max(2, replications), indifference=same, **how),
    )


def _zones(given: Sequence[str]) -> Indifference:
    """``2%`` for all, or ``won=5``, ``cost=3%`` and ``contribution=500万円`` for each."""
    if not given:
        return None
    if len(given) == 1 and "=" not in given[0]:
        return inputs.share(given[0], "--indifference")
    zones: dict[str, float | str] = {}
    for text in given:
        kpi, value = pair(text, "--indifference", "won=5, cost=2% or 'contribution=5_000_000 JPY'")
        zones[kpi] = _number(value)
    return zones


def _number(text: str) -> float | str:
    """A number; other amounts are read where the KPI's unit is known."""
    try:
        return float(text)
    except ValueError:
        return text


# --- showing ------------------------------------------------------------------------------------------------


def _show(comparison: Comparison, beside: Beside, gathered: Gathered, shown: Drawn) -> None:
    study, fates = gathered.study, beside.fates
    pictures: dict[str, Callable[[], Figure]] = {
        "differences": comparison.plot.differences, **dict(beside.pictures())
    }  # fmt: skip
    hand_over(
        shown,
        comparison,
        pictures,
        scenarios=gathered.scenarios,
        title="" if study is None else study.name,
        question={} if study is None else study.spec.question,
        **beside._asdict(),
    )
    if shown.json:
        streams.document({**gathered.to_dict(), **comparison.to_dict(), **beside.to_dict()})
    else:
        asked = "" if study is None else spoken(study.spec.question)
        _tables(streams.results(), comparison, asked, gathered.where)
        places.show(streams.results(), comparison)
        groups.show_comparison(streams.results(), comparison)
        worlds.show_differences(streams.results(), comparison)
        if study is not None and study.elsewhere is not None:
            _elsewhere(streams.results(), study.elsewhere)
        if beside.verification is not None:
            _foretold(streams.results(), beside.verification)
        if fates is not None:
            show(streams.results(), fates)
        if beside.causes is not None:
            why.show(streams.results(), beside.causes)
    foretold = study is not None and study.spec.predicts and comparison.base.over is not None
    streams.warn((*comparison.warnings, *([UNCHECKED] if foretold else [])), shown.quiet)


def _tables(console: Console, comparison: Comparison, *told: str) -> None:
    console.print(Text(say("command.compare.head", base=comparison.question.base), style="bold"))
    for text in filter(None, told):
        console.print(Text(text, style="dim"))
    how = _made(comparison)
    console.print(how, style="dim")
    streams.laid(console, comparison.stamp)
    for name, said in by_arm(comparison):
        console.print(Text(name, style="bold"))
        for text in said:
            console.print(Padding(Text(text), (0, 0, 0, 2)))
    last = list(together(comparison))
    if last:
        console.print()
    for text in last:
        console.print(Text(text))
    if matrix.is_worth_it(comparison):
        _at_a_glance(console, comparison)
    if comparison.reached:
        aims.show_table(console, comparison.reached)
    for kpi in comparison.question.kpis:
        console.print()
        console.print(fitting(console, lambda interval, kpi=kpi: _differences(comparison, kpi, interval)))  # type: ignore[misc]
        console.print(Text(_singles(comparison, kpi), style="dim"))
    console.print(Text(f"\n{comparison.method}", style="dim"))


def _made(comparison: Comparison) -> str:
    """How many runs it rests on, and what made them."""
    how, over = comparison.stamp.how, comparison.base.over
    if over is not None:
        return say("command.compare.worlds", worlds=over.how.worlds, pairs=over.how.pairs, how=how)
    return say("command.compare.how", replications=comparison.replications, how=how)


def _at_a_glance(console: Console, comparison: Comparison) -> None:
    table = frame(say("matrix.title", base=comparison.question.base), matrix.heads(comparison))
    for row in matrix.rows(comparison):
        table.add_row(*map(Text, row))
    console.print()
    console.print(table)
    console.print(Text(matrix.legend(), style="dim"))


def _differences(comparison: Comparison, kpi: str, interval: bool) -> Table:
    """One KPI: the base, and each arm's difference."""
    heads = ("command.compare.scenario", "command.estimate", "command.difference", "command.compare.is_best")
    table = frame(labels(comparison)[kpi], (*map(say, heads), ""))
    chances = comparison.chances[kpi]
    found = {each.arm: each for each in comparison.findings if each.kpi == kpi}
    for arm in comparison.arms:
        chance = chances[arm.name]
        table.add_row(
            Text(arm.name),
            numbers.estimate(arm.estimate(kpi).to_dict(), interval=False),
            difference(found.get(arm.name), interval),
            numbers.DASH if chance is None else numbers.probability(chance),
            verdict(found[arm.name].verdict) if arm.name in found else "",
        )
    return table


def _singles(comparison: Comparison, kpi: str) -> str:
    """Where single runs of each arm lie."""
    leaves = {arm.name: arm.estimate(kpi).to_dict() for arm in comparison.arms}
    spans = {name: numbers.span(leaf) for name, leaf in leaves.items() if numbers.span(leaf) != numbers.DASH}
    told = [say("command.compare.single", arm=name, span=span) for name, span in spans.items()]
    return say("command.compare.singles", spans=items(told)) if told else ""


def _foretold(console: Console, verification: Verification) -> None:
    """What a study predicted, and what was found."""
    console.print(Text(f"\n{say('command.compare.foretold')}", style="bold"))
    console.print(Text(verification.words))
    console.print()
    console.print(_predictions(verification))
    how = say("command.compare.foretold_how", replications=verification.replications)
    console.print(Text(f"\n{how}", style="dim"))


def _elsewhere(console: Console, elsewhere: Elsewhere) -> None:
    """What a study predicts for the line that it was written for."""
    if not elsewhere.predictions:
        return
    console.print(Text(f"\n{say('command.compare.elsewhere')}", style="bold"))
    line = elsewhere.line
    console.print(
        Text(say("command.compare.elsewhere_line", line=line) if line else say("command.compare.elsewhere_other"))
    )
    console.print()
    table = frame("", _columns(), left=4)
    for each in elsewhere.predictions:
        table.add_row(*map(Text, (each.arm, each.against, _where(each.at), asked(each))))
    console.print(table)


def _predictions(verification: Verification) -> Table:
    """Each prediction with its interval, without which it could not be judged."""
    table = frame("", (*_columns(), say("command.difference"), ""), left=4)
    for each in verification.predictions:
        ends = each.shares
        half = None if ends is None else (ends[1] - ends[0]) / 2
        found = numbers.DASH if each.share is None else _share(each.share, half)
        foretold = each.prediction
        row = (foretold.arm, foretold.against, _where(foretold.at), asked(foretold))
        table.add_row(*map(Text, row), found, concluded(each))
    return table


def _columns() -> tuple[str, ...]:
    """Heads of what was predicted."""
    return tuple(map(say, ("command.arm", "command.against", "command.where", "command.expected")))


def _where(at: Mapping[str, Any]) -> str:
    """Values of factors, whose paths are told without their section: ``field_sales.headcount -1``."""
    return separated([f"{name.partition('.')[2] or name} {told(value)}" for name, value in at.items()])


def _share(share: float, half: float | None) -> str:
    """A difference as a share of the other's figure: ``+16.1 ± 2.0 %``."""
    text = numbers.with_sign(share, f"{abs(share) * 100:.1f}")
    value = text if half is None else say("number.interval", mean=text, half=f"{half * 100:.1f}")
    return say("unit.percent", value=value)
