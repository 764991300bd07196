"""Hooks: own rules that restate those of the language change nothing, others do what they say."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.engine.simpy_engine.own.seen import CustomerView, Event, LeadView, RepView, WorkView
from funnelsim.errors import FunnelsimError
from funnelsim.model.records import EVENT_KINDS

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "own_queue_rule.py"

LINE = """
funnelsim: 1
name: A line with some of everything
start: 2026-04-06
horizon: 60 d
score_accuracy: 0.7
calendars: {office: {days: mon-fri, hours: ["09:00-12:00", "13:00-18:00"]}}
segments:
  small: {share: 2, value: {dist: lognormal, median: 9_000, sigma: 0.6}}
  large: {share: 1, value: {dist: gamma, mean: 40_000, cv: 0.5}}
territories: {east: 0.6, west: 0.4}
opening: {customers: 30}
sources:
  web:   {rate: 9 / d, calendar: always, quality: 0.3}
  calls: {team: inside, effort: 5 min, yield: 0.02, to: demo}
teams:
  inside: {headcount: 2, queue: fifo, wip_limit: 8}
  field:  {headcount: 4, queue: fifo, skill: {sd: 0.5}, serves: {east: 1}, attrition: 3}
stages:
  qualify:
    team: inside
    touches: 2.4
    effort: {dist: exponential, mean: 40 min}
    gap: {dist: exponential, mean: 1 d}
    convert: 0.6
    quality_weight: 0.8
    sla: 1 bd
    timeout: 20 d
  demo:
    team: field
    handoff: {delay: 1 bd, take: 10 min}
    effort: {dist: lognormal, mean: 3 h, cv: 0.6}
    decision: {dist: gamma, mean: 5 d, cv: 0.5}
    convert: 0.5
    quality_weight: 1.1
    decay: {half_life: 5 d}
customers:
  team: field
  care: {every: 2 w, effort: 1 h}
  churn: 0.05 / mo
phases:
  - {from: 2026-05-01, change: {teams.field.headcount: 5}}
"""

RULES = ("fifo", "lifo", "score", "value", "expected_value", "value_per_hour", "due", "at_risk")


class Restated(fs.QueueRule):
    """A rule of the language, asked for by its name."""

    def __init__(self, rule: str, teams: Sequence[str] = ()) -> None:
        self.rule = rule
        self.teams = teams

    def key(self, work: WorkView, rep: RepView, now: float) -> float:
        return work.key(self.rule)


class LeastLoaded(fs.RoutingRule):
    """The routing `least_loaded`."""

    def key(self, rep: RepView, work: WorkView | None, now: float) -> float:
        return rep.load


class BestSkill(fs.RoutingRule):
    """The routing `best_skill`."""

    def key(self, rep: RepView, work: WorkView | None, now: float) -> float:
        return -rep.skill


class Log(fs.Observer):
    """Keeps what it sees as plain values."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    def _note(self, event: Event) -> None:
        rep = None if event.rep is None else (event.rep.team, event.rep.seat, event.rep.occupant)
        self.rows.append(
            (event.replication, event.time, event.kind, event.lead.row, event.stage, rep, event.outcome)
        )

    created = entered = queued = started = completed = left = ended = _note


def line(**changes: Any) -> fs.Scenario:
    """The line with a change; dots of paths are written as two underscores."""
    change = {path.replace("__", "."): value for path, value in changes.items()}
    return fs.Scenario.from_text(LINE).change(change)


def run(scenario: fs.Scenario, *hooks: Any, replications: int = 1, **options: Any) -> fs.Result:
    return fs.simulate(scenario, replications=replications, hooks=hooks, **options)


def assert_same(one: fs.Result, other: fs.Result) -> None:
    """Both left the same records, bit for bit."""
    for left, right in zip(one.replicates, other.replicates, strict=True):
        for table in ("visits", "leads", "reps", "series", "waits", "customers", "moves", "tasks"):
            for name, column in getattr(left, table)._asdict().items():
                np.testing.assert_array_equal(column, getattr(getattr(right, table), name), f"{table}.{name}")


