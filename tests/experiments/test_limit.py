"""Naming the limit from evidence and trials, and which trials may still change the name."""

from __future__ import annotations

import pytest

from funnelsim.experiments.comparison.judging import Finding
from funnelsim.experiments.diagnosis import limit
from funnelsim.experiments.diagnosis.candidates import LEADS
from funnelsim.experiments.diagnosis.limit import Certainty
from funnelsim.experiments.diagnosis.throughput import Trial
from funnelsim.experiments.statistics.paired import Difference, Verdict
from funnelsim.results.estimates import Estimate
from funnelsim.results.limiting import Evidence


def trial(name: str, share: float, verdict: Verdict = Verdict.OPEN, half: float = 0.2) -> Trial:
    """A change that brings so much of 10 leads a month, known to within ``half``."""
    base, mean = Estimate(10.0, 9.0, 11.0, "leads/month"), 10.0 * share
    apart = Difference(mean, 0.5, 5, 10.0, "leads/month")
    return Trial(
        name, {}, Finding(name, "through", base, base, apart, mean - half, mean + half, 0.1, verdict), None, 0.0
    )


def evidence(team: str, load: float, limits: bool = False) -> Evidence:
    other = Estimate(0.0, 0.0, 0.0, "")
    loaded = Estimate(load, load - 0.05, load + 0.05, "share")
    return Evidence(team, team, loaded, other, other, other, other, other, grows=limits, limits=limits)


MORE = Verdict.MORE
SEEN = (evidence("sellers", 0.97), evidence("callers", 0.5))


@pytest.mark.parametrize(
    ("sellers", "callers", "leads", "names", "certainty"),
    [
        (trial("s", 0.1, MORE), trial("c", 0.0), trial("l", 0.0), ("sellers",), Certainty.CLEAR),
        (trial("s", 0.1, MORE), trial("c", 0.0), trial("l", 0.06, MORE), ("sellers", LEADS), Certainty.CLEAR),
        (trial("s", 0.0), trial("c", 0.1, MORE), trial("l", 0.0), ("sellers",), Certainty.BARELY),
        (trial("s", 0.0), trial("c", 0.1, MORE), trial("l", 0.06, MORE), (LEADS,), Certainty.CLEAR),
    ],
    ids=["a team", "a team and demand", "only just", "demand, though callers make leads in hours to spare"],
)  # fmt: skip
def test_name(sellers: Trial, callers: Trial, leads: Trial, names: tuple[str, ...], certainty: Certainty) -> None:
    found = limit.name(SEEN, {"sellers": sellers, "callers": callers}, leads)
    assert (found.names, found.certainty) == (names, certainty)


@pytest.mark.parametrize(
    ("sellers", "callers", "leads", "going"),
    [
        (trial("s", 0.1), trial("c", 0.1), trial("l", 0.02), ["s", "l"]),
        (trial("s", 0.1, MORE), trial("c", 0.1), trial("l", 0.02), []),
        (trial("s", 0.1, MORE), trial("c", 0.1), trial("l", 0.04), ["l"]),
        (trial("s", 0.005), trial("c", 0.1), trial("l", -0.02), []),
        (trial("s", 0.0, Verdict.SAME), trial("c", 0.1), trial("l", 0.06, MORE), []),
        (trial("s", 0.1, MORE, half=0.9), trial("c", 0.1, MORE, half=0.9), trial("l", 0.0), ["s"]),
    ],
    ids=[
        "who has hours to spare stops",
        "demand may not be beside the team",
        "it may",
        "no gains",
        "all is known",
        "the limit's own gain is vague",
    ],
)
def test_undecided(sellers: Trial, callers: Trial, leads: Trial, going: list[str]) -> None:
    assert limit.undecided(SEEN, {"sellers": sellers, "callers": callers}, leads) == going


def test_a_team_whose_queue_grows_goes_on_whatever_its_load() -> None:
    seen = (evidence("sellers", 0.6, limits=True),)
    assert limit.undecided(seen, {"sellers": trial("s", 0.1)}, None) == ["s"]
