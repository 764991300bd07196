"""What a study predicted, and whether it holds, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.experiments.comparison.verify import at_in_words
from funnelsim.text import printed

from ..words import clauses, counted, say
from .comparison import verdict

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.verify import Foretold, Verification
    from funnelsim.scenario.study.spec import Prediction


def held(verification: Verification) -> str:
    """How many predictions hold, in one sentence."""
    found = [each.holds for each in verification.predictions]
    parts = [say("prediction.held", held=found.count(True), number=len(found))]
    if False in found:
        parts.append(counted("prediction.failed", found.count(False)))
    if None in found:
        parts.append(counted("prediction.undecided", found.count(None)))
    return say("prediction.all", parts=clauses(parts))


def asked(prediction: Prediction) -> str:
    """A KPI, and what is expected of it; where the answer turns, that is said."""
    key = "prediction.asked.flip" if prediction.flip else "prediction.asked"
    return say(key, kpi=prediction.kpi, expect=say(f"prediction.{prediction.expect}"))


def expected(foretold: Foretold) -> str:
    """What was expected, in words."""
    each = foretold.prediction
    expect = say(f"prediction.{each.expect}")
    if not each.at:
        return say("prediction.expected", arm=each.arm, against=each.against, kpi=each.kpi, expect=expect)
    at = at_in_words(each.at)
    return say("prediction.expected_at", arm=each.arm, against=each.against, at=at, kpi=each.kpi, expect=expect)


def outcome(foretold: Foretold) -> str:
    """Whether it holds, in words."""
    if foretold.holds is None:
        return say("prediction.open")
    return say("prediction.holds" if foretold.holds else "prediction.fails")


def remark(foretold: Foretold) -> str:
    """What the outcome alone does not say; empty where it says all."""
    if foretold.holds is False:
        return verdict(foretold.sign or foretold.found)
    return say("prediction.small") if foretold.small else ""


def concluded(foretold: Foretold) -> str:
    """Whether it holds, with the remark on it."""
    said, more = outcome(foretold), remark(foretold)
    return say("prediction.remarked", outcome=said, remark=more) if more else said


def words(foretold: Foretold) -> str:
    """A prediction, whether it holds, and the figures."""
    said = {"expected": expected(foretold), "outcome": outcome(foretold)}
    if foretold.shares is None or foretold.share is None:
        return say("prediction.known", **said, found=verdict(foretold.found))
    share, low, high = (printed(each, "+z.1%") for each in (foretold.share, *foretold.shares))
    but = remark(foretold)
    figures = {"share": share, "low": low, "high": high}
    if but:
        return say("prediction.figures_but", **said, **figures, remark=but)
    return say("prediction.figures", **said, **figures)
