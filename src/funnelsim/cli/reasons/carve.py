"""Quotas, reps and territories, below a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from funnelsim.views.sentences import carve, potential
from funnelsim.views.words import numbers, say

from ..frames import fitting, frame

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.experiments.targets.assignment import Assigned
    from funnelsim.results.estimates import Estimate
    from funnelsim.results.profiles.accounts import Accounts
    from funnelsim.results.profiles.carve import Carve, Share
    from funnelsim.results.profiles.potential import Held, Potential
    from funnelsim.results.result import Result
    from funnelsim.scenario.scenario import Scenario


def accounts_of(scenario: Scenario, file: Path | None) -> Accounts | None:
    """The accounts of a file, read before the run, so that mistakes in it are told at once."""
    if file is None:
        return None
    from funnelsim.model.compile import compile_model
    from funnelsim.results.profiles.accounts import read_accounts

    return read_accounts(file, compile_model(scenario))


def of(result: Result, accounts: Accounts | None = None) -> tuple[Carve, tuple[Assigned, ...]]:
    """What a run says of its reps and territories, of accounts, and of targets below the street quota."""
    from funnelsim.experiments.targets.assignment import over_assigned
    from funnelsim.results.profiles.carve import carve as carved

    return carved(result.replicates, result.model, accounts), over_assigned(result)


def show(console: Console, found: Carve, assigned: Sequence[Assigned]) -> None:
    """Print what is said, and a table of reps and one of territories."""
    console.print(Text(f"\n{say('carve.title')}", style="bold"))
    for text in carve.sentences(found, assigned):
        console.print(Text(text))
    for what, shares in (("reps", found.reps), ("territories", found.territories)):
        if shares:
            console.print()
            console.print(fitting(console, lambda interval, w=what, s=shares: _table(w, s, interval)))  # type: ignore[misc]
    console.print(Text(f"\n{say('carve.note')}", style="dim"))
    if found.potential is not None:
        _show_accounts(console, found)


def _show_accounts(console: Console, found: Carve) -> None:
    console.print(Text(f"\n{say('carve.accounts.title')}", style="bold"))
    for text in potential.sentences(found):
        console.print(Text(text))
    for laid in potential.tables(found):
        table = frame(laid.title, laid.heads)
        for name, cells in laid.rows:
            table.add_row(*map(Text, (name, *(each.text for each in cells))))
        console.print()
        console.print(table)
    console.print(Text(f"\n{say('carve.accounts.note')}", style="dim"))


def _table(what: str, shares: Sequence[Share], interval: bool) -> Table:
    table = frame(say(f"carve.title.{what}"), carve.heads(shares, what))
    for each in shares:
        cells = (numbers.estimate(each.figures[name].to_dict(), interval) for name in carve.columns(shares))
        table.add_row(*map(Text, (each.name, *cells)))
    return table


def to_dict(found: Carve, assigned: Sequence[Assigned]) -> dict[str, Any]:
    """As it stands in the JSON document of a run."""
    even = found.evenness
    return {
        "street_quota": found.street or None,
        "from": None if found.days is None else found.days[0].isoformat(),
        "to": None if found.days is None else found.days[1].isoformat(),
        "booked": found.booked.to_dict() if found.days is not None else None,
        "over_assignment": [each.to_dict() for each in assigned],
        "attainment": _leaves(
            {"spread": even.spread, "reached": even.reached, "lowest": even.lowest, "highest": even.highest}
        ),
        "gini": {
            "reps": even.gini.to_dict(),
            "reps_attainment": even.gini_attainment.to_dict(),
            **{f"territories_{k}": v.to_dict() for k, v in found.gini.items()},
        },
        "reps": {each.name: _leaves(each.figures) for each in found.reps},
        "territories": {each.name: _leaves(each.figures) for each in found.territories},
        **({} if found.potential is None else {"accounts": _accounts(found.potential)}),
    }


def _accounts(found: Potential) -> dict[str, Any]:
    return {
        "file": found.file,
        "currency": found.currency,
        **_held(found.whole),
        "gini": dict(found.gini),
        "territories": {
            name: {**_held(each), "share_of_leads": found.leads.get(name)}
            for name, each in found.territories.items()
        },
        "in_no_territory": _held(found.nowhere),
        "reps": {name: _held(each) for name, each in found.reps.items()},
        "of_no_rep": {team: _held(each) for team, each in found.unserved.items()},
    }


def _held(each: Held) -> dict[str, Any]:
    segments = {"by_segment": dict(each.segments)} if each.segments else {}
    return {"accounts": each.accounts, "potential": each.potential, "share": each.share, **segments}


def _leaves(figures: dict[str, Estimate]) -> dict[str, Any]:
    return {name: each.to_dict() for name, each in figures.items()}
