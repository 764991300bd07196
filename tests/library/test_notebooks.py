"""The notebooks: each is run once, and what is committed below its cells is what it gives.

A notebook is a pair: the `.py` file is edited, and the `.ipynb` file holds the same cells with what came out.
After a change of it, or of what results say, they are written anew from the top of the repository::

    python tests/library/test_notebooks.py
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from nbmake.nb_run import NotebookRun

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
SOURCES = sorted(FOLDER.glob("*.py"))
READ = ("examples", "scenarios", "studies")
"""Folders that notebooks read."""

SECONDS = 300
"""For one cell, on a machine with much else to do; a notebook takes some twenty in all."""

ANYWHERE = {"FUNNELSIM_LANG": "en", "MPLBACKEND": "module://matplotlib_inline.backend_inline", "COLUMNS": "110"}
PICTURES = r"<(img|svg)\b.*?(?:</svg>|>)"
WIDGET = "application/vnd.jupyter.widget-view+json"
LOCAL = re.compile(r"/(?:home|root|tmp|work|Users|private|var|opt)/|[A-Z]:\\\\", re.ASCII)


def cells(notebook: Any) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def said(output: Any) -> dict[str, str]:
    """What an output says in words: pictures may differ by a pixel from version to version of Matplotlib."""
    if output.output_type == "stream":
        return {output.name: output.text}
    texts = {kind: text for kind, text in output.data.items() if kind.startswith("text/")}
    return {kind: re.sub(PICTURES, "", text, flags=re.DOTALL) for kind, text in texts.items()}


def shown(cell: Any) -> list[dict[str, str]]:
    return [said(output) for output in cell.get("outputs", [])]


def ran(source: Path, folder: Path) -> Any:
    """The notebook of a `.py` file, run in a folder, with what came out."""
    for name in READ:
        shutil.copytree(ROOT / name, folder / name)
    place = folder / "notebooks"
    place.mkdir()
    file = place / f"{source.stem}.ipynb"
    made = jupytext.read(source)
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number:02}"
    nbformat.write(made, file)
    result = NotebookRun(file, SECONDS).execute()
    assert result.error is None, result.error.trace
    return tidy(result.nb)


def tidy(notebook: Any) -> Any:
    """Without what differs from run to run, and without panels, which are empty where no kernel runs."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [each for each in cell.outputs if WIDGET not in each.get("data", {})]
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return notebook


@pytest.fixture(autouse=True)
def anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ANYWHERE.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_gives_what_is_committed(source: Path, tmp_path: Path) -> None:
    """The only run of each; pages of the site show what is committed."""
    again, committed = ran(source, tmp_path), nbformat.read(source.with_suffix(".ipynb"), 4)
    assert cells(again) == cells(committed), f"the pair {source.stem} differs: {__doc__}"
    for one, other in zip(again.cells, committed.cells, strict=True):
        assert shown(one) == shown(other), one.source


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_what_is_committed_can_be_shown_to_anybody(source: Path) -> None:
    """No error, no warning, no path of somebody's machine, no address in memory; every cell was run."""
    committed = nbformat.read(source.with_suffix(".ipynb"), 4)
    nbformat.validate(committed)
    for cell in committed.cells:
        assert not LOCAL.search(cell.source)
        if cell.cell_type != "code":
            continue
        assert cell.execution_count
        for output in cell.outputs:
            assert output.output_type != "error"
            texts = said(output)
            assert "stderr" not in texts
            assert not any(LOCAL.search(text) or " at 0x" in text for text in texts.values())


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_asks_a_question_and_says_how_to_install_and_go_on(source: Path) -> None:
    texts = [text for kind, text in cells(jupytext.read(source)) if kind == "markdown"]
    assert re.search(r"^\*\*Question", texts[0], flags=re.MULTILINE)
    assert 'pip install -e ".[notebook]"' in texts[0]
    assert "## What to do next\n" in texts[-1]


def test_every_notebook_is_a_pair_with_a_page_on_the_site() -> None:
    names = [source.stem for source in SOURCES]
    assert names == sorted(file.stem for file in FOLDER.glob("*.ipynb"))
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"<notebooks/(\w+)>", index) == names


def main(names: list[str]) -> None:
    """Run the notebooks of these names, or all, and write what comes out."""
    os.environ.update(ANYWHERE)
    for source in SOURCES:
        if not names or source.stem in names:
            with tempfile.TemporaryDirectory() as folder:
                nbformat.write(ran(source, Path(folder)), source.with_suffix(".ipynb"))


if __name__ == "__main__":
    main(sys.argv[1:])
