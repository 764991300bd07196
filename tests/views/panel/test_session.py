"""What the panel is told: names, answers in words, and a picture without styles of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import funnelsim as fs
from funnelsim.experiments.asking.controls import KNOWN, numbers_of
from funnelsim.scenario.forms.roles import roles
from funnelsim.views.panel.names import number
from funnelsim.views.panel.refusals import RefusedError
from funnelsim.views.panel.session import Session
from funnelsim.views.words.texts import has

from .lines import ONE_MORE, session

SCENARIOS = Path(__file__).parents[3] / "scenarios"


@pytest.fixture(scope="module")
def reference() -> Session:
    return Session(fs.load(SCENARIOS / "reference.yaml"), "en", file="reference")


@pytest.fixture(scope="module")
def desks() -> dict[str, Session]:
    return {lang: session(lang=lang) for lang in ("en", "ja")}


def lines(asked: Session, numbers: dict[str, float]) -> list[dict[str, Any]]:
    return list(asked.answers(asked.question(numbers)))


def test_everything_that_may_be_moved_has_a_name() -> None:
    assert [what for group in KNOWN.values() for what in group if not has(f"panel.what.{what}")] == []
    groups = ("teams", "sources", "stages")
    names = [f"panel.role.{group}.{role}" for group in groups for role in roles(group)]
    assert [name for name in names if not has(name)] == []


def test_controls_are_called_as_people_call_them(reference: Session) -> None:
    told_ = {each["name"]: each for each in reference.describe()["controls"]}
    called = {
        "teams.field_sales.headcount": ("Field sales: people", "people", 1.0),
        "sources.web.rate": ("web: new leads", "a month", 1.0),
        "teams.field_sales.cost.salary": ("Field sales: cost of a person", "USD a year", 1.0),
        "stages.meet.convert": ("First meeting: share that goes on", "%", 100.0),
        "customers.churn": ("Customers lost", "% a month", 100.0),
        "cpq": ("Configure, price and quote with a tool (CPQ)", "%", 100.0),
    }
    assert {name: (told_[name]["label"], told_[name]["unit"], told_[name]["scale"]) for name in called} == called
    assert told_["design_pods"]["switch"]


def test_what_was_moved_is_said_in_words(reference: Session) -> None:
    numbers = {"teams.field_sales.headcount": 6, "customers.churn": 0.03, "cpq": 0.6, "design_backward": 1}
    question = reference.question({**numbers, "stages.meet.effort": 71.5})
    said = [reference.names.moved(each) for each in question.moved]
    assert said[:3] == [
        "Field sales 5 → 6 people",
        "First meeting: working time for each touch 89 → 71.5 min",
        "Customers lost 3.2 → 3 % a month",
    ]
    assert sorted(said[3:]) == [
        "Configure, price and quote with a tool (CPQ): 60 %",
        "Specialists with backward handoff: the next team joins before it takes over: on",
    ]


def test_numbers_have_no_remains_of_binary_fractions(reference: Session) -> None:
    control = reference._controls.by_name["stages.meet.convert"]
    assert [number(control, each) for each in (0.07, 0.57, 0.29)] == ["7", "57", "29"]


def test_answers_are_in_words_and_have_their_figures() -> None:
    asked = session()
    found = [each for each in lines(asked, ONE_MORE) if each["kind"] == "answer"]
    first, last = found[0], found[-1]
    assert first["status"] == "First impression over 42 days, after 1 replication: no interval"
    assert str(first["lines"][0]["text"]).endswith(" at first sight")
    assert {each["tone"] for each in first["lines"]} == {"plain"}
    assert {each["interval"] for each in first["figures"]} == {"none yet"}
    assert re.fullmatch(r"Decided, over 42 days, after \d+ replications", last["status"])
    assert re.fullmatch(r"Won: up by \d+ \([\d.]+ %\)", last["lines"][0]["text"])
    assert last["lines"][0]["tone"] == "good"
    won = last["figures"][0]
    assert won["values"]["difference"] == pytest.approx(won["values"]["asked"] - won["values"]["today"])
    assert won["values"]["low"] < won["values"]["difference"] < won["values"]["high"]


def test_less_of_what_is_better_less_is_good() -> None:
    waits = session()
    last = [each for each in lines(waits, ONE_MORE) if each["kind"] == "answer"][-1]
    response = next(each for each in last["figures"] if each["kpi"] == "response_time")
    assert response["values"]["difference"] < 0
    assert response["tone"] == "good"


def test_today_alone_is_told_without_differences() -> None:
    found = [each for each in lines(session(), {}) if each["kind"] == "answer"]
    assert found[2]["status"] == "Today's line over 42 days, after 4 of 32 replications"
    assert {each["difference"] for each in found[-1]["figures"]} == {"–"}
    assert not any(each["decided"] for each in found)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_line_is_drawn_without_styles_and_scripts(lang: str) -> None:
    asked = session(lang=lang)
    drawn = [each for each in lines(asked, ONE_MORE) if each["kind"] == "picture"][-1]
    root = ElementTree.fromstring(str(drawn["svg"]))
    tags = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "g", "path", "text", "tspan", "use", "clipPath", "rect"}
    assert not any("style" in each.attrib or any(a.startswith("on") for a in each.attrib) for each in root.iter())
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))
    assert all(each.startswith("funnelsim-line-") for each in ids)
    assert "窓口" in str(drawn["svg"])
    assert str(drawn["svg"]).count("fill=") > 10


def test_the_same_question_is_drawn_the_same(reference: Session) -> None:
    asked = session()
    one, two = ([each for each in lines(asked, {}) if each["kind"] == "picture"][-1] for _ in range(2))
    assert one == two


def test_the_wait_for_the_engine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from funnelsim.experiments.asking.answers import Asker

    for seconds, said in ((5.0, "a few seconds"), (60.0, "about a minute")):
        monkeypatch.setattr(Asker, "compiles_for", seconds)
        asked = session()
        begun = asked.answers(asked.question({}))
        assert next(begun)["kind"] == "moved"
        notice = next(begun)
        assert notice["kind"] == "notice"
        assert said in str(notice["text"])


BEYOND: tuple[tuple[dict[str, float], str, str], ...] = (
    ({"teams.desk.headcount": 2.1}, "2.1 people is neither; the nearest is 2 people", "2.1人は指定できません"),
    ({"teams.desk.headcount": -1}, "at least 0 people is possible, and -1 people is less", "0人以上に"),
    ({"stages.serve.convert": 1.2}, "at most 100 % is possible, and 120 % is more", "100%以下に"),
    ({"stages.serve.convert": -0.2}, "at least 0 % is possible", "0%以上に"),
    ({"stages.serve.effort": 0}, "more than 0 % of today is needed", "より大きく"),
    ({"stages.serve.patience": 1e9}, "at most 8,766,000 h is possible", "8,766,000時間以下に"),
    ({"sources.web.rate": 1e12}, "an hour is possible", "以下に"),
    ({"sources.web.rate": 5e4}, "this page computes at most 30,000,000", "コマンド funnelsim compare"),
)


@pytest.mark.parametrize(("numbers", "english", "japanese"), BEYOND)
def test_what_cannot_be_asked_is_said_in_words_and_in_the_unit_of_its_field(
    desks: dict[str, Session], numbers: dict[str, float], english: str, japanese: str
) -> None:
    for lang, part in (("en", english), ("ja", japanese)):
        with pytest.raises(RefusedError, match=re.escape(part)) as refused:
            desks[lang].question(numbers)
        assert "expected" not in str(refused.value)
        if lang == "ja":  # no word of the English message
            assert set(re.findall("[a-z_]{3,}", str(refused.value))) <= {"serve", "web", "funnelsim", "compare"}


def test_what_a_file_would_be_warned_of_is_doubted(reference: Session) -> None:
    def doubted(number: float) -> list[dict[str, str]]:
        question = reference.question({"customers.churn": number, "teams.field_sales.headcount": 6})
        told: list[dict[str, str]] = next(reference.answers(question))["doubtful"]
        return told

    assert doubted(0.04) == []
    said = "Customers lost: 99,999 % a month is computed, but unusual. Please check the number and its unit."
    assert doubted(999.99) == [{"name": "customers.churn", "text": said}]


@pytest.mark.parametrize("name", ["reference", "one_desk", "japan"])
def test_a_slider_comes_back_to_today(name: str) -> None:
    line = fs.load(SCENARIOS / f"{name}.yaml")
    teams = [team for team, found in line.document["teams"].items() if isinstance(found.get("headcount"), int)]
    for today in (line, *(line.change({f"teams.{team}.headcount": {"add": 0.5}}) for team in teams[:2])):
        for each in numbers_of(today):
            steps = (each.today - each.low) / each.step
            assert abs(steps - round(steps)) < 1e-6, each
            assert each.low <= each.today <= each.high, each


def test_bars_begin_at_zero_and_reach_the_largest() -> None:
    asked = session()
    last = [each for each in lines(asked, ONE_MORE) if each["kind"] == "answer"][-1]
    for each in last["figures"]:
        places = each["bars"]
        assert min(places.values()) == 0.0
        assert max(places.values()) == 1.0
