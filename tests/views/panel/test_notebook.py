"""The panel in a notebook: its questions are answered from a thread, and without anywidget there is a table."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.views.panel import notebook
from funnelsim.views.panel.session import Session
from funnelsim.views.panel.widget import Panel

from .lines import DESK, ONE_MORE, session


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "_picture", lambda *_: {"kind": "picture"})


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a widget sends to its panel."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(Panel, "send", lambda _, message, buffers=None: messages.append(message))
    return messages


def waited(sent: list[dict[str, Any]]) -> dict[str, Any]:
    """The last answer, once the picture that follows it is there."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if sent and sent[-1]["kind"] == "picture" and sent[-2]["last"]:
            return sent[-2]
        time.sleep(0.02)
    raise AssertionError(sent)


def test_a_question_is_answered_by_messages_with_its_number(sent: list[dict[str, Any]]) -> None:
    made = Panel(session())
    assert made.panel["name"] == "東京 <desk>"
    assert made.host == "notebook"
    made._heard(made, {"kind": "ask", "id": 7, "numbers": ONE_MORE}, None)
    last = waited(sent)
    assert (last["kind"], last["id"]) == ("answer", 7)
    assert sent[0]["moved"][0]["text"] == "窓口 2 → 3 people"
    made._heard(made, {"kind": "lever", "id": 7, "numbers": ONE_MORE}, None)
    assert sent[-1]["kind"] == "lever"


def test_what_cannot_be_asked_is_told(sent: list[dict[str, Any]]) -> None:
    made = Panel(session())
    for kind in ("ask", "lever"):
        made._heard(made, {"kind": kind, "id": 1, "numbers": {"no.such": 3}}, None)
        assert sent[-1]["kind"] == "error"
        assert sent[-1]["text"].startswith("This cannot be computed: ")
    for strange in ({}, {"kind": "ask"}, {"kind": "ask", "id": 1, "numbers": []}, "ask", {"kind": "stop"}):
        made._heard(made, strange, None)
    assert len(sent) == 2


def test_a_scenario_gives_its_panel() -> None:
    assert isinstance(fs.Scenario.from_text(DESK).panel(lang="ja"), Panel)


def test_without_anywidget_there_are_a_table_and_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(notebook, "find_spec", lambda _: None)
    (tmp_path / "my desk.yaml").write_text(DESK.replace("東京 <desk>", "A"), encoding="utf-8")
    made = fs.load(tmp_path / "my desk.yaml").panel()
    assert isinstance(made, notebook.Table)
    assert "窓口: people 2 people" in repr(made)
    assert f"funnelsim app '{tmp_path / 'my desk.yaml'}'" in repr(made)
    assert "pip install 'funnelsim[notebook]'" in repr(made)
    assert "<td>窓口: people</td><td>2</td><td>people</td>" in made._repr_html_()
