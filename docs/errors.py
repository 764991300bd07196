"""Makes docs/reference/errors.md of docs/errors.yaml and the sources.

python docs/errors.py

The codes are found in the syntax tree of the sources, where each sentence is made; so are the examples.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent / "src" / "funnelsim"
SOURCE = HERE / "errors.yaml"
PAGE = HERE / "reference" / "errors.md"

CODE = re.compile(r"[EW](-[a-z]+)+")
RETIRED = "retired"
"""The part of the file with codes that are no longer used."""

CARRIERS = ("Fault", "FormError", "Problem", "Warned", "Unheeded")
"""Classes beside the errors that carry a sentence and its code."""

TEXTS = ("Warned", "Unheeded")
"""Texts that are given their code as the second argument."""

MAKES = re.compile(rf"[A-Za-z]Error\b|\b({'|'.join(CARRIERS)})\(|{CODE.pattern}")
"""What a module says that makes one of them, or defines a class of them."""

BARE = ("ScenarioError",)
"""Errors that are made of problems, which have codes of their own."""

GAP = "…"
GAPS, WORDS = 3, 18
"""An example with more gaps, or fewer letters of its own, says little."""

HEAD = """<!-- Made by `python docs/errors.py` of docs/errors.yaml; tests hold it to the sources. -->

# Errors and warnings

Every error and every warning of `check` has a code, which names the kind of mistake: `E-` for errors, `W-` for
warnings. On a terminal it stands before the message,

    error[E-name-unknown]: line.yaml:6:24: stages.serve.team: unknown team 'desc'; did you mean 'desk'?

