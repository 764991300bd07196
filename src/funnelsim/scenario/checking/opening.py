"""Open leads and deals of the start that count as booked, or as open, otherwise than may be meant."""

from __future__ import annotations

from collections.abc import Iterator

from funnelsim.errors import Warned

from ..language.types import ScenarioSpec
from .loops import onward
from .routes import booking, reach, won_before


def won_already(spec: ScenarioSpec) -> Iterator[Warned]:
    """Open deals of whose booking the stage says nothing certain, or which can never be booked."""
    before, wins = won_before(spec), booking(spec)
    ways = {name: [*onward(spec, name)] for name in spec.stages}
    doubtful = dict.fromkeys(deal.stage for deal in spec.opening.deals if deal.booked is None)
    for name in dict.fromkeys((*(name for name, _ in spec.opening.leads), *doubtful)):
        if before.get(name) and name in wins:
            others = " or ".join(win for win in wins if win != name)
            yield Warned(
                f"opening.leads: those in {name} stand behind {others}, which books, so they count as won before "
                f"the start and book nothing; if {name} is another way to close, let a stage before it lead there",
                "W-opening-won",
            )
        elif name not in before and not reach(ways, [name]) & set(wins):
            yield Warned(
                f"opening.leads: those in {name} can never be booked, as neither it nor a stage after it books;"
                f" write `books: true` at {name} if a deal is won there",
                "W-opening-won",
            )
        elif before.get(name) is False:
            yield Warned(
                f"opening.leads: not every way to {name} passes {' or '.join(wins)}, where deals are booked, so "
                "those who stand there count as open; a row of a file may say `booked: yes`",
                "W-opening-won",
            )
    for deal in dict.fromkeys((deal.stage, deal.booked) for deal in spec.opening.deals):
        name, said = deal
        where = " or ".join(wins)
        if said is True and name not in before:
            yield Warned(
                f"opening.deals: `booked: yes` in {name}, and no way there passes {where}, which books",
                "W-opening-won",
            )
        elif said is False and before.get(name):
            yield Warned(
                f"opening.deals: `booked: no` in {name}, and every way there passes {where}, where deals are "
                "booked; such a deal counts as open and books nothing",
                "W-opening-won",
            )
