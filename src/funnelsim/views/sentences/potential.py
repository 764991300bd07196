"""How accounts and their potential fall on territories and reps, in plain words and as rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..words import counted, numbers, running, say

if TYPE_CHECKING:
    from funnelsim.results.profiles.carve import Carve, Share
    from funnelsim.results.profiles.potential import Held, Potential

BESIDE = ("load", "wait", "won", "attainment")
"""What a run makes of a territory or a rep, and stands beside its accounts."""

APART = 0.01
"""Shares of leads and of potential that differ by less are called the same."""

MOST_TOLD = 3
"""Territories whose shares differ that are told one by one."""

OF_TERRITORIES = "territories"


class Figure(NamedTuple):
    """A cell of a table: what is read, and the number behind it with its unit and interval."""

    text: str
    value: float | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None


class Laid(NamedTuple):
    """A table: its name, its title, the heads of its columns, and rows of a name and figures."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure, ...]], ...]


def sentences(found: Carve) -> Iterator[str]:
    """How much there is, how even it is over territories and reps, and where leads are shared otherwise."""
    held = found.potential
    assert held is not None
    yield counted("carve.accounts.whole", round(held.whole.accounts), potential=_money(held, held.whole.potential))
    yield from _over_territories(found, held)
    for team in held.unserved:
        yield from _of_team(held, team)
    attainment = found.evenness.gini_attainment
    if attainment.mean is not None:
        yield say("carve.accounts.attainment", attainment=numbers.estimate(attainment.to_dict(), interval=False))
    yield from _apart(held)


def _over_territories(found: Carve, held: Potential) -> Iterator[str]:
    even, attained = held.gini[OF_TERRITORIES], found.gini["attainment"]
    if even is not None and attained.mean is not None:
        attainment = numbers.estimate(attained.to_dict(), interval=False)
        yield say("carve.accounts.gini.territories", potential=_ratio(even), attainment=attainment)
    elif even is not None:
        yield say("carve.accounts.gini.territories.alone", potential=_ratio(even))
    if held.territories and held.nowhere.potential:
        yield say("carve.accounts.nowhere.said", share=numbers.percent(held.nowhere.share))


def _of_team(held: Potential, team: str) -> Iterator[str]:
    """How even the potential of a team's reps is, and what belongs to none of them."""
    even = held.gini[team]
    reps = {name: each.potential for name, each in held.reps.items() if name.rpartition("-")[0] == team}
    least, most = min(reps, key=lambda name: reps[name]), max(reps, key=lambda name: reps[name])
    low, high = _money(held, reps[least]), _money(held, reps[most])
    if even is not None and low == high:
        yield say("carve.accounts.even", team=team, potential=low)
    elif even is not None:
        who = {"least": least, "low": low, "most": most, "high": high}
        yield say("carve.accounts.gini.reps", team=team, potential=_ratio(even), **who)
    if held.unserved[team].potential:
        yield say("carve.accounts.unserved", team=team, share=numbers.percent(held.unserved[team].share))


def _apart(held: Potential) -> Iterator[str]:
    """Where the scenario sends another share of leads than there is potential, and how to send the same."""
    apart = sorted(held.apart.items(), key=lambda each: -abs(each[1]))
    told = [name for name, difference in apart if abs(difference) >= APART]
    if not told:
        if apart:
            yield say("carve.accounts.agree")
        return
    said = []
    for name in told[:MOST_TOLD]:
        leads, share = held.leads[name], held.leads[name] - held.apart[name]
        shares = {"leads": numbers.percent(leads), "potential": numbers.percent(share)}
        said.append(say("carve.accounts.apart", territory=name, **shares))
    if len(told) > MOST_TOLD:
        said.append(counted("carve.accounts.apart.more", len(told) - MOST_TOLD))
    yield running([*said, say("carve.accounts.instead", option=option(held))])


def option(held: Potential) -> str:
    """The option that lays shares of leads like those of potential over the scenario."""
    shares = {name: held.leads[name] - held.apart[name] for name in held.leads}
    return f'--set "territories={{{", ".join(f"{name}: {share:.4g}" for name, share in shares.items())}}}"'


def tables(found: Carve) -> Iterator[Laid]:
    """What territories and reps have, beside what the run makes of them; and potential by segment."""
    held = found.potential
    assert held is not None
    shares = {each.name: each for each in (*found.territories, *found.reps)}
    if held.territories:
        nowhere = {say("carve.accounts.nowhere"): held.nowhere} if held.nowhere.accounts else {}
        yield _laid("territories", {**held.territories, **nowhere}, held, shares)
    if held.reps:
        yield _laid("reps", held.reps, held, shares)
    names = list(held.whole.segments)
    if len(names) > 1 and held.territories:
        heads = (say("carve.head.territories"), *names)
        amounts = {
            name: [_amount(held, each.segments[of]) for of in names] for name, each in held.territories.items()
        }
        yield Laid(
            "segments",
            say("carve.accounts.title.segments"),
            heads,
            tuple((name, tuple(cells)) for name, cells in amounts.items()),
        )


def _laid(what: str, those: Mapping[str, Held], held: Potential, shares: Mapping[str, Share]) -> Laid:
    leads = bool(held.leads) and what == "territories"
    beside = [name for name in BESIDE if any(each in shares and shares[each].figures[name].mean for each in those)]
    heads = [say(f"carve.head.{what}"), *(say(f"carve.accounts.col.{name}") for name in _own(leads))]
    heads += [say(f"carve.col.{name}") for name in beside]
    rows = []
    for name, each in those.items():
        cells = [
            Figure(numbers.amount(each.accounts), each.accounts),
            _amount(held, each.potential),
            Figure(numbers.percent(each.share), each.share, "share"),
        ]
        if leads:
            share = held.leads.get(name)
            cells.append(Figure(numbers.DASH if share is None else numbers.percent(share), share, "share"))
        cells += [
            _estimated(shares[name], column) if name in shares else Figure(numbers.DASH) for column in beside
        ]
        rows.append((name, tuple(cells)))
    return Laid(what, say(f"carve.accounts.title.{what}"), tuple(heads), tuple(rows))


def _own(leads: bool) -> tuple[str, ...]:
    return "accounts", "potential", "share", *(("leads",) if leads else ())


def _estimated(share: Share, name: str) -> Figure:
    found = share.figures[name]
    text = numbers.estimate(found.to_dict(), interval=False)
    return Figure(text, found.mean, found.unit, found.low, found.high)


def _amount(held: Potential, amount: float) -> Figure:
    return Figure(_money(held, amount), amount, held.currency)


def _money(held: Potential, amount: float) -> str:
    return numbers.estimate({"mean": amount, "low": None, "high": None, "unit": held.currency})


def _ratio(value: float) -> str:
    return numbers.estimate({"mean": value, "low": None, "high": None, "unit": "ratio"})
