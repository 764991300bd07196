"""What figures cost beside the runs they are taken of."""

from __future__ import annotations

from collections.abc import Iterator

from engines import tandem_scenario
from report import Sizes, Table, spread, timed

import funnelsim as fs
from funnelsim.engine import engines
from funnelsim.experiments.running.replications import replicate
from funnelsim.model.compile import compile_model
from funnelsim.results import conservation
from funnelsim.results.measures.summary import tally
from funnelsim.results.reading import read
from funnelsim.scenario.reading import library

ENGINE = engines.choose("auto")


def of_a_run(name: str, sizes: Sizes) -> tuple[str, ...]:
    """One replication of a shipped scenario: the run, its check, and the terms of all its figures."""
    scenario = fs.load(library.template(name))
    if not sizes.whole:
        scenario = scenario.change({"warmup": "1 d", "horizon": f"{sizes.days} d"})
    model = compile_model(scenario)
    records = replicate(model, 1, 0, ENGINE, False)
    works = {
        "run": lambda: engines.runner(ENGINE)(model, 1, 0, events=False),
        "check": lambda: conservation.check(records, model),
        "tally": lambda: tally(records, model),
    }
    seconds = timed(works, 2 * sizes.repeats)
    times = (spread([1000 * each for each in taken], 1) for taken in seconds.values())
    return name, f"{len(records.leads.created):,}", *times


def of_many_leads(sizes: Sizes) -> Table:
    """Each step of `simulate(records=False)` with many leads, and the whole."""
    scenario = tandem_scenario(sizes.many_days, hard=False)
    model = compile_model(scenario)
    leads = len(replicate(model, 1, 0, ENGINE, False).leads.created)
    records = engines.runner(ENGINE)(model, 1, 0, events=False, rows=engines.ROWS)
    works = {
        "the run": lambda: engines.runner(ENGINE)(model, 1, 0, events=False, rows=engines.ROWS),
        "its check": lambda: conservation.check(records, model),
        "its figures": lambda: read(records, model, keep=False),
        "simulate(records=False)": lambda: (
            fs.simulate(scenario, replications=1, records=False, engine=ENGINE).kpis
        ),
    }
    seconds = timed(works, sizes.repeats)
    rows = [(name, spread([1e6 * each / leads for each in taken])) for name, taken in seconds.items()]
    return Table(f"Figures of {leads:,} leads in one replication (M1)", ("", "us a lead"), rows)


def tables(sizes: Sizes) -> Iterator[Table]:
    """Both tables."""
    rows = [of_a_run(name, sizes) for name in ("one_desk", "mid_market", "reference")]
    heads = ("", "leads", "ms for the run", "for its check", "for all its figures")
    yield Table("Figures of a replication in memory", heads, rows)
    yield of_many_leads(sizes)