def differ(one: fs.Result, other: fs.Result) -> bool:
    pairs = zip(one.replicates[0].visits, other.replicates[0].visits, strict=True)
    return any(not np.array_equal(left, right) for left, right in pairs)


# --- neutral ---


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_the_language_restated_changes_nothing(rule: str) -> None:
    plain = run(line(teams__inside__queue=rule, teams__field__queue=rule))
    assert_same(plain, run(line(), Restated(rule)))


def test_the_rules_differ_from_one_another() -> None:
    assert differ(run(line(), Restated("fifo")), run(line(), Restated("value")))


@pytest.mark.parametrize("assign", ["when_free", "on_arrival"])
@pytest.mark.parametrize(("routing", "own"), [("least_loaded", LeastLoaded()), ("best_skill", BestSkill())])
def test_a_routing_of_the_language_restated_changes_nothing(
    assign: str, routing: str, own: fs.RoutingRule
) -> None:
    ways = {f"teams__{team}__assign": assign for team in ("inside", "field")}
    plain = run(line(**ways, teams__inside__routing=routing, teams__field__routing=routing))
    assert_same(plain, run(line(**ways), own))


def test_a_rule_holds_for_its_teams_only() -> None:
    plain = run(line(teams__field__queue="lifo"))
    assert_same(plain, run(line(), Restated("lifo", ["field"])))


def test_classes_of_the_scenario_stay() -> None:
    first = {"rule": "fifo", "first": {"segment": "large"}, "ignore": {"value_below": 4_000}}
    plain = run(line(teams__field__queue=first))
    assert_same(plain, run(line(teams__field__queue={**first, "rule": "value"}), Restated("fifo", ["field"])))


def test_an_observer_changes_nothing_and_sees_the_event_log() -> None:
    log = Log()
    watched = run(line(), log, replications=2, events=True)
    assert_same(run(line(), replications=2), watched)
    model, rows = watched.model, []
    for records in watched.replicates:
        events, reps = records.events, records.reps
        for time, lead, stage, kind, rep, outcome in zip(*(column.tolist() for column in events), strict=True):
            who = (
                (model.team_names[reps.team[rep]], reps.seat[rep] + 1, reps.occupant[rep] + 1)
                if rep >= 0
                else None
            )
            where = model.stage_names[stage] if stage >= 0 else None
            how = model.outcome_names[outcome] if outcome >= 0 else None
            rows.append((records.replication, time / 3.6e9, EVENT_KINDS[kind], lead, where, who, how))
    assert log.rows == rows
    assert {row[2] for row in rows} == set(EVENT_KINDS)


def test_results_do_not_depend_on_the_workers() -> None:
    one = run(line(), Restated("value"), BestSkill(), replications=2)
    assert_same(one, run(line(), Restated("value"), BestSkill(), replications=2, workers=2))


# --- what rules do ---


class LastNumberFirst(fs.QueueRule):
    """The highest number first."""

    def key(self, work: WorkView, rep: RepView, now: float) -> tuple[float, float]:
        return (0.0, -work.lead.number)


def batch(teams: dict[str, Any]) -> fs.Scenario:
    """Six leads that come at once, an hour of work each."""
    return fs.Scenario.from_dict({
        "horizon": "1 d",
        "sources": {"fair": {"bursts": [{"at": "1 h", "leads": 6}]}},
        "teams": teams,
        "stages": {"serve": {"team": [*teams], "effort": "1 h"}},
    })  # fmt: skip


def test_an_own_rule_decides_who_is_next() -> None:
    result = run(batch({"desk": {"headcount": 1, "queue": "fifo"}}), LastNumberFirst())
    leads = result.replicates[0].leads
    assert (leads.ended / 3.6e9).tolist() == [7, 6, 5, 4, 3, 2]
    assert leads.number.tolist() == [1, 2, 3, 4, 5, 6]


