"""Every public function refuses what cannot be meant with a sentence that names the argument."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ArgumentError

DOCUMENT = {
    "funnelsim": 1,
    "name": "One desk",
    "horizon": "12 h",
    "sources": {"web": {"rate": "1 / h"}},
    "teams": {"desk": {"headcount": 2, "queue": "fifo", "cost": {"salary": "10_000 / y"}}},
    "stages": {"serve": {"team": "desk", "effort": "1 h", "convert": 0.5}},
}
HEADCOUNT = {"teams.desk.headcount": [1, 2]}
QUICK: dict[str, Any] = {"engine": "simpy", "replications": 2}


class Thing:
    """Of no use anywhere."""


WRONG = (
    None, True, 1.5, -1, 0, 3, math.nan, math.inf, 10**30, "x", "", "3", "a\0b", b"x", [], ["x"], [1], [None], (),
    {}, {"x": 1}, {1: 2}, {"x": None}, {"x": [1, object()]}, {"x": {"y": object()}}, {"won": "x"}, {"teams": 3},
    {"teams.desk.headcount": 3}, {"teams.desk.headcount": []}, {"teams.desk.headcount": ["x", {}]},
    {"x": {"x": 1}}, {"x"}, object(), Thing, Thing(), len, 1j, range(3), ("teams", "desk"), float,
)  # fmt: skip


def bad(value: Any) -> str:
    return f"{type(value).__name__} {str(value)[:30]}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What functions take and give."""
    folder = tmp_path_factory.mktemp("made")
    desk = fs.Scenario.from_dict(DOCUMENT)
    more = desk.change({"teams.desk.headcount": 3})
    study = fs.Study.of(desk, HEADCOUNT, arms={"quick": {"stages.serve.effort": "30 min"}}, kpis=["won"])
    both = {"one": desk, "more": more}
    return {
        "folder": folder,
        "desk": desk,
        "study": study,
        "both": both,
        "result": fs.simulate(desk, **QUICK),
        "comparison": fs.compare(both, **QUICK),
        "swept": fs.sweep(study, out=folder / "runs.db", **QUICK),
    }


