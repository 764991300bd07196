"""Changes: fragments laid over a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelsim.errors import Problem, ScenarioError
from funnelsim.scenario import Scenario, load
from funnelsim.scenario.forms.quantities import HOUR, ByKind, Duration, Rate, constant

HERE = Path(__file__).parent
REFERENCE = load(HERE / "reference.yaml")

TEXT = """
horizon: 1 y
segments: {small: {share: 0.7, value: 1_000}, large: {share: 0.3, value: 9_000}}
territories: {east: 0.5, west: 0.5}
sources: {web: {rate: 10 / d}}
teams:
  inside: {headcount: {2026-01-01: 4, 2026-07-01: 6}, queue: fifo}
  field: {headcount: 3, queue: {fifo: 0.5, lifo: 0.5}}
stages:
  qualify: {team: inside, effort: {small: 10 min, else: 30 min}, convert: 0.4}
  sell:
    team: field
    effort: {dist: gamma, mean: 2 h, cv: 0.5}
    decision: {advanced: 5 d, lost: {dist: lognormal, median: 9 d, sigma: 0.6}}
    handoff: {large: {delay: 2 d, keeps: 0.9}, else: {delay: 1 d}}
    otherwise: {price: 0.6, rival: 0.4}
    convert: {large: 0.2, else: 0.4}
"""
SMALL = Scenario.from_text(TEXT)


def part(scenario: Scenario, path: str) -> Any:
    """The value at a path of a scenario's document."""
    value: Any = scenario.document
    for key in path.split("."):
        value = value[key]
    return value


def changed(path: str, value: Any, look: str | None = None) -> Any:
    """What stands at ``look`` (default: ``path``) after a change at ``path``; no warnings."""
    after = SMALL.change({path: value})
    assert after.warnings == SMALL.warnings
    return part(after, look or path)


# --- replace, merge, remove


def test_mappings_merge_and_values_replace() -> None:
    after = SMALL.change({"stages": {"sell": {"effort": "3 h"}}})
    assert part(after, "stages.sell.effort") == "3 h"
    assert part(after, "stages.sell.team") == "field"
    assert after.spec.stages["sell"].effort == ByKind(constant(3.0 * HOUR, "us"))


def test_null_removes() -> None:
    after = SMALL.change({"stages.sell.handoff": None})
    assert "handoff" not in part(after, "stages.sell")
    assert after.spec.stages["sell"].handoff.other.keeps == 1.0


def test_null_that_finds_nothing_warns_with_the_path() -> None:
    assert any("stages.sell.patience" in text for text in SMALL.change({"stages.sell.patience": None}).warnings)


def test_set_replaces_a_mapping_whole() -> None:
    assert changed("stages.sell.otherwise", {"set": {"lost": 1}}) == {"lost": 1}
    merged = SMALL.change({"stages.sell.otherwise": {"lost": 1}})
    assert part(merged, "stages.sell.otherwise") == {"price": 0.6, "rival": 0.4, "lost": 1}
    assert any("add up to 2" in text for text in merged.warnings)
    assert changed("stages.sell.otherwise", {"rival": None}) == {"price": 0.6}


def test_a_distribution_is_one_value() -> None:
    new = {"dist": "exponential", "mean": "3 h"}
    assert changed("stages.sell.effort", new) == new


def test_the_original_is_untouched() -> None:
    before = SMALL.document
    SMALL.change({"stages.sell.effort": {"multiply": 3}, "teams.field.headcount": 9})
    assert SMALL.document == before


# --- add and multiply


def test_multiply_scales_distributions_but_not_their_shape() -> None:
    assert changed("stages.sell.effort", {"multiply": 0.5}) == {"dist": "gamma", "mean": "1 h", "cv": 0.5}
    assert changed("stages.sell.decision", {"multiply": 2}) == {
        "advanced": "10 d",
        "lost": {"dist": "lognormal", "median": "18 d", "sigma": 0.6},
    }


def test_multiply_reaches_every_kind_and_every_date() -> None:
    assert changed("stages.qualify.effort", {"multiply": 2}) == {"small": "20 min", "else": "60 min"}
    assert changed("teams.inside.headcount", {"add": 2}) == {"2026-01-01": 6, "2026-07-01": 8}
    assert changed("stages.sell.handoff.delay", {"multiply": 2}, "stages.sell.handoff") == {
        "large": {"delay": "4 d", "keeps": 0.9},
        "else": {"delay": "2 d"},
    }


def test_add_converts_units() -> None:
    assert changed("stages.sell.decision.advanced", {"add": "12 h"}) == "5.5 d"
    assert changed("sources.web.rate", {"add": "1 / h"}) == "34 / d"


