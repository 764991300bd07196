"""Every result finds what shows it, in the one register."""

from __future__ import annotations

import inspect

import pytest

import funnelsim as fs
from funnelsim.experiments.warmup import WarmUp
from funnelsim.results.shown import Pictured, Told
from funnelsim.views import REGISTER, registered

RESULTS = [each for name in fs.__all__ if inspect.isclass(each := getattr(fs, name)) and hasattr(each, "to_json")]
PICTURED = [*RESULTS, WarmUp]
PICTURED.remove(fs.Verification)
PICTURED.remove(fs.Tuned)
PICTURED.remove(fs.Guesses)  # whose picture is that of its tornado


def test_all_results_have_one_base() -> None:
    assert all(issubclass(each, Told) for each in RESULTS)
    assert all(issubclass(each, Pictured) for each in PICTURED)


def test_the_register_names_results_and_nothing_else() -> None:
    assert set(REGISTER["plot"]) == {each.__name__ for each in PICTURED}
    assert set(REGISTER["words"]) - {"Foretold", "Tuned", "Verification"} < set(REGISTER["plot"])


@pytest.mark.parametrize("kind", REGISTER)
def test_what_is_registered_is_there(kind: str) -> None:
    for result in PICTURED:
        if result.__name__ in REGISTER[kind]:
            assert registered(kind, result)


def test_a_class_made_of_a_result_is_shown_as_it() -> None:
    own = type("Own", (fs.Result,), {})
    assert registered("plot", own) is registered("plot", fs.Result)
