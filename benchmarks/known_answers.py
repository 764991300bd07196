"""Six organisations whose bottleneck is known by arithmetic: what the simulation says of them.

    python benchmarks/known_answers.py [--replications 16] [--months 18] [--only 6/4/4/500]

Writes `docs/known_answers.md`. Each organisation is the reference company with other numbers of people or leads;
it is simulated as it is and with one more person in each team, with the same random numbers.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

import funnelsim as fs
from funnelsim.model.balance.loads import expected
from funnelsim.model.compile import compile_model
from funnelsim.model.records import NEW, WON
from funnelsim.results.result import Result
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.scenario.reading import library

TEAMS = ("inside_sales", "field_sales", "customer_success")
SHORT = ("IS", "FS", "CS")
SEED = 1
WARMUP = 6
CONFIDENCE = 0.95
ENTRANCES = ("screen", "meet", "onboard")
"""The stage at which leads come to each team."""
ONBOARDING = 6 * 2.0
CARE = 1 + 2 / 12 + 0.5 * 1.5 / 12 + 0.25 / 12
"""Hours of customer success for a new customer, and for a customer a month: care, renewal, complaints, upsells."""


@dataclass(frozen=True)
class Variant:
    """An organisation, and what arithmetic says of it: loads of the three teams, and what limits it."""

    people: tuple[int, int, int]
    leads: int
    loads: tuple[float, float, float]
    limit: str

    @property
    def name(self) -> str:
        return "/".join(str(number) for number in (*self.people, self.leads))

    def scenario(self, months: int, more: int | None = None) -> fs.Scenario:
        """The scenario, with one more person in a team if asked."""
        people = [number + (team == more) for team, number in enumerate(self.people)]
        return fs.load(library.template("reference")).change(
            {
                "horizon": f"{months} mo",
                "warmup": f"{WARMUP} mo",
                "sources.web.rate": f"{self.leads} / mo",
                **{f"teams.{team}.headcount": number for team, number in zip(TEAMS, people, strict=True)},
            }
        )


VARIANTS = (
    Variant((6, 5, 4), 500, (0.54, 0.96, 0.94), "FS, barely; CS next"),
    Variant((6, 6, 4), 500, (0.54, 0.80, 0.94), "leads"),
    Variant((6, 4, 4), 500, (0.54, 1.21, 0.94), "FS"),
    Variant((6, 6, 3), 500, (0.54, 0.80, 1.26), "CS"),
    Variant((3, 6, 4), 500, (1.08, 0.69, 0.91), "IS"),
    Variant((6, 5, 4), 700, (0.76, 1.22, 1.00), "FS and CS"),
)


def expected_loads(variant: Variant) -> list[float]:
    """Loads by the flow balance of `funnelsim check`, from the calendar of the scenario."""
    found = expected(compile_model(variant.scenario(36)))
    assert found is not None
    return [found.teams[team].load for team in TEAMS]


def hours_behind(variant: Variant, team: int) -> float:
    """Open hours of inside or field sales that follow from one lead at its entrance, by the flow balance."""
    found = expected(compile_model(variant.scenario(36)))
    assert found is not None
    return found.teams[TEAMS[team]].needed / found.visits[ENTRANCES[team]]


class Known:
    """What was measured of a variant."""

    def __init__(self, variant: Variant, months: int, replications: int) -> None:
        self.variant = variant
        self._months = months - WARMUP
        self._results = [
            fs.simulate(variant.scenario(months, more), replications=replications, seed=SEED)
            for more in (None, *range(len(TEAMS)))
        ]
        self.base = self._results[0]

    def with_one_more(self, team: int) -> Result:
        """The same with one more person in a team."""
        return self._results[team + 1]

    def gain(self, team: int, what: str) -> NDArray[np.float64]:
        """New deals won, or customers brought to use, a month more with one more person; one per replication."""
        return self._rate(self.with_one_more(team), what) - self._rate(self.base, what)

    def rate(self, what: str) -> NDArray[np.float64]:
        """New deals won, or customers brought to use, a month; one per replication."""
        return self._rate(self.base, what)

    def _rate(self, result: Result, what: str) -> NDArray[np.float64]:
        counts = []
        for each in result.replicates:
            assert each.customers is not None
            leads = each.leads
            won = leads.ended[(leads.outcome == WON) & (leads.origin == NEW)]
            when = won if what == "won" else each.customers.live[each.customers.number == 0]
            counts.append((when >= WARMUP * MICROSECONDS["mo"]).sum() / self._months)
        return np.array(counts)

    def came(self, team: int) -> NDArray[np.float64]:
        """Load if all leads that came to a team went their whole way through it; one per replication.

        The flow balance, fed with the leads and customers that the simulation had, with nothing stuck on the way.
        """
        model, loads = self.base.model, []
        stage = model.stage_names.index(ENTRANCES[team])
        for each in self.base.replicates:
            first = np.searchsorted(model.edges, WARMUP * MICROSECONDS["mo"])
            open_hours = each.series.team_open[first:, team].sum() / MICROSECONDS["h"] / self._months
            entered = (each.visits.stage == stage) & (each.visits.entered >= model.edges[first])
            came = entered.sum() / self._months
            if ENTRANCES[team] == "onboard":
                customers = each.series.customers_last[first:].mean()
                share = self.variant.scenario(36).spec.teams[TEAMS[team]].selling_share
                loads.append((came * ONBOARDING + customers * CARE) / share / open_hours)
            else:
                loads.append(came * hours_behind(self.variant, team) / open_hours)
        return np.array(loads)

    def measured(self, team: int, name: str) -> tuple[float, float, float]:
        """Mean and interval of a measure of a team."""
        found = self.base.summary.teams[TEAMS[team]][name]
        return found.mean or 0.0, found.low or 0.0, found.high or 0.0

    def limits(self) -> list[str]:
        """The teams that the run itself says limit the line, or else the one that it says is at its limit."""
        names = dict(zip(TEAMS, SHORT, strict=True))
        sure = [names[each.team] for each in self.base.limit if each.limits]
        return sure or [names[team] for team in TEAMS if f"{team} is at its limit" in self.base.verdict]

    def named(self) -> str:
        """What the run itself says limits the line, in words."""
        sure = any(each.limits for each in self.base.limit)
        return ", ".join(self.limits()) + ("" if sure else ", at its limit") if self.limits() else "leads"


def interval(values: NDArray[np.float64]) -> str:
    """Mean and interval of independent values."""
    half = t.ppf(0.5 + CONFIDENCE / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():.2f} ± {half:.2f}"


def cells(known: Known) -> Iterator[str]:
    """The row of a variant in the table."""
    teams = range(len(TEAMS))

    def each(name: str, digits: int) -> str:
        parts = []
        for team in teams:
            mean, low, high = known.measured(team, name)
            parts.append(f"{mean:.{digits}f} ± {(high - low) / 2:.{digits}f}")
        return "<br>".join(parts)

    yield known.variant.name
    yield known.variant.limit
    yield "<br>".join(SHORT)
    yield "<br>".join(f"{load:.2f}" for load in known.variant.loads)
    yield "<br>".join(f"{load:.2f}" for load in expected_loads(known.variant))
    yield each("load", 2)
    yield "<br>".join(interval(known.came(team)) for team in teams)
    yield each("queue_growth", 1)
    yield each("wait_open", 1)
    yield interval(known.rate("won"))
    yield "<br>".join(interval(known.gain(team, "won")) for team in teams)
    yield "<br>".join(interval(known.gain(team, "live")) for team in teams)
    yield known.named()


HEAD = (
    "IS/FS/CS/leads", "limit by arithmetic", "team", "load by arithmetic", "load expected", "load simulated",
    "load of all that came", "queue grows by, a month", "wait, open hours", "new deals won a month",
    "one more: won", "one more: live", "limit simulated",
)  # fmt: skip


def document(rows: Sequence[Sequence[str]], months: int, replications: int) -> str:
    """The page of the documentation."""
    table = [list(HEAD), ["---"] * len(HEAD), *rows]
    return "\n".join(
        [
            "# Known answers",
            "",
            "Six organisations whose bottleneck is known by arithmetic: the reference company "
            "(`scenarios/reference.yaml`) with other numbers of people in inside sales, field sales and customer "
            "success, and of leads a month.",
            "",
            f"Written by `python benchmarks/known_answers.py --replications {replications} --months {months}`: "
            f"{replications} replications of {months} months each (seed {SEED}), the first {WARMUP} not counted; "
            "95 % intervals, those of gains from paired differences with the same random numbers. *By arithmetic* "
            "counts 160 working hours a month; *expected* is the flow balance of `funnelsim check` with the hours "
            "of the calendar; the three figures of a cell are those of IS, FS and CS. *One more* is what one more "
            "person in that team adds to the new deals won, and to the customers brought to use, a month.",
            "",
            *("| " + " | ".join(row) + " |" for row in table),
            "",
            NOTES.strip(),
            "",
        ]
    )


NOTES = """
*Load of all that came* is the flow balance fed with the leads and customers that the simulation had: what the load
would be if nothing got stuck on the way.

