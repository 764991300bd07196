"""What a phase cannot change, and what would shape arrivals in vain, is refused, with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from funnelsim import Scenario
from funnelsim.errors import ScenarioError

BASE: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-01",
    "horizon": "12 mo",
    "calendars": {"office": {"days": "mon-fri", "hours": "09:00-17:00"}},
    "segments": {"small": {"value": 100}},
    "sources": {
        "web": {"rate": "5 / d"},
        "mail": {"every": "2 d"},
        "fair": {"bursts": [{"at": "2026-02-01", "leads": 5}]},
        "dial": {"team": "reps", "effort": "1 h", "yield": 0.1},
    },
    "teams": {"reps": {"headcount": 2, "queue": "fifo"}},
    "stages": {"sell": {"team": "reps", "effort": "1 h"}},
}


def refusal(**more: Any) -> str:
    """Why a scenario is refused."""
    with pytest.raises(ScenarioError) as error:
        Scenario.from_dict({**BASE, **more})
    return str(error.value)


def phased(**change: Any) -> str:
    """Why a change in a phase from July to October is refused."""
    return refusal(phases=[{"from": "2026-07-01", "to": "2026-10-01", "change": change}])


def test_the_tenure_of_a_new_team_says_nothing() -> None:
    message = phased(**{"teams.new": {"queue": "fifo", "ramp": [0.5, 1], "tenure": "0 d"}})
    assert "teams.new.tenure: `tenure` does nothing here: it is how long those of the start" in message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"horizon": "2 y"}, "`horizon` holds for the whole run"),
        ({"warmup": "1 mo"}, "`warmup` holds for the whole run"),
        ({"start": "2026-01-02"}, "`start` holds for the whole run"),
        ({"name": "other"}, "`name` holds for the whole run"),
        ({"description": "other"}, "`description` holds for the whole run"),
        ({"currency": "EUR"}, "`currency` holds for the whole run"),
        ({"revenue": "one_off"}, "`revenue` holds for the whole run"),
        ({"milestones": {"mql": "sell"}}, "`milestones` holds for the whole run"),
        ({"milestones.mql": "sell"}, "`milestones` holds for the whole run"),
        ({"opening": {"customers": 5}}, "`bursts` of a source"),
        ({"opening.customers": 5}, "`bursts` of a source"),
        ({"sources.web.key": "net"}, "the `key` of a source"),
        ({"stages.sell.label": "Sale"}, "`label` does nothing here"),
        ({"stages": {"sell": {"key": "sale"}}}, "the `key` of a stage"),
        ({"teams.reps.label": "Field"}, "`label` does nothing here"),
        ({"segments.small.label": "Small"}, "`label` does nothing here"),
        ({"sources.other": {"rate": "1 / d"}}, "cannot add or remove sources, found other"),
        ({"stages.close": {"convert": 0.5}}, "cannot add or remove stages, found close"),
        ({"sources.web": {"rate": None, "every": "1 d"}}, "found rate before and every in the phase"),
        ({"sources.mail": {"every": None, "rate": "1 / d"}}, "found every before and rate in the phase"),
        ({"sources.fair.every": "1 d"}, "found bursts before and every in the phase"),
        ({"sources.fair.bursts": [{"at": "2026-02-10", "leads": 3}]}, "the burst of 2026-02-10 begins outside"),
        ({"sources.fair.bursts": [{"at": "2 d", "leads": 3}]}, "the burst of 2 d after the start begins outside"),
        ({"sources.fair.bursts": [{"at": "2026-10-01", "leads": 3}]}, "begins outside of its phase"),
        ({"phases.0.to": "2026-09-01"}, "a phase cannot change phases"),
    ],
)
def test_what_a_phase_cannot_change(change: dict[str, Any], words: str) -> None:
    message = phased(**change)
    assert words in message
    assert message.startswith(f"phases.0.change.{next(iter(change))}: ")


def test_levers_of_a_phase_are_named_where_they_stand(tmp_path: Any) -> None:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "money.yaml").write_text("lever: money\nchange: {currency: EUR}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"^phases\.0\.levers: `currency` holds for the whole run"):
        Scenario.from_dict({**BASE, "phases": [{"from": "2026-07-01", "levers": ["money"]}]}, tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"sources.fair.bursts": [{"at": "2026-07-01", "leads": 3}]},
        {"sources.fair.bursts": [{"at": "2026-02-01", "leads": 5}, {"at": "2026-09-30", "leads": 3}]},
        {"sources.fair.bursts": [{"at": "200 d", "leads": 3}]},
        {"sources.fair": {"rate": "2 / d", "growth": 0.5}},
        {"horizon": "12 mo"},
        {"territories": {"east": 1}},
    ],
)
def test_what_a_phase_may_change(change: dict[str, Any]) -> None:
    assert len(Scenario.from_dict({**BASE, "phases": [{"from": "2026-07-01", "change": change}]}).periods) == 2


def test_some_segment_has_a_share() -> None:
    assert "no segment has a `share` above 0" in refusal(segments={"small": {"share": 0}})
    assert "no segment has a `share` above 0" in phased(**{"segments.small.share": 0})


SHAPES: dict[str, Any] = {
    "calendar": "office",
    "pattern": {"hour": {"9-17": 2}},
    "growth": 0.1,
    "dispersion": 2.0,
    "batch": 2,
}


@pytest.mark.parametrize("key", SHAPES)
@pytest.mark.parametrize("source", ["fair", "dial"])
def test_what_shapes_arrivals_in_vain(source: str, key: str) -> None:
    message = refusal(sources={source: {**BASE["sources"][source], key: SHAPES[key]}})
    assert message.startswith(f"sources.{source}: `{key}` has no effect ")
    assert ("contacts are made" if source == "dial" else "bursts alone") in message


def test_every_has_no_dispersion() -> None:
    assert "`dispersion` has no effect with `every`" in refusal(
        sources={"mail": {"every": "2 d", "dispersion": 2}}
    )


def test_neutral_values_may_be_written() -> None:
    neutral = {"calendar": "always", "growth": 0, "dispersion": 1, "batch": 1, "pattern": {}}
    Scenario.from_dict({**BASE, "sources": {"dial": {**BASE["sources"]["dial"], **neutral}}})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"rate": "20 / bd"}, "needs the source's `calendar`"),
        ({"rate": "5 / open h", "calendar": "always"}, "needs the source's `calendar`"),
        ({"rate": "5 / open d"}, "unknown unit 'open d'"),
    ],
)
def test_rates_by_the_calendar_need_one(source: dict[str, Any], words: str) -> None:
    assert words in refusal(sources={"web": source})


def test_other_rates_have_no_open_hours() -> None:
    assert "only the rate of a source" in refusal(customers={"churn": "1 / bd"})
    assert "only the rate of a source" in refusal(customers={"churn": "1 / open h"})


def test_rates_by_the_calendar_are_changed_in_their_unit() -> None:
    made = {**BASE, "sources": {"web": {"rate": "5 / open h", "calendar": "office"}}}
    scenario = Scenario.from_dict(made)
    twice = scenario.change({"sources.web.rate": {"multiply": 2}})
    assert twice.document["sources"]["web"]["rate"] == "10 / open h"
    more = scenario.change({"sources.web.rate": {"add": "1 / open h"}})
    assert more.document["sources"]["web"]["rate"] == "6 / open h"
    with pytest.raises(ScenarioError, match="cannot be mixed"):
        scenario.change({"sources.web.rate": {"add": "1 / h"}})
