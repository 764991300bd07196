"""Closer looks at what is moved: what they are asked, what they say, and how they are stopped."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.asking.closely import closely
from funnelsim.experiments.running.arms import Arm
from funnelsim.experiments.running.laboratory import Sampling
from funnelsim.experiments.study.question import targets_of
from funnelsim.views.app.closer.asked import VIEWS
from funnelsim.views.app.closer.closer import LEAST, OF_TARGETS, Closer
from funnelsim.views.app.closer.telling import Steps, telling
from funnelsim.views.app.server import App
from funnelsim.views.panel.refusals import RefusedError
from funnelsim.views.panel.session import Question, Session

from .lines import ONE_MORE, SLOW, Asked, serving, session

# A team hands over to another, so that there are several of all that views are about.
TWO = """\
funnelsim: 1
name: 東京 <two>
start: 2026-10-05
horizon: 8 w
warmup: 2 w
currency: JPY
segments:
  small: {share: 0.7, value: 100_000}
  large: {share: 0.3, value: 900_000}
sources: {web: {rate: 2 / h}, fair: {rate: 0.5 / h}}
territories: {east: 0.6, west: 0.4}
teams:
  desk: {headcount: 2, queue: fifo, label: 窓口}
  field: {headcount: 3, queue: fifo, cost: {salary: 500_000 / mo}}
stages:
  ask: {team: desk, effort: {dist: exponential, mean: 0.7 h}, convert: 0.5, patience: 6 h}
  sell: {team: field, effort: {dist: exponential, mean: 2 h}, convert: 0.6, patience: 2 d, books: true}
