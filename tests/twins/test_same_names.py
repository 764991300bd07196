"""Both engines tell the same story in the same words: what says the same is called the same."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import funnelsim.engine
from funnelsim.engine.compiled.world.rows import Out

ENGINE = Path(funnelsim.engine.__file__).parent

ALONE = {
    "doors": "in `journey` there",
    "ends": "in `run`, `sources` and `customers` there",
    "health": "in `life` and `customer` there",
    "loop": "SimPy's own",
    "owners": "in `customers` and `teams` there",
    "revenue": "in `life` there",
    "settling": "in `teams` and `reorganisation` there",
    "work": "what waits for a piece of work is a process there, which an interrupt makes part",
}
"""Files of the compiled story without one of the same name in the reference engine, and where their parts are."""

METHODS = {"add_to_order", "remove_from_order"}
"""Methods of a class there that says the rest of the name: ``Order.add``, ``Order.remove``."""


def named(folder: Path) -> dict[str, set[str]]:
    """The names of functions by the first line of their docstrings."""
    found = defaultdict(set)
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (said := ast.get_docstring(node)):
                found[said.splitlines()[0]].add(node.name.lstrip("_"))
    return found


def test_functions_that_say_the_same_have_the_same_name() -> None:
    here, there = named(ENGINE / "compiled"), named(ENGINE / "simpy_engine")
    both = here.keys() & there.keys()
    assert len(both) > 100
    apart = {
        said: (here[said], there[said]) for said in both if not here[said] & there[said] and here[said] - METHODS
    }
    assert not apart


def test_files_of_the_story_have_their_twin() -> None:
    story = {path.stem for path in (ENGINE / "compiled" / "story").glob("*.py")} - {"__init__"}
    there = {path.stem for path in (ENGINE / "simpy_engine").glob("*.py")}
    assert story - there == ALONE.keys()


def test_every_field_of_a_record_is_written_once() -> None:
    tree = ast.parse((ENGINE / "compiled" / "world" / "ledger.py").read_text(encoding="utf-8"))
    fields = {}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        places = [node.targets[0] for node in ast.walk(function) if isinstance(node, ast.Assign)]
        columns = [place.value for place in places if isinstance(place, ast.Subscript)]
        named = [
            column.attr
            for column in columns
            if isinstance(column, ast.Attribute) and ast.unparse(column.value) == "rows"
        ]
        fields[function.name] = sorted(named)
    writers = {"write_visit": "visits", "write_lead": "leads", "write_customer": "customers", "move": "moves"}
    for writer, name in (writers | {"write_task": "tasks", "note_of": "events"}).items():
        kind = Out.fields[name].struct
        assert kind is not None
        assert fields[writer] == sorted(kind.row_names)


def test_machine_code_hangs_on_every_file_of_the_engine() -> None:
    from funnelsim.engine.compiled.machine.versions import sources

    assert {ENGINE / "codes.py", *(ENGINE / "compiled").rglob("*.py")} <= set(sources())
