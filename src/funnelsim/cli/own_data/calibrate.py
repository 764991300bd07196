"""``funnelsim calibrate``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from funnelsim import disk
from funnelsim.views.sentences.own_data import calibration as words
from funnelsim.views.words import listed, say

from .. import streams
from ..frames import first_fitting, frame
from ..work import hand_over
from . import look
from .outputs import in_yaml, tell

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.calibration.fitting.fit import Fit

    from ..options import Drawn
    from .asked import Assuming, Recorded, Written


def calibrate(recorded: Recorded, assuming: Assuming, wanted: Written, seed: int, shown: Drawn) -> None:
    """Read, estimate, write the scenario with its tables, and print how each number is known."""
    from funnelsim.calibration.fitting import fit as fitting

    if wanted.guess:
        look.crm_look(recorded, wanted.out, shown)
        return
    outputs = _outputs(wanted)
    found = fitting.calibrate(recorded.history(), assuming.assume, seed=seed, name=wanted.name)
    tell(found.findings, shown.quiet)
    scenario = found.scenario  # refused here, before anything is written, if it were no scenario
    written = _write(found, wanted, outputs)
    streams.warn(scenario.warnings, shown.quiet)
    pictures = {each: getattr(found.plot, each) for each in ("stages", "conversion", "arrivals")}
    hand_over(shown, found, pictures, scenarios={scenario.spec.name: scenario})
    if shown.json:
        streams.document({**found.to_dict(), "written": [path.name for path in written]})
    else:
        show(streams.results(), found, written, wanted.out)


def _outputs(wanted: Written) -> dict[str, Path]:
    """The files that will be written, by what they hold."""
    in_yaml(wanted.out, "scenario")
    stem = wanted.out.with_suffix("")
    return {
        "scenario": wanted.out,
        "deals": stem.with_name(f"{stem.name}.open.csv"),
        "draws": stem.with_name(f"{stem.name}.draws.jsonl"),
    }


def _write(found: Fit, wanted: Written, outputs: dict[str, Path]) -> list[Path]:
    texts = {outputs["scenario"]: found.written(outputs["deals"].name)}
    if found.open_deals.deals:
        texts[outputs["deals"]] = found.open_deals.text
    if wanted.draws:
        texts[outputs["draws"]] = found.draws_text(wanted.draws)
    for path, text in texts.items():
        with disk.written(path) as part:
            part.write_text(text, encoding="utf-8")
    return list(texts)


def show(console: Console, found: Fit, written: Sequence[Path], out: Path) -> None:
    """Print what was read, the estimates, the guesses, and the check."""
    console.print(Text(words.read_of(found.history)))
    console.print(Text(words.evidence(found.history)))
    console.print()
    console.print(first_fitting(console, partial(_estimates, found), partial(_estimates, found, method=False)))
    console.print(Text(f"\n{words.guesses(found)}\n"))
    if found.distance:
        console.print(_check(found))
    for text in words.checked(found):
        console.print(Text(text))
    console.print(Text(f"\n{say('calibrate.wrote', files=listed([path.name for path in written]))}"))
    console.print(Text(say("calibrate.next", command=f"funnelsim run {out}")))


def _estimates(found: Fit, method: bool = True) -> Table:
    heads = [say(f"calibrate.col.{each}") for each in words.COLUMNS]
    table = frame(say("calibrate.table"), heads if method else heads[:-1], left=2)
    table.columns[0].no_wrap = True
    for number in found.numbers:
        if words.told(number):
            cells = words.row(number)
            table.add_row(*map(Text, cells if method else cells[:-1]))
    return table


def _check(found: Fit) -> Table:
    heads = [say(f"calibrate.check.col.{each}") for each in ("what", "observed", "simulated", "off")]
    table = frame(say("calibrate.check.table"), heads)
    for each in found.distance:
        table.add_row(*map(Text, words.check_row(each)))
    return table
