"""Where waiting costs no leads, every result that judges lines says so, once, in each language."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.views.words import say, speaking
from views.pages import read

SHORT = {"horizon": "3 mo", "warmup": "1 mo"}
COSTLY = {"stages.serve.patience": "1 d"}


def _desk(change: dict[str, Any]) -> fs.Scenario:
    return fs.load(Path(__file__).parents[2] / "scenarios" / "one_desk.yaml").change({**SHORT, **change})


def _two(change: dict[str, Any]) -> dict[str, fs.Scenario]:
    today = _desk(change)
    return {"today": today, "one more": today.change({"teams.desk.headcount": {"add": 1}})}


KINDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "run": lambda change: fs.simulate(_desk(change), replications=2),
    "compare": lambda change: fs.compare(_two(change), replications=2),
    "choose": lambda change: fs.choose(_two(change), "won", fs.Budget(10)),
    "diagnose": lambda change: fs.diagnose(_desk(change), replications=2),
}


def _squeezed(text: str) -> str:
    """Without white space, as pictures break lines where they like."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("kind", KINDS)
def test_that_waiting_costs_nothing_is_said_once(kind: str, tmp_path: Path) -> None:
    found = KINDS[kind]({})
    for lang in ("en", "ja"):
        with speaking(lang):
            said, notebook = _squeezed(say("limit.free")), _squeezed(found._repr_html_())
        page = read(found.report(tmp_path / f"{lang}.html", lang=lang))
        assert _squeezed(page.text).count(said) == 1, lang
        assert notebook.count(said) == 1, lang


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_not_said_where_leads_give_up(kind: str, tmp_path: Path) -> None:
    found = KINDS[kind](COSTLY)
    page = read(found.report(tmp_path / "costly.html"))
    assert _squeezed(say("limit.free", "en")) not in _squeezed(page.text)