def test_add_to_a_distribution_shifts_it() -> None:
    after = SMALL.change({"stages.sell.effort": {"add": "15 min"}})
    assert after.spec.stages["sell"].effort.other.shift == HOUR / 4
    again = after.change({"stages.sell.effort": {"multiply": 2}})
    assert again.spec.stages["sell"].effort.other.shift == HOUR / 2


def test_multiply_of_other_distributions_sets_their_scale() -> None:
    skewed = SMALL.change({"stages.sell.effort": {"dist": "empirical", "values": ["1 h", "2 h"]}})
    assert skewed.change({"stages.sell.effort": {"multiply": 0.5}}).spec.stages["sell"].effort.other.scale == 0.5


def test_adding_to_a_default_starts_from_the_default() -> None:
    assert SMALL.change({"stages.sell.touches": {"add": 2}}).spec.stages["sell"].touches == ByKind(constant(3.0))
    assert SMALL.change({"teams.field.switching": {"add": 0.1}}).spec.teams["field"].switching == 0.1
    with pytest.raises(
        ScenarioError, match=r"stages\.sell\.gap: no value is given there, and \{multiply: 2\} leaves"
    ):
        SMALL.change({"stages.sell.gap": {"multiply": 2}})


def test_what_is_no_number_cannot_be_multiplied() -> None:
    with pytest.raises(ScenarioError, match=r"stages.sell.team: there is no number to multiply in 'field'"):
        SMALL.change({"stages.sell.team": {"multiply": 2}})
    with pytest.raises(ScenarioError, match="business days and elapsed time cannot be mixed"):
        SMALL.change({"stages.sell.decision.advanced": {"add": "1 bd"}})


@given(st.floats(0.1, 10), st.floats(0.1, 10))
def test_multiplying_twice_is_multiplying_once_by_both(first: float, second: float) -> None:
    path = "stages.sell.effort"
    twice = SMALL.change({path: {"multiply": first}}).change({path: {"multiply": second}})
    once = SMALL.change({path: {"multiply": first * second}})
    left, right = (one.spec.stages["sell"].effort.other.parameters for one in (twice, once))
    assert left["mean"] == pytest.approx(right["mean"], rel=1e-12)
    assert left["cv"] == right["cv"] == 0.5


# --- paths, stars, kinds


def test_star_means_every_name_that_has_the_rest() -> None:
    after = SMALL.change({"stages.*.handoff.keeps": 0.5, "stages.*.convert": {"multiply": 0.5}})
    assert part(after, "stages.sell.handoff") == {
        "large": {"delay": "2 d", "keeps": 0.5},
        "else": {"delay": "1 d", "keeps": 0.5},
    }
    assert "handoff" not in part(after, "stages.qualify")
    assert part(after, "stages.qualify.convert") == 0.2


def test_star_works_in_nested_mappings_too() -> None:
    after = SMALL.change({"teams": {"*": {"headcount": {"multiply": 2}}}})
    assert [after.spec.teams[name].headcount.first for name in ("inside", "field")] == [8, 6]


def test_paths_that_find_nothing_are_refused() -> None:
    for path in ("stages.*.patience", "stages.nowhere.effort", "teams.*.wip_limit", "teams.field.wip_limit"):
        with pytest.raises(ScenarioError) as caught:
            SMALL.change({path: {"multiply": 2}})
        assert [one.path for one in caught.value.problems] == [path]


def test_what_is_gone_already_is_said() -> None:
    for path in ("stages.*.patience", "teams.field.wip_limit", "costs.crm"):
        after = SMALL.change({path: None})
        assert any(text.startswith(path) for text in after.warnings), path
        assert after.fingerprint == SMALL.fingerprint


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(ScenarioError, match=r"did you mean stages\.sell\.effort\?"):
        SMALL.change({"stages.sell.efort": "1 h"})


def test_a_map_by_kind_over_one_value_keeps_it_as_else() -> None:
    assert changed("stages.qualify.convert", {"large": 0.6}) == {"large": 0.6, "else": 0.4}
    assert changed("stages.qualify.convert.large", 0.6, "stages.qualify.convert") == {"large": 0.6, "else": 0.4}
    assert changed("stages.*.team", {"east": "field"}, "stages.qualify.team") == {
        "east": "field",
        "else": "inside",
    }


def test_what_is_laid_over_counts_first() -> None:
    once = SMALL.change({"stages.qualify.convert": {"large": 0.6}})
    twice = once.change({"stages.qualify.convert": {"east": 0.1}})
    assert [kind for kind, _ in twice.spec.stages["qualify"].convert.cases] == ["east", "large"]


def test_numbers_inside_a_map_by_kind_change_alone() -> None:
    assert changed("stages.qualify.effort", {"small": {"multiply": 2}}) == {"small": "20 min", "else": "30 min"}
    assert changed("stages.qualify.effort", {"large": {"multiply": 2}}) == {
        "large": "60 min",
        "small": "10 min",
        "else": "30 min",
    }