## Where simulation and arithmetic differ, and why

- **Constraints.** Five of six are found by all signs. Where field or inside sales are overloaded (6/4/4, 3/6/4,
  700 leads), their queue grows, their load is above 1, their waits are many times those of the others, and one
  more person there brings more deals while one more elsewhere brings next to none. With enough of everybody
  (6/6/4) no queue grows, and only one more in inside sales brings deals: by dialling for more leads, as
  arithmetic says (more leads help).
- **6/5/4/500**, "field sales, barely": the run finds a load of .96, as arithmetic does, and calls it what that
  means. No queue grows, and one more person in field sales brings no deal that could be told from chance. What
  a load just below 1 costs is time: a wait of 21 open hours where one more person makes it 4.
- **Overload looks smaller than it is.** Where arithmetic gives field sales a load of 1.21 the run measures
  1.11. The cause was tested: field sales takes the best prospects first, so what is too much lies before the
  *first* meeting, and the work behind it never comes up. By the flow balance a lead at that meeting stands for
  4.05 hours of field sales, of which the meeting is 1.73; the measured load counts only those. Counting all
  work behind the leads that came to field sales gives the load of arithmetic again (1.20 and, with 700 leads,
  1.22). The same holds for inside sales with three people: 1.01 measured, 1.07 of all that came. A load above 1
  is a lower bound of what is missing.
