"""Random valid scenarios keep the laws.

The slow suite has ten thousand: ``pytest -m slow tests/random_scenarios``. The same by hand, with the smallest
scenario of each kind of failure printed: ``PYTHONPATH=src:tests python -m random_scenarios 0 10000``.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings

from .documents import as_yaml, document, documents
from .laws import COMPARISONS, hold
from .luck import seeded

CHUNK = 100


def run_chunk(first: int, count: int) -> int:
    """Hold the scenarios of some seeds to the laws; how many the language accepted."""
    accepted = 0
    for seed in range(first, first + count):
        made = document(seeded(seed))
        try:
            accepted += hold(made, seed)
        except Exception as error:
            error.add_note(f"seed {seed}, comparison {seed % len(COMPARISONS)}:\n{as_yaml(made)}")
            raise
    return accepted


@pytest.mark.parametrize("first", range(0, 48, 12))
def test_some_scenarios_keep_the_laws(first: int) -> None:
    assert run_chunk(20_000 + first, 12) >= 8


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(documents())
def test_scenarios_that_shrink_keep_the_laws(made: dict[str, object]) -> None:
    """As above, by hypothesis: a failure is shown as its smallest scenario."""
    assume(hold(made, 0))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 10_000, CHUNK))
def test_many_scenarios_keep_the_laws(first: int) -> None:
    assert run_chunk(first, CHUNK) >= 0.8 * CHUNK