def test_one_value_over_a_map_by_kind_replaces_it() -> None:
    assert changed("stages.qualify.effort", "20 min") == "20 min"


def test_a_fragment_over_a_map_by_kind_reaches_every_kind() -> None:
    assert changed("stages.sell.handoff", {"keeps": 0.7}) == {
        "large": {"delay": "2 d", "keeps": 0.7},
        "else": {"delay": "1 d", "keeps": 0.7},
    }


def test_dated_steps_over_one_number_keep_it_until_then() -> None:
    after = SMALL.change({"teams.field.headcount": {"2026-05-01": 8}})
    assert [number for _, number in after.spec.teams["field"].headcount.steps] == [3, 8]
    assert after.change({"teams.field.headcount": 2}).spec.teams["field"].headcount.first == 2


def test_short_forms_are_expanded_before_merging() -> None:
    assert changed("teams.field.queue", {"first": {"segment": "large"}}) == {
        "rule": {"fifo": 0.5, "lifo": 0.5},
        "first": [{"segment": "large"}],
    }
    assert changed("teams.field.queue", "fifo") == {"rule": "fifo"}
    after = SMALL.change({"customers.expansion": "0.5 / y"}).change({"customers.expansion": {"value": 2}})
    assert after.spec.customers.expansion.other.rate == Rate(0.5, "y")


def test_list_items_have_numbers_as_paths() -> None:
    limited = SMALL.change({"limits": [{"stages": ["qualify", "sell"], "wip": 40}]})
    assert limited.change({"limits.0.wip": 30}).spec.limits[0].wip == 30


def test_a_new_stage_and_a_removed_one() -> None:
    longer = SMALL.change({"stages": {"close": {"team": "field", "effort": "1 h"}}})
    assert list(longer.spec.stages) == ["qualify", "sell", "close"]
    assert list(longer.change({"stages.sell": None}).spec.stages) == ["qualify", "close"]


def test_refused_in_a_change() -> None:
    for key in ("extends", "levers", "defaults"):
        with pytest.raises(ScenarioError, match="has no place in a change"):
            SMALL.change({key: "x"})


def test_errors_of_a_change_do_not_blame_the_file() -> None:
    with pytest.raises(ScenarioError) as caught:
        REFERENCE.change({"stages.meet.convert": 7})
    assert [(one.file, one.path) for one in caught.value.problems] == [("change", "stages.meet.convert")]


# --- what a scenario keeps


def test_base_stays_what_it_was() -> None:
    after = SMALL.change({"stages.sell.convert": 0.9})
    assert after.base == SMALL.spec
    assert after.spec != after.base


def test_document_reads_back() -> None:
    for scenario in (SMALL, REFERENCE, SMALL.change({"stages.*.effort": {"multiply": 1.5}})):
        assert Scenario.from_dict(scenario.document).spec == scenario.spec


def test_fingerprint_ignores_names_shown_and_ways_of_writing() -> None:
    same = SMALL.change(
        {"stages.sell.label": "Verkauf", "description": "x", "stages.sell.decision.advanced": "120 h"}
    )
    assert same.rename("Other").fingerprint == SMALL.fingerprint
    assert same.rename("Other").name == "Other"
    assert SMALL.change({"stages.sell.convert.large": 0.21}).fingerprint != SMALL.fingerprint
    assert SMALL.change({"horizon": "2 y"}).spec.horizon == Duration(2, "y")


def test_fingerprint_covers_the_base() -> None:
    there_and_back = SMALL.change({"stages.qualify.convert": 0.5})
    written = Scenario.from_text(TEXT.replace("convert: 0.4}\n  sell", "convert: 0.5}\n  sell"))
    assert there_and_back.spec == written.spec
    assert there_and_back.fingerprint != written.fingerprint


PATHS = """
stages stages.sell stages.sell.effort stages.sell.handoff stages.sell.otherwise teams.inside.headcount . .. * *.*
teams.field.queue horizon opening costs phases phases.0.from name stages.* stages.sell.effort.mean territories
stages.sell.handoff.large customers.team stages.sell.books limits.0.wip sources.web.pattern calendars.x.days
""".split()  # noqa: SIM905


@pytest.mark.parametrize(
    "value", [None, 3, "x", [1], {}, {"add": "x"}, {"multiply": None}, {"set": 3}, {"add": []}]
)
@pytest.mark.parametrize("path", ["", *PATHS])
def test_no_change_ends_in_a_traceback(path: str, value: Any) -> None:
    problems = faults({path: value})
    assert all(problem.message for problem in problems)


def faults(change: dict[str, Any]) -> tuple[Problem, ...]:
    """What is wrong with a change."""
    try:
        SMALL.change(change)
    except ScenarioError as error:
        return error.problems
    return ()