class BackSeatFirst(fs.RoutingRule):
    """Pushes odd leads to the last seat, even ones to the first."""

    def key(self, rep: RepView, work: WorkView | None, now: float) -> float:
        if work is None:
            return 0
        return -rep.seat if work.lead.number % 2 else rep.seat


def test_an_own_routing_sees_what_it_gives_away() -> None:
    desk = {"headcount": 3, "queue": "fifo", "assign": "on_arrival"}
    result = run(batch({"desk": desk}), BackSeatFirst())
    assert result.replicates[0].visits.rep.tolist() == [2, 0, 2, 0, 2, 0]


class Rested(fs.RoutingRule):
    """Who has worked least is next; the later seat of two equals."""

    def key(self, rep: RepView, work: WorkView | None, now: float) -> tuple[float, float]:
        assert rep.idle
        assert work is None
        return (rep.busy, -rep.seat)


def test_an_own_routing_is_asked_as_of_now() -> None:
    """With one lead at a time the work goes round; best_skill always takes the first seat."""
    line = fs.Scenario.from_dict({
        "horizon": "11 h",
        "sources": {"web": {"every": "2 h"}},
        "teams": {"desk": {"headcount": 3, "queue": "fifo", "routing": "best_skill", "skill": [2, 1, 0]}},
        "stages": {"serve": {"team": "desk", "effort": "1 h"}},
    })  # fmt: skip
    assert run(line).replicates[0].visits.rep.tolist() == [0, 0, 0, 0, 0]
    assert run(line, Rested()).replicates[0].visits.rep.tolist() == [2, 1, 0, 2, 1]