in Python it is `error.code` and, of each problem of a `ScenarioError`, `problem.code`; warnings have it as
`warning.code`. `check --json` gives it beside each problem, and those of its warnings in `warning_codes`. A code
stays what it is, whatever becomes of the sentence: a program may rely on it. In the examples a gap is written …
"""


@dataclass(frozen=True)
class Site:
    """A place in the sources where a sentence with a code is made.

    Parameters
    ----------
    path : Path
        The module.
    line : int
        Where it stands there.
    maker : str
        What is called.
    codes : tuple of str
        The codes that are written there.
    example : str
        The sentence with its gaps; empty where it is put together elsewhere.
    coded : bool
        Whether a code is given, here or by what is passed on.
    """

    path: Path
    line: int
    maker: str
    codes: tuple[str, ...]
    example: str
    coded: bool


def catalogue() -> dict[str, dict[str, str]]:
    """What each code means, by part of the page."""
    return {
        part: {code: says if isinstance(says, str) else says["means"] for code, says in (codes or {}).items()}
        for part, codes in _written().items()
    }


def given() -> dict[str, str]:
    """Examples that stand beside the meaning of a code, as its sentence is put together elsewhere."""
    every = (pair for codes in _written().values() for pair in (codes or {}).items())
    return {code: says["such_as"] for code, says in every if not isinstance(says, str)}


def _written() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(SOURCE.read_text(encoding="utf-8")))


@cache
def trees() -> Mapping[Path, ast.Module]:
    """The syntax trees of the sources in which an error or a warning may be made."""
    written = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    return {path: ast.parse(text) for path, text in written.items() if MAKES.search(text)}


@cache
def makers() -> frozenset[str]:
    """Names of the classes that must be given a code: errors of users, and what carries their sentences."""
    bases = {
        node.name: [_name(base) for base in node.bases]
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"FunnelsimError", *CARRIERS}
    while more := {name for name, of in bases.items() if found.intersection(of)} - found:
        found |= more
    return frozenset(found - set(BARE))


@cache
def sites() -> tuple[Site, ...]:
    """Every place where a code is given, or must be."""
    return tuple(site for path, tree in trees().items() for site in _Finder(path).found(tree))


class _Finder(ast.NodeVisitor):
    """Walks a module, and knows the function that it is in, of which names of sentences come."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.functions: list[ast.FunctionDef] = []
        self.sites: list[Site] = []

    def found(self, tree: ast.Module) -> list[Site]:
        self.visit(tree)
        return self.sites

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:  # the name is ast's
        self.functions.append(node)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None and _codes(default):
                self._note(node.lineno, node.name, _codes(default), "", True)
        self.generic_visit(node)
        self.functions.pop()

    def visit_Assign(self, node: ast.Assign) -> None:
        if not isinstance(node.value, ast.Call) and _codes(node.value):
            self._note(node.lineno, "=", _codes(node.value), "", True)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        maker = _name(node.func)
        given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        own = [each for each in (*node.args, *given) if _codes(each) and not isinstance(each, ast.Call)]
        codes = tuple(code for each in own for code in _codes(each))
        if codes or given or (maker in makers() and not _made_of_others(maker, node)):
            handed = bool(codes or given) or (maker in TEXTS and len(node.args) > 1)
            self._note(node.lineno, maker, codes, self._sentence(node), handed)
        self.generic_visit(node)

    def _note(self, line: int, maker: str, codes: tuple[str, ...], example: str, coded: bool) -> None:
        self.sites.append(Site(self.path.relative_to(PACKAGE), line, maker, codes, example, coded))

    def _sentence(self, node: ast.Call) -> str:
        """The sentence of a call with its gaps; empty where it comes from elsewhere."""
        found = [self._text(each) for each in node.args]
        return next((text for text in found if " " in text.replace(GAP, "").strip()), "")

    def _text(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else ""
        if isinstance(node, ast.JoinedStr):
            return "".join(self._text(each) if isinstance(each, ast.Constant) else GAP for each in node.values)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return (self._text(node.left) or GAP) + (self._text(node.right) or GAP)
        if isinstance(node, ast.Call) and _name(node.func) == "unknown" and len(node.args) > 2:
            return f"unknown {self._text(node.args[0]) or GAP} {GAP}; did you mean {GAP}?"
        if isinstance(node, ast.Name) and self.functions:
            said = [
                each
                for each in ast.walk(self.functions[-1])
                if isinstance(each, ast.Assign) and _name(each.targets[0]) == node.id
            ]
            before = [each for each in said if each.lineno < node.lineno and not isinstance(each.value, ast.Name)]
            last = max(before, key=lambda each: each.lineno, default=None)
            return "" if last is None else self._text(last.value)
        return ""


def _name(node: ast.expr) -> str:
    """The last part of a name, such as that of what is called; empty for what has none."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _codes(node: ast.expr) -> tuple[str, ...]:
    """The codes that are written in an expression, calls inside it left out."""
    if isinstance(node, ast.Call):
        return ()
    if isinstance(node, ast.Constant):
        return (node.value,) if isinstance(node.value, str) and CODE.fullmatch(node.value) else ()
    parts = (each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
    return tuple(code for each in parts for code in _codes(each))


def _made_of_others(maker: str, node: ast.Call) -> bool:
    """Whether an error of values is made of faults, which have codes of their own."""
    return maker.endswith("Error") and all(
        isinstance(each, ast.Starred)
        or (isinstance(each, ast.Call) and _name(each.func) in ("Fault", "undefined"))
        for each in node.args
    )


def examples() -> dict[str, str]:
    """A sentence for each code that has one: the shortest that says something with few gaps."""
    found: dict[str, list[str]] = {}
    for site in sites():
        if site.example and len(site.codes) == 1:
            found.setdefault(site.codes[0], []).append(re.sub(f"{GAP}+", GAP, " ".join(site.example.split())))
    return {code: min(texts, key=_dull) for code, texts in found.items()} | given()


def _dull(text: str) -> tuple[bool, bool, int]:
    """How little an example says: few words of its own, many gaps, length."""
    return len(re.sub(r"[^a-z]", "", text)) < WORDS, text.count(GAP) > GAPS, len(text)


def page() -> str:
    """The page."""
    known, parts = examples(), [HEAD]
    for part, codes in catalogue().items():
        if not codes:
            continue
        gone = part == RETIRED
        parts.append(f"## {'No longer used' if gone else part}\n")
        parts.append(f"| code | meaning |{'' if gone else ' example |'}\n|---|---|{'' if gone else '---|'}")
        for code, meaning in codes.items():
            said = known.get(code, "").replace("|", "\\|").replace("`", "'")
            more = "" if gone else f" {f'`{said}`' if said else ''} |"
            parts.append(f"| <a id='{code.lower()}'></a>`{code}` | {meaning} |{more}")
        parts.append("")
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
