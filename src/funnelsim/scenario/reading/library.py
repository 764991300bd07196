"""The shipped library: template scenarios and levers, YAML files that come with the package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from funnelsim.errors import Problem, ScenarioError

from ..forms.base import unknown
from .encodings import EncodingError, decoded
from .reader import read_text

SUFFIX = ".yaml"


@dataclass(frozen=True)
class Listed:
    """A file of the library: its name for use in scenarios, and one line on what it is, by language."""

    name: str
    titles: Mapping[str, str]
    path: Path

    @property
    def title(self) -> str:
        """What it is, in the first language that its file says it in; empty if it says nothing."""
        return next(iter(self.titles.values()), "")


def folder() -> Path:
    """Where the library lies: inside an installed package, or `scenarios/` at the top of a checkout."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "library"
    return installed if installed.is_dir() else package.parents[1] / "scenarios"


def templates() -> list[Listed]:
    """The shipped scenarios, by name."""
    return _listed(folder(), "description")


def levers() -> list[Listed]:
    """The shipped levers, by name."""
    return _listed(folder() / "levers", "title")


def template_called(name: str) -> Path | None:
    """The file of a shipped scenario, or None if there is none of that name."""
    return folder() / f"{name}{SUFFIX}" if name in names(folder()) else None


def studies_folder() -> Path:
    """Where the shipped studies lie: inside an installed package, or `studies/` at the top of a checkout."""
    inside = folder() / "studies"
    return inside if inside.is_dir() else folder().parent / "studies"


def studies() -> list[Listed]:
    """The shipped studies, by name."""
    return _listed(studies_folder(), "question")


def study_called(name: str) -> Path | None:
    """The file of a shipped study, or None if there is none of that name."""
    return studies_folder() / f"{name}{SUFFIX}" if name in names(studies_folder()) else None


def template(name: str) -> Path:
    """The file of a shipped scenario.

    Raises
    ------
    ScenarioError
        If there is none of that name.
    """
    return _found("template", name, folder())


def lever(name: str) -> Path:
    """The file of a shipped lever; raises `ScenarioError` if there is none of that name."""
    return _found("lever", name, folder() / "levers")


def names(place: Path) -> list[str]:
    """Names of the files in a folder of the library."""
    return sorted(path.stem for path in place.glob(f"*{SUFFIX}"))


def _found(what: str, name: str, place: Path) -> Path:
    known = names(place)
    if name not in known:
        raise ScenarioError([Problem("", unknown(what, name, known), code="E-name-unknown")])
    return place / f"{name}{SUFFIX}"


def _listed(place: Path, key: str) -> list[Listed]:
    paths = [place / f"{name}{SUFFIX}" for name in names(place)]
    return [Listed(path.stem, _titles(path, key), path) for path in paths]


def _titles(path: Path, key: str) -> dict[str, str]:
    """The first line of what a file says it is, by language; the rest of the file is not looked at."""
    try:
        whole = decoded(path.read_bytes())
        for each in (key, "name"):
            part = re.search(rf"^{each}:.*\n(?:[ \t#].*\n|\n)*", whole, re.MULTILINE)
            said = (read_text(part[0], str(path)).get(each) or "") if part is not None else ""
            texts = said if isinstance(said, dict) else {"": said}
            lines = {str(lang): str(text).strip().splitlines() for lang, text in texts.items() if text is not None}
            if told := {lang: of[0].strip() for lang, of in lines.items() if of}:
                return told
    except (OSError, EncodingError, ScenarioError):
        return {"": "(cannot be read)"}
    return {}
