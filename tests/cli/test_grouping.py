"""Groups of options: each field is an option of its own, and the command gets them back as one object."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from funnelsim.cli.grouping import grouped


@dataclass(frozen=True)
class Named:
    name: Annotated[str, typer.Argument()]
    times: Annotated[int, typer.Option("--times", "-n")] = 1


@dataclass(frozen=True)
class Loud(Named):
    loud: Annotated[bool, typer.Option()] = False


def greet(who: Loud, greeting: str = "hello") -> None:
    """Greet."""
    typer.echo(" ".join([greeting] * who.times + [who.name.upper() if who.loud else who.name]))


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer(pretty_exceptions_enable=False)
    made.command()(grouped(greet))
    return made


def test_fields_become_options_in_their_order() -> None:
    called = grouped(greet)
    assert list(inspect.signature(called).parameters) == ["name", "times", "loud", "greeting", "lang"]
    assert called.__doc__ == "Greet."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["you"], "hello you"),
        (["you", "-n", "2", "--loud"], "hello hello YOU"),
        (["--greeting", "bye", "you"], "bye you"),
    ],
)
def test_the_command_gets_its_objects(app: typer.Typer, typed: list[str], said: str) -> None:
    done = CliRunner().invoke(app, typed)
    assert (done.exit_code, done.output.strip()) == (0, said)


def test_what_is_missing_or_wrong_is_told_as_by_any_command(app: typer.Typer) -> None:
    assert CliRunner().invoke(app, []).exit_code == 2
    assert CliRunner().invoke(app, ["you", "--times", "often"]).exit_code == 2
