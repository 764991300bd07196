"""What a calibration read, estimated, guessed, and how near the scenario comes to what was observed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from funnelsim.calibration.fitting.numbers import shown

from ...words import listed, numbers, say

if TYPE_CHECKING:
    from funnelsim.calibration.fitting.distance import Row
    from funnelsim.calibration.fitting.fit import Fit
    from funnelsim.calibration.fitting.numbers import Number
    from funnelsim.calibration.history import History

GRAVE = 0.15
"""A simulated figure so far off the observed one is pointed at."""

LONGEST = 40
"""Signs of a value that are shown."""

COLUMNS = ("path", "value", "interval", "cases", "known", "method")


def read_of(history: History) -> str:
    """What was read."""
    return say(
        "calibrate.read",
        visits=f"{len(history.visits):,}",
        deals=f"{len(history.deals):,}",
        files=listed(list(history.files)),
        first=numbers.date(history.date(history.start)),
        last=numbers.date(history.date(history.as_of)),
    )


def evidence(history: History) -> str:
    """What is recorded, and so what can be known."""
    return say("calibrate.evidence", level=history.level, what=say(f"calibrate.level.{history.level}"))


def guesses(fit: Fit) -> str:
    """Which numbers are guesses, by name."""
    paths = [number.dotted for number in fit.numbers if number.known == "default"]
    if not paths:
        return say("calibrate.no_guesses")
    return say(
        "calibrate.guesses.one" if len(paths) == 1 else "calibrate.guesses.many",
        count=len(paths),
        paths=listed(paths),
    )


def sentences(fit: Fit) -> Iterator[str]:
    """What was read, what is a guess, and how near the scenario comes to what was observed."""
    yield read_of(fit.history)
    yield evidence(fit.history)
    yield guesses(fit)
    yield from checked(fit)


def told(number: Number) -> bool:
    """Whether a number stands in the table; which team works a stage, and what every file has, does not."""
    return len(number.path) > 1 and bool(number.method) and number.path[-1] != "team"


def row(number: Number) -> tuple[str, ...]:
    """A number as a row of the table."""
    value = text(number.written)
    interval = ""
    if number.low is not None and number.high is not None:
        low, high = (shown(end, number.low, number.high) for end in (number.low, number.high))
        unit = f" {number.unit}" if number.unit else ""
        interval = say("number.span", low=low, high=high) + unit
    cases = f"{number.n:,}" if number.n else ""
    known = say(f"calibrate.known.{number.known}")
    return number.dotted, value, interval, cases, known, number.method


def text(written: object) -> str:
    """A value on one line."""
    if isinstance(written, dict):
        inner = ", ".join(f"{key}: {text(value)}" for key, value in written.items())
        return cut(f"{{{inner}}}")
    if isinstance(written, list | tuple):
        return cut(f"[{', '.join(text(each) for each in written)}]")
    return str(written)


def cut(shown: str) -> str:
    """A text of at most `LONGEST` signs."""
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3]}..."


def checked(fit: Fit) -> list[str]:
    """Whether the scenario does what was observed: one sentence, and those figures that are far off."""
    rows = fit.distance
    if not rows:
        return [say("calibrate.check.nothing")]
    far = [each for each in rows if abs(each.off) > GRAVE]
    if not far:
        most = max(abs(each.off) for each in rows)
        return [say("calibrate.check.near", share=numbers.percent(most))]
    return [say("calibrate.check.far", what=listed([named(each) for each in far]), share=numbers.percent(GRAVE))]


def named(each: Row) -> str:
    """What a row of the check is about."""
    return say(f"calibrate.check.{each.what}", stage=each.stage)


def _days(days: float) -> str:
    return numbers.duration(24 * days)


_WRITTEN: Mapping[str, Callable[[float], str]] = {
    "time_in_stage": _days,
    "wait": _days,
    "convert": numbers.percent,
}


def check_row(each: Row) -> tuple[str, str, str, str]:
    """A row of the check as cells."""
    written = _WRITTEN.get(each.what, numbers.amount)
    observed, simulated = (written(value) for value in (each.observed, each.simulated))
    return named(each), observed, simulated, numbers.with_sign(each.off, numbers.percent(abs(each.off)))