- **Customer success with three people** shows a load of 1.20 for 1.26, and its work waits 95 open hours where
  one more person makes it 11. Onboarding has a deadline of 45 days and care the day on which it is due, so
  onboarding is done in time and as many customers are brought to use; what is short is care. The queue does not
  grow, as care that is missed leaves it when the next falls due. So `run` names customer success, whose work
  waits; `diagnose`, which asks for leads through the line, names demand, and says that customer success has no
  hours left in any week and is two people short.
- **Customer success with four people** has .90 where arithmetic has .94 and the flow balance .93: those under
  way to use are not cared for yet (counting them gives .95). Behind a field sales that is too small there are
  fewer deals to bring to use, so its load falls to .83.
- **Forty per cent more leads** (700) bring 8.3 deals a month for 7.9, as field sales is full: arithmetic allows
  4 % more.
- **Hours.** Arithmetic counts 160 hours a month; the calendar with its Japanese holidays has 163.6."""


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=16)
    parser.add_argument("--months", type=int, default=18)
    parser.add_argument("--only", help="print the row of one variant, and write nothing")
    given = parser.parse_args()
    rows = []
    for variant in VARIANTS:
        if given.only in (None, variant.name):
            rows.append(list(cells(Known(variant, given.months, given.replications))))
            print(" | ".join(rows[-1]), flush=True)
    if given.only is None:
        page = Path(__file__).resolve().parents[1] / "docs" / "known_answers.md"
        page.write_text(document(rows, given.months, given.replications), encoding="utf-8")


if __name__ == "__main__":
    main()