"""
GIVEN: dict[str, dict[str, str]] = {
    "groups": {"by": "rep"},
    "targets": {"kpi": "won", "side": "at_least", "amount": "100", "day": "2026-11-29"},
}
Line = dict[str, Any]


@pytest.fixture(scope="module")
def line() -> Session:
    return session(TWO)


@pytest.fixture(scope="module")
def closer(line: Session) -> Closer:
    return Closer(line)


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with serving(session(TWO)) as made:
        yield made


def seen(closer: Closer, view: str, numbers: Mapping[str, float], **given: str) -> str:
    """The HTML of a view."""
    lines = list(closer.lines(closer.look(view, numbers, GIVEN.get(view, {}) | given)))
    assert [each["kind"] for each in lines[:-1]] == ["progress"] * (len(lines) - 1)
    assert lines[-1]["kind"] == "view"
    return str(lines[-1]["html"])


def words(html: str) -> list[str]:
    """What stands between the tags, pictures left out."""
    plain = re.sub("<[^>]+>", "\n", re.sub("<svg.*?</svg>", "", html, flags=re.DOTALL))
    return [each.strip() for each in unescape(plain).splitlines() if each.strip()]


# --- what is to be seen ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_says_what_the_report_says(closer: Closer, view: str) -> None:
    html = seen(closer, view, ONE_MORE)
    found = words(html)
    comparison = closely(
        {"today": closer.session.line, "the change": closer.session.line.change(ONE_MORE)},
        OF_TARGETS if view == "targets" else LEAST,
        Sampling(),
        by=("rep",) if view == "groups" else (),
        targets={"won": 100} if view == "targets" else None,
    )
    expected: dict[str, list[str]] = {
        "teams": ["Each team's own figure beside the whole's", "Handoffs", "Stages and teams that differ"],
        "groups": ["By rep", "field-1", "field-3"],
        "fates": ["won", "lost at ask"],
        "causes": ["scarce people", "difference"],
        "targets": ["≥ 100", *(f"{each.hits} of {OF_TARGETS} runs" for each in comparison.reached)],
    }
    for text in expected[view]:
        assert any(text in each for each in found), (text, found)
    if view == "fates":
        assert set(comparison.fates().words["the change"]) <= set(found)
    if view == "causes":
        assert set(comparison.causes().words["the change"]) <= set(found)
    assert html.count("<svg") == {"fates": 1, "causes": 3, "targets": 2}.get(view, 0)


def test_where_nothing_is_moved_views_are_of_today(closer: Closer) -> None:
    alone = fs.simulate(closer.session.line, replications=LEAST, by="segment")
    found = words(seen(closer, "groups", {}, by="segment"))
    assert {"By segment", "small", "large"} <= set(found)
    won = alone.groupings["segment"].groups["large"]["won"]
    assert any(each.startswith(f"{won.mean:.1f}"[:3]) for each in found)
    teams = words(seen(closer, "teams", {}))
    assert {"窓口", "field", "ask", "sell"} <= set(teams)
    target = seen(closer, "targets", {}, day="2026-11-10")
    assert "until" not in target
    assert "from 2026-10-19 to 2026-11-10" in target
    assert target.count("<svg") == 1


def test_figures_are_those_of_the_answer_above(line: Session, closer: Closer) -> None:
    """The same replications, and intervals that pay for the same looks: no view knows more than the answer."""
    question = line.question({"teams.field.headcount": 4})
    for _ in line.answers(question):
        pass
    last = line.last(question)
    assert last is not None
    made = closer._compared(closer.look("teams", {"teams.field.headcount": 4}, {}), last.replications, _steps())
    for one, other in zip(last.main, made.findings, strict=True):
        assert (one.kpi, one.difference.mean, one.low, one.high) == (
            other.kpi,
            other.difference.mean,
            other.low,
            other.high,
        )


def _steps() -> Steps:
    return Steps(lambda: False, lambda *_: None)


def test_what_a_user_wrote_is_escaped_and_nothing_acts(closer: Closer) -> None:
    evil = TWO.replace("label: 窓口", 'label: "<img src=x onerror=alert(1)>"')
    html = seen(Closer(session(evil)), "teams", {})
    assert "<img" not in html
    assert "&lt;img src=x" in html
    for view in VIEWS:
        made = seen(closer, view, ONE_MORE)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", made)
        ids = re.findall(r'\sid="([^"]+)"', made)
        assert len(ids) == len(set(ids)), view


def test_all_of_it_is_in_the_language_of_the_session() -> None:
    closer = Closer(session(TWO, "ja"))
    told = json.dumps(closer.describe(), ensure_ascii=False)
    assert {"どこが変わるか:チームとステージ", "受注件数(件)"} <= set(re.findall(r'"([^"]*)"', told))
    found = seen(closer, "fates", ONE_MORE)
    assert "変更後" in found
    assert "the change" not in found


def test_progress_goes_from_nothing_to_all_over_the_steps(closer: Closer) -> None:
    closer._kept.clear()
    lines = list(closer.lines(closer.look("causes", ONE_MORE, {})))[:-1]
    shares = [each["share"] for each in lines]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.1
    assert shares[-1] == 1
    assert lines[0]["text"].startswith("Computing, step 1 of 2: ")
    assert lines[-1]["text"] == "Computing, step 2 of 2: 100 %"


# --- what is asked --------------------------------------------------------------------------------------------


def test_fields_are_those_of_the_line(closer: Closer) -> None:
    views = {each["name"]: each for each in closer.describe()["views"]}
    assert tuple(views) == VIEWS
    assert [each["value"] for each in views["groups"]["fields"][0]["options"]] == [
        "segment",
        "source",
        "territory",
        "rep",
    ]
    kpi, side, _, day = views["targets"]["fields"]
    options = {each["value"]: each for group in kpi["groups"] for each in group["options"]}
    assert options["bookings"]["label"] == "Bookings (JPY)"
    assert (options["bookings"]["side"], options["cost"]["side"]) == ("at_least", "at_most")
    assert side["follows"] == "kpi"
    assert (day["least"], day["most"], day["start"]) == ("2026-10-19", "2026-11-29", "2026-11-29")
    alone = Closer(session()).describe()["views"]
    assert "territory" not in json.dumps(alone)


def test_figures_of_which_a_line_says_nothing_are_not_offered() -> None:
    """Whatever is offered can be a target, in some unit."""
    without = re.sub(r"segments:\n.*\n.*\n|, cost: \{.*?\}", "", TWO)
    unpriced = Closer(session(without))
    kpi = unpriced.describe()["views"][-1]["fields"][0]
    offered = [each["value"] for group in kpi["groups"] for each in group["options"]]
    assert kpi["start"] == "won"
    assert not {"bookings", "contribution", "cost", "arr_end"} & set(offered)
    question = unpriced.session.question({})
    for name in offered:
        given = [GIVEN["targets"] | {"kpi": name, "amount": amount} for amount in ("0.5", "4 h")]
        assert any(_asks(unpriced, question, each) for each in given), name


def _asks(closer: Closer, question: Question, given: Mapping[str, str]) -> bool:
    try:
        closer.form.look("targets", question, given)
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize(
    ("view", "numbers", "given", "field", "said"),
    [
        ("no", {}, {}, "", "There is no such view."),
        ("fates", {}, {}, "", "Move a control first."),
        ("causes", {}, {}, "", "Move a control first."),
        ("groups", {}, {"by": "planet"}, "by", "Choose one of those"),
        ("targets", {}, {"kpi": "wons"}, "kpi", "Choose one of the figures"),
        ("targets", {}, {"side": "=="}, "side", "Choose at least or at most."),
        ("targets", {}, {"amount": ""}, "amount", "An amount is needed"),
        ("targets", {}, {"amount": "<= 3"}, "amount", "An amount is needed"),
        ("targets", {}, {"amount": "many"}, "amount", "Won is counted in leads: type a number such as 300"),
        ("targets", {}, {"amount": "3 h"}, "amount", "not 3 h."),
        ("targets", {}, {"amount": "-3"}, "amount", "not -3."),
        ("targets", {}, {"kpi": "win_rate", "amount": "30"}, "amount", "Win rate is a share"),
        ("targets", {}, {"kpi": "cycle_time", "amount": "30 %"}, "amount", "Cycle time is a time"),
        ("targets", {}, {"kpi": "bookings", "amount": "1,5"}, "amount", "Bookings is money (JPY)"),
        ("targets", {}, {"day": "2026-11-31"}, "day", "from 2026-10-19 to 2026-11-29"),
        ("targets", {}, {"day": "2026-10-18"}, "day", "from 2026-10-19 to 2026-11-29"),
        ("targets", {}, {"day": "2026-11-30"}, "day", "from 2026-10-19 to 2026-11-29"),
        ("targets", {}, {"day": ""}, "day", "from 2026-10-19 to 2026-11-29"),
        ("teams", {"teams.desk.headcount": 2.1}, {}, "teams.desk.headcount", "whole numbers"),
    ],
)
def test_what_cannot_be_asked_names_its_field(
    closer: Closer, view: str, numbers: dict[str, float], given: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(RefusedError, match=re.escape(said)) as error:
        closer.look(view, numbers, GIVEN.get(view, {}) | given)
    assert error.value.control == field


@pytest.mark.parametrize(
    ("kpi", "typed", "value"),
    [
        ("bookings", "1,250,000", 1_250_000),
        ("bookings", "１，２５０，０００円", 1_250_000),
        ("bookings", "300万円", 3_000_000),
        ("bookings", "2.5M", 2_500_000),
        ("won", "1,300", 1300),
        ("win_rate", "30%", 0.3),
        ("cycle_time", "2 d", 48),
    ],
)
def test_amounts_are_read_as_people_type_them(closer: Closer, kpi: str, typed: str, value: float) -> None:
    look = closer.look("targets", {}, GIVEN["targets"] | {"kpi": kpi, "amount": typed})
    assert look.aim is not None
    (target,), _ = targets_of(Arm("", closer.form.model, ()), [(kpi, look.aim.wish)])
    assert target.value == pytest.approx(value)


# --- over the server ------------------------------------------------------------------------------------------


def look(app: App, **other: object) -> tuple[int, list[Line] | bytes]:
    """What the server answers to a look."""
    body = {"visitor": "a", "numbers": ONE_MORE, "view": "teams", "given": {}, **other}
    status, _, content = Asked(app)("POST", "/look", body)
    return status, [json.loads(each) for each in content.decode().splitlines()] if status == 200 else content


def test_the_server_describes_the_views_and_answers_a_look(app: App) -> None:
    status, headers, content = Asked(app)("GET", "/views")
    assert (status, headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert [each["name"] for each in json.loads(content)["views"]] == list(VIEWS)
    for path in ("/closer.js", "/closer.css"):
        assert Asked(app)("GET", path)[0] == 200
        assert Asked(app)("GET", path, Cookie=None)[0] == 401
    assert Asked(app)("GET", "/views", Cookie=None)[0] == 401
    status, lines = look(app)
    assert (status, lines[-1]["kind"]) == (200, "view")  # type: ignore[index]


@pytest.mark.parametrize(
    "other",
    [
        {"view": ""},
        {"view": 3},
        {"view": "x" * 65},
        {"given": []},
        {"given": {"by": 3}},
        {"given": {"by": "x" * 65}},
        {"visitor": ""},
        {"numbers": 3},
        {"file": "/etc/passwd"},
    ],
)
def test_what_is_no_look_is_refused(app: App, other: dict[str, object]) -> None:
    status, content = look(app, **other)
    assert status == 422
    assert bytes(content).startswith(b"A look is {")  # type: ignore[arg-type]


def test_a_refusal_says_of_which_field_it_is(app: App) -> None:
    status, content = look(app, view="targets", given=GIVEN["targets"] | {"amount": "many"})
    assert status == 422
    assert json.loads(bytes(content))["control"] == "amount"  # type: ignore[arg-type]
    assert look(app, numbers={}, view="causes")[0] == 422


def test_whoever_leaves_stops_a_look() -> None:
    closer = Closer(session(SLOW))
    left = threading.Event()
    begun = time.monotonic()
    told = list(closer.lines(closer.look("teams", ONE_MORE, {}), _leaving(left)))
    assert told
    assert {each["kind"] for each in told} == {"progress"}
    assert time.monotonic() - begun < 60
    assert not [each for each in threading.enumerate() if each.name == "funnelsim closer look"]


def _leaving(left: threading.Event) -> Any:
    """Somebody who leaves after a few looks at the progress."""
    asked = iter(range(5))

    def stop() -> bool:
        if next(asked, None) is None:
            left.set()
        return left.is_set()

    return stop


def test_an_error_in_the_work_is_raised_where_its_lines_are_read() -> None:
    def work(steps: Steps) -> Line:
        steps.next()(1, 2)
        raise FunnelsimError("no such luck", code="E-name-unknown")

    lines = telling(work, lambda: False, lambda number, share: {"number": number, "share": share})
    assert next(lines) == {"number": 1, "share": 0.5}
    with pytest.raises(FunnelsimError, match="no such luck"):
        next(lines)
