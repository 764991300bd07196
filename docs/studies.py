"""Runs the studies S1 to S14; what came out goes to `docs/library/studies.yaml`, and from it to `studies.md`.

    python docs/studies.py                  # the page alone, from the figures that are there
    python docs/studies.py s04_next_hire    # runs a study and writes its figures; `all` runs each

Figures stand beside a digest of the study that they are of, so that a test can say which are out of date.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import funnelsim as fs
from funnelsim.scenario.study.spec import Prediction
from funnelsim.views.sentences import predictions
from funnelsim.views.words import numbers, say

ROOT = Path(__file__).parents[1]
STUDIES = sorted((ROOT / "studies").glob("s[0-9][0-9]_*.yaml"))
FIGURES = ROOT / "docs" / "library" / "studies.yaml"
PAGE = ROOT / "docs" / "library" / "studies.md"

HEAD = """# Fourteen questions, answered on shipped companies

Each question is a study in `studies/`, which one command answers: `funnelsim compare s04_next_hire`, or of
your own line `funnelsim compare s04_next_hire --on own.yaml`. Signs and flips come from literature; a
*flip* is a condition under which the effect should reverse or be gone. Conditions, and the number of
replications, were chosen after first runs with 10 to 20 replications, so that rows can be decided. So
*holds* shows that the model behaves so under that condition; it is no test of a prediction whose condition
was fixed beforehand.

The figures are paired differences, whose intervals hold together in 95 of 100 experiments for all rows of a
study. *Holds*: the interval lies on the side that was expected or, where no difference was, within 2 % of
the other arm's figure. *Does not hold*: all of it lies elsewhere. *Not known*: as many replications do not
tell. What the reasons may be stands below the table. *Turns*: of a flip, whether its interval lies apart
from that of the row which it turns, the same figure of the same change without the condition. `python
docs/studies.py all` runs all and writes this page.
"""


def prints(path: Path) -> str:
    """A digest of all that a study runs."""
    study = fs.load_study(path)
    said = [study.scenario(arm, {}).fingerprint for arm in study.arms]
    rows = [f"{each.arm} {each.against} {each.kpi} {each.expect} {each.flip}" for each in study.spec.predicts]
    return hashlib.sha256("\n".join([*said, *rows]).encode()).hexdigest()[:16]


def measured(path: Path) -> dict[str, Any]:
    """What came out of a study."""
    found = fs.verify(path)
    rows = []
    for each in found.predictions:
        ends = each.shares
        rows.append(
            {
                "share": _rounded(each.share),
                "low": _rounded(ends[0] if ends else None),
                "high": _rounded(ends[1] if ends else None),
                "mean": _rounded(each.difference.mean),
                "outcome": predictions.concluded(each),
            }
        )
    return {"digest": prints(path), "replications": found.replications, "rows": rows}


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def figures() -> dict[str, Any]:
    """The figures that are there."""
    return YAML(typ="safe").load(FIGURES.read_text(encoding="utf-8")) or {} if FIGURES.exists() else {}


def page(found: dict[str, Any]) -> str:
    """The page of all studies."""
    return "\n".join([HEAD, *(line for path in STUDIES for line in _section(path, found.get(path.stem)))]) + "\n"


def _section(path: Path, made: dict[str, Any] | None) -> Iterator[str]:
    study = fs.load_study(path)
    made = made if made and made["digest"] == prints(path) else None  # figures of another study are none
    yield f"## {study.spec.question['en']}"
    yield ""
    yield f"`funnelsim compare {path.stem}`" + (
        f", {made['replications']} replications" if made else ", not run yet"
    )
    yield ""
    yield "| of | against | expected | found | verdict | turns |"
    yield "|---|---|---|---|---|---|"
    rows = made["rows"] if made else [None] * len(study.spec.predicts)
    for each, row in zip(study.spec.predicts, rows, strict=True):
        expect = f"{each.kpi} {each.expect}: {each.because['en']}" if each.because else f"{each.kpi} {each.expect}"
        flip = "**flip** " if each.flip else ""
        told = (
            (_told(row), row["outcome"], _turned(study, rows, each, row)) if row else (numbers.DASH, "not run", "")
        )
        yield f"| {each.arm} | {each.against} | {flip}{expect} | {' | '.join(told)} |"
    yield ""
    if "en" in study.spec.description:
        yield str(study.spec.description["en"]).strip()
        yield ""


def turned_by(study: fs.Study, flip: Prediction) -> int | None:
    """The row that a flip turns: the same figure of the same change, as said before the comma of an arm's name."""
    for at, each in enumerate(study.spec.predicts):
        same = each.arm.partition(",")[0] == flip.arm.partition(",")[0] and each.kpi == flip.kpi
        if same and not each.flip and each.expect != flip.expect:
            return at
    return None


def _turned(study: fs.Study, rows: list[dict[str, Any]], each: Prediction, row: dict[str, Any]) -> str:
    """Whether a flip and the row that it turns lie apart."""
    if not each.flip:
        return ""
    at = turned_by(study, each)
    if at is None:
        return "no row of this figure without the condition"
    ends = [rows[at]["low"], rows[at]["high"], row["low"], row["high"]]
    if None in ends:
        return "no interval"
    return "yes" if rows[at]["high"] < row["low"] or row["high"] < rows[at]["low"] else "not shown"


def _told(row: dict[str, Any]) -> str:
    if row["share"] is None:
        return numbers.DASH if row["mean"] is None else f"{row['mean']:g}"
    if row["low"] is None:
        return say("unit.percent", value=_signed(row["share"]))
    return f"{_signed(row['share'])} % ({_signed(row['low'])} to {_signed(row['high'])})"


def _signed(share: float) -> str:
    return numbers.with_sign(share, f"{abs(share) * 100:.1f}")


def main(names: list[str]) -> None:
    """Run what is named, and write the page."""
    wanted = [path for path in STUDIES if "all" in names or path.stem in names]
    for path in wanted:
        found = figures()
        found[path.stem] = measured(path)
        FIGURES.parent.mkdir(exist_ok=True)
        with FIGURES.open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump({name: found[name] for name in sorted(found)}, file)
        print(path.stem, *(row["outcome"] for row in found[path.stem]["rows"]), sep="\n  ")
    PAGE.write_text(page(figures()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