class Looks(fs.QueueRule):
    """Compares what it is shown with what can be known."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.owned = 0

    def key(self, work: WorkView, rep: RepView, now: float) -> float:
        lead = work.lead
        assert rep.idle
        assert rep.team == ("inside" if work.stage == "qualify" else "field")
        assert work.owner is None or work.owner.seat == rep.seat
        self.kinds.add(work.stage)
        assert lead.segment in ("small", "large")
        assert lead.territory in ("east", "west")
        assert lead.is_customer == (work.stage == "care") == isinstance(lead, CustomerView)
        assert lead.origin == "new"
        assert lead.created <= work.ready <= now
        if isinstance(lead, CustomerView):
            assert 0 <= lead.health <= 1
        else:
            assert lead.source in ("web", "calls")
        if work.owner is not None:
            self.owned += 1
            assert work.owner.idle
            assert work.owner.load >= 0
            assert work.owner.tenure >= 0
            assert work.owner.speed == 1
        return work.ready


def test_rules_are_shown_what_waits() -> None:
    looks = Looks()
    assert_same(run(line()), run(line(), looks))
    assert looks.kinds == {"qualify", "demo", "care"}
    assert looks.owned > 0


class Ends(fs.Observer):
    """Values of leads by row."""

    def __init__(self) -> None:
        self.seen: dict[int, tuple[Any, ...]] = {}

    def ended(self, event: Event) -> None:
        lead = event.lead
        self.seen[lead.row] = (lead.number, lead.value, lead.score, lead.created, event.time, event.outcome)


def test_observers_are_shown_what_the_records_say() -> None:
    ends = Ends()
    result = run(line(), ends)
    leads = result.replicates[0].leads
    assert len(ends.seen) == (leads.ended >= 0).sum()
    for row, (number, value, score, created, time, outcome) in ends.seen.items():
        assert (number, round(value * 100), score) == (leads.number[row], leads.value[row], leads.score[row])
        assert (created, time) == (leads.created[row] / 3.6e9, leads.ended[row] / 3.6e9)
        assert outcome == result.model.outcome_names[leads.outcome[row]]


# --- refusals ---


class Gives(fs.QueueRule):
    """Gives the same whatever it is asked."""

    def __init__(self, what: Any) -> None:
        self.what = what

    def key(self, work: WorkView, rep: RepView, now: float) -> Any:
        return self.what


@pytest.mark.parametrize("what", [float("nan"), None, "soon", (1.0, float("nan"))])
def test_a_key_must_be_a_number(what: Any) -> None:
    with pytest.raises(FunnelsimError, match=r"Gives\.key must give a number"):
        run(line(), Gives(what))


@pytest.mark.parametrize("rule", ["fifoo", "random"])
def test_only_rules_with_a_key_can_be_asked(rule: str) -> None:
    with pytest.raises(FunnelsimError, match="no key of a queue rule"):
        run(line(), Restated(rule))


def test_unknown_teams_are_named_with_the_nearest() -> None:
    with pytest.raises(FunnelsimError, match=r"Restated\.teams: unknown team 'fieldd'; did you mean 'field'"):
        run(line(), Restated("fifo", ["fieldd"]))


def test_a_team_has_one_rule_of_a_kind() -> None:
    with pytest.raises(FunnelsimError, match="one QueueRule for a team, but Restated and Gives hold for field"):
        run(line(), Restated("fifo", ["field"]), Gives(1.0))


def test_a_class_is_no_hook() -> None:
    with pytest.raises(
        FunnelsimError,
        match=r"`hooks\[0\]` must be a Hook, found the class Log; give one of its instances, such as Log\(...\)",
    ):
        run(line(), Log)


def test_observers_need_this_process() -> None:
    with pytest.raises(FunnelsimError, match="workers=1"):
        run(line(), Log(), workers=2)


def test_another_engine_is_not_what_runs_hooks() -> None:
    result = run(line(), Restated("fifo"), engine="compiled")
    assert result.engine == "simpy"
    assert "hooks are Python, so this ran on simpy instead of compiled" in result.warnings
    assert not any("hooks" in warning for warning in run(line(), Restated("fifo"), engine="simpy").warnings)
    with pytest.raises(FunnelsimError, match="no engine 'simpi'"):
        run(line(), Restated("fifo"), engine="simpi")


# --- the page and the example ---


def test_the_page_shows_all_that_can_be_read() -> None:
    text = (EXAMPLE.parents[1] / "docs" / "extending.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^\| `(work|lead|rep|event)` \| (.*) \|$", text, flags=re.MULTILINE))
    every = {"work": [WorkView], "lead": [LeadView, CustomerView], "rep": [RepView], "event": [Event]}
    for name, views in every.items():
        there = {part for view in views for part in vars(view) if not part.startswith("_")}  # type: ignore[attr-defined]
        said = set(re.findall(r"`([a-z_]+)(?:\(rule\))?`", shown[name]))
        assert said - {"care", "renewal", "complaint"} == there


def test_the_rules_on_the_page_run() -> None:
    text = (EXAMPLE.parents[1] / "docs" / "extending.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"fs": fs}
    for block in re.findall(r"```python\n(class .*?)```", text, flags=re.DOTALL):
        exec(block.replace("90 * 24", "5 * 24"), names)
    scene = line()
    own = names["NobodyWaitsLong"]()
    own.teams = ("field",)
    late = names["WonLate"]()
    result = run(scene, own, names["Rested"](), late)
    leads = result.replicates[0].leads
    took = (leads.ended - leads.created)[leads.outcome == result.model.outcome_names.index("won")]
    assert len(late.late) == (took > 5 * 24 * 3.6e9).sum() > 0
    assert differ(run(scene), result)


def test_the_example_does_what_it_says() -> None:
    """Nobody waits for months any more, nearly everybody for days."""
    spec = importlib.util.spec_from_file_location("own_queue_rule", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    usual, own = example.compare(replications=1, horizon="5 mo").values()
    assert own["longest wait, d"] < 30 < 60 < usual["longest wait, d"]
    assert own["waited over 2 d"] > 0.7 > 0.5 > usual["waited over 2 d"]