def calls(made: dict[str, Any]) -> Iterator[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """The public functions and methods, with arguments that are right."""
    desk, study, both, folder = made["desk"], made["study"], made["both"], made["folder"]
    result, swept = made["result"], made["swept"]
    yield "simulate", fs.simulate, {"scenario": desk, **QUICK}
    yield "compare", fs.compare, {"scenarios": both, **QUICK}
    yield "choose", fs.choose, {"scenarios": both, "kpi": "won", "rule": fs.Budget(8, 2, 2), "engine": "simpy"}
    yield "diagnose", fs.diagnose, {"scenario": desk, "equation": False, **QUICK}
    yield "sensitivity", fs.sensitivity, {"study": desk, "vary": HEADCOUNT, "points": 2, **QUICK}
    yield "tornado", fs.tornado, {"study": desk, "vary": HEADCOUNT, "kpi": "won", **QUICK}
    yield "sweep", fs.sweep, {"study": study, "out": folder / "other.db", **QUICK}
    yield (
        "optimise",
        fs.optimise,
        {"study": desk, "vary": HEADCOUNT, "maximise": "won", "trials": 2, "engine": "simpy"},
    )
    yield "verify", fs.verify, {"study": study, **QUICK}
    yield "load", fs.load, {"path": folder / "none.yaml"}
    yield "load_study", fs.load_study, {"path": folder / "none.yaml"}
    yield "suggest_warmup", fs.suggest_warmup, {"result": result}
    yield "from_dict", fs.Scenario.from_dict, {"document": DOCUMENT}
    yield "from_text", fs.Scenario.from_text, {"text": "funnelsim: 1"}
    yield "change", desk.change, {"change": {"name": "Other"}}
    yield "rename", desk.rename, {"name": "Other"}
    yield "with_levers", desk.with_levers, {"references": "no such lever"}
    yield "problem", desk.problem, {"path": ("teams",), "message": "wrong"}
    yield "of", fs.Study.of, {"base": desk, "vary": HEADCOUNT}
    yield "scenario", study.scenario, {"arm": "quick", "at": {"teams.desk.headcount": 2}}
    yield "on", study.on, {"base": desk}
    yield "problem of a study", study.problem, {"path": ("vary",), "message": "wrong"}
    yield "records", result.records, {"name": "leads"}
    yield "to_json", result.to_json, {}
    yield "to_json of a comparison", made["comparison"].to_json, {}
    yield "first", swept.first, {"count": 1}
    yield "effects", swept.plot.effects, {}
    yield "Guarantee", fs.Guarantee, {"zone": 0.1}
    yield "Budget", fs.Budget, {"total": 100}


COUNTS = (
    "replications",
    "points",
    "workers",
    "trials",
    "batch",
    "count",
    "indent",
    "first",
    "step",
    "total",
    "seed",
)
"""Arguments of which a large one is right, and long work."""


CALLED = ("progress", "rule")
"""Functions of the caller, whose own errors are the caller's."""


def test_what_cannot_be_meant_is_refused(made: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """For every argument of every function: no other error than one of ours, and it names what is wrong."""
    monkeypatch.chdir(made["folder"])  # some of it is the name of a file
    pairs, refused, wrong = 0, 0, []
    for name, function, right in calls(made):
        for parameter in inspect.signature(function).parameters.values():
            for value in WRONG:
                if parameter.name in COUNTS and value in (3, 10**30):
                    continue
                if parameter.name in CALLED and callable(value):
                    continue
                pairs += 1
                given = {**right, parameter.name: value}
                several = given.pop(parameter.name) if parameter.kind is parameter.VAR_POSITIONAL else None
                if parameter.kind is parameter.VAR_KEYWORD:
                    given = {**right, "kpis": value}
                try:
                    function(*([several] if parameter.kind is parameter.VAR_POSITIONAL else ()), **given)
                except fs.FunnelsimError as error:
                    refused += 1
                    if not str(error).strip() or "object at 0x" in str(error):
                        wrong.append(f"{name}({parameter.name}={bad(value)}): {error}")
                    if isinstance(error, ArgumentError) and f"`{parameter.name}" not in str(error):
                        wrong.append(f"{name}({parameter.name}={bad(value)}) does not name it: {error}")
                except Exception as error:  # noqa: BLE001  # that is the point
                    wrong.append(f"{name}({parameter.name}={bad(value)}): {type(error).__name__}: {error}")
    assert not wrong, f"{len(wrong)} of {pairs}:\n" + "\n".join(wrong)
    assert refused > pairs / 2


def test_the_words() -> None:
    """Of some that users are known to have met."""
    desk = fs.Scenario.from_dict(DOCUMENT)
    calls: list[tuple[Callable[[], Any], str]] = [
        (
            lambda: fs.simulate("d.yaml"),  # type: ignore[arg-type]
            "simulate: `scenario` must be a scenario (fs.load reads one), found 'd.yaml'; read the file first, "
            "with fs.load('d.yaml')",
        ),
        (
            lambda: fs.compare([desk, desk]),  # type: ignore[arg-type]
            "compare: `scenarios` must be a dict from text to a scenario (fs.load reads one), found a list of 2",
        ),
        (lambda: desk.change("x"), "change: `change` must be a dict from text to anything, found 'x'"),  # type: ignore[arg-type]
        (lambda: fs.simulate(desk, seed=1.5), "simulate: `seed` must be a whole number, found 1.5"),  # type: ignore[arg-type]
        (
            lambda: fs.simulate(desk, replications=True),
            "simulate: `replications` must be a whole number, found True",
        ),
        (
            lambda: fs.simulate(desk, replications="3"),
            "simulate: `replications` must be a whole number, found '3'",
        ),  # type: ignore[arg-type]
        (
            lambda: fs.compare({"a": desk, "b": desk}, kpis="won"),
            "compare: `kpis` must be a list of text, found 'won'; one name is a list as well: ['won']",
        ),
    ]
    for call, words in calls:
        with pytest.raises(ArgumentError) as caught:
            call()
        assert str(caught.value) == words
        assert isinstance(caught.value, ValueError)
