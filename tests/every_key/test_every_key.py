"""Every key of the language, in every place where it is accepted, acts or is refused there, with the reason."""

from __future__ import annotations

import pytest

from .expected import expected
from .samples import IN_FILES, SAMPLES
from .verdicts import Pair, pairs, verdict
from .walk import keys


def test_every_key_has_a_sample() -> None:
    """A key added to the language is given a value in `samples`, so that it is tried below."""
    names = {key.name for key in keys()}
    assert names - set(SAMPLES) - set(IN_FILES) == set(), "give these keys a value in samples.py"
    assert (set(SAMPLES) | set(IN_FILES)) - names == set(), "these keys are no longer in the language"


@pytest.mark.parametrize("pair", pairs(), ids=str)
def test_key(pair: Pair) -> None:
    found = verdict(pair)
    assert found.word == expected(pair), found.said
    if found.word == "refused":
        assert len(found.said) > 20
