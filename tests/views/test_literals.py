"""What people read stands in `views/words` and nowhere else, and nothing stands there that nobody says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import funnelsim
from funnelsim.results.measures.catalogue import listed
from funnelsim.views.words import numbers, texts

SOURCE = Path(funnelsim.__file__).parent

WORDS = re.compile(r"[A-Za-z]{2,}[,;:.)]* \(?[A-Za-z]{2,}")
"""Two words with a blank between them: a text, and no name or key."""

ROOMS = ("views", "cli", "results")

OF_PROGRAMS = re.compile(
    r"""<|="|'none'|[{;]\s*[a-z-]+:|^[a-z-]+: [a-z0-9 ]+;|^# |^funnelsim |^(bold|dim) \w+$|^(/|[A-Z]:)"""
    r"""|^(upper|lower|center) (left|right)$|^offset points$|charset="""
)
"""HTML, styles and policies, comments of files, commands, paths, places in pictures."""

NAMES = re.compile(r"([A-Z0-9]\S* ?)+")
"""Names, as of fonts."""

APART = {
    "cli/ends.py": "how commands end: errors, and what to type instead",
    "cli/inputs.py": "notes about what was typed, which stay English as errors do",
    "results/conservation.py": "laws: a run that breaks one ends with an error",
    "views/app/guards.py": "requests that are refused",
    "views/app/server.py": "requests that are refused",
}
"""Modules that tell of nothing else."""

SPOKEN_TO_DEVELOPERS = ("help", "metavar", "description", "epilog")
"""Arguments by which a command says how it is used, which stays English."""

SEARCHED = {"ALSO"}
"""Names of tables of words that people search by, and that nobody is shown."""

SAID_APART = {"complain", "warn", "Option", "Argument", "Typer", "attempt", "add_task", "compile", "simplefilter"}
"""Functions that tell of errors and progress, name options, or take patterns."""


def called(node: ast.AST) -> str:
    """The name of the function that a call calls."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def of_errors(tree: ast.AST) -> set[str]:
    """Functions and names that give texts of errors and warnings: what they give is raised, or told apart."""
    apart = SAID_APART | {"Warned"}
    raised = [each for each in ast.walk(tree) if isinstance(each, ast.Raise) or called(each) in apart]
    inside = [each for one in raised for each in ast.walk(one)]
    return {called(each) for each in inside} | {each.id for each in inside if isinstance(each, ast.Name)}


def literals(node: ast.AST, errors: set[str]) -> Iterator[tuple[int, str]]:
    """Texts for people under a node, with their lines."""
    for child in ast.iter_child_nodes(node):
        name = called(child)
        if (
            isinstance(child, ast.Raise | ast.Assert)
            or name in SAID_APART
            or name.endswith(("Error", "Problem", "Warned"))
        ):
            continue
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue  # a docstring
        if isinstance(child, ast.keyword) and child.arg in SPOKEN_TO_DEVELOPERS:
            continue
        if isinstance(child, ast.FunctionDef):
            if child.name not in errors | {"__repr__"} and not child.name.startswith("unknown_"):
                yield from literals(child, errors | of_errors(child))
            continue
        if isinstance(child, ast.Assign | ast.AugAssign) and _named(child) & (errors | SEARCHED):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            if _is_text(child.value):
                yield child.lineno, child.value
            continue
        yield from literals(child, errors)


def _named(child: ast.Assign | ast.AugAssign) -> set[str]:
    """Names to which an assignment gives a value."""
    targets = child.targets if isinstance(child, ast.Assign) else [child.target]
    return {each.id for one in targets for each in ast.walk(one) if isinstance(each, ast.Name)}


def _is_text(value: str) -> bool:
    apart = value in numbers.SPOKEN or NAMES.fullmatch(value) or OF_PROGRAMS.search(value)
    return WORDS.search(value) is not None and not apart


def modules() -> Iterator[tuple[str, ast.Module]]:
    """All modules, by their paths."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith("engine/"):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


@cache
def found() -> dict[str, list[tuple[int, str]]]:
    """Texts that stand in modules, by module."""
    those = {name: tree for name, tree in modules() if name.startswith(ROOMS) and name not in APART}
    those = {name: tree for name, tree in those.items() if not name.startswith("views/words/")}
    return {name: said for name, tree in those.items() if (said := list(literals(tree, of_errors(tree))))}


def test_texts_stand_in_words_alone() -> None:
    assert found() == {}


def test_the_search_finds_texts_and_spares_errors() -> None:
    tree = ast.parse(
        '"""A doc string."""\n'
        'def said(): return f"{1} text for people"\n'
        'def why(): return "text of an error"\n'
        'def fail():\n    what = "text of another"\n    raise ValueError(why(), what)\n'
        'style, font, unit = "bold red", "Noto Sans", "per year"\n'
    )
    assert list(literals(tree, of_errors(tree))) == [(2, " text for people")]


# --- keys --------------------------------------------------------------------------------------------------

KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")

SAYS = ("say", "counted")


def written() -> tuple[set[str], set[str]]:
    """Constants that look like keys, and beginnings of keys that go on with a value."""
    keys, prefixes = set(), set()
    for _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                keys.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                first = str(node.values[0].value)
                if re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_.]*", first):
                    prefixes.add(first)
    return keys, prefixes


def test_each_text_is_said_somewhere() -> None:
    keys, prefixes = written()
    endings = (".one", ".many", ".label", ".definition")
    unused = [
        key
        for key in texts.texts("en")
        if key not in keys
        and not any(key.endswith(end) and key.removesuffix(end) in keys for end in endings)
        and not key.startswith((*prefixes, "stage.", "team.", "handoff."))  # these three: see the last test
    ]
    assert unused == []


def test_each_text_that_is_said_is_there() -> None:
    known = texts.texts("en")
    missing = []
    for name, tree in modules():
        for node in ast.walk(tree):
            if called(node) not in SAYS or not node.args:  # type: ignore[attr-defined]
                continue
            first = node.args[0]  # type: ignore[attr-defined]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and KEY.fullmatch(first.value):
                there = {first.value, f"{first.value}.one"} & set(known)
                missing += [] if there else [(name, first.value)]
            if isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                begins = str(first.values[0].value)
                missing += [] if any(key.startswith(begins) for key in known) else [(name, begins)]
    assert missing == []


@pytest.mark.parametrize(
    ("of", "begins"), [("line", "kpi"), *((each, each) for each in ("stage", "team", "handoff"))]
)
def test_texts_of_figures_are_those_of_figures_that_there_are(of: str, begins: str) -> None:
    known = {each.name for each in listed() if each.of == of}
    families = {"milestone_created", "lost_for", "cost_of", "cost_per"}
    told = {
        key.split(".")[1].removesuffix("_opportunity") for key in texts.texts("en") if key.startswith(f"{begins}.")
    }
    assert {name for name in known if "<" not in name} == told - families
