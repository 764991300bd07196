"""Shares of segments, of which one cannot be another without the rest giving way.

A scenario writes weights, which are divided by their sum. Where they add up to 1 they are shares, and a range of
one of them is a range of the share: at its end the others keep their proportions to each other. Twice a weight is
twice the odds of its share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from funnelsim.scenario.changing.known import are_shares
from funnelsim.scenario.forms.base import Form, Names
from funnelsim.scenario.language.evidence import Record


def is_said(weights: Mapping[str, float], path: str, records: Mapping[str, Record]) -> bool:
    """Whether a weight tells more than others before it: a single one tells nothing, of two one tells both."""
    name = path.split(".")[1]
    if len(weights) > 2:
        return True
    ranged = [each for each in weights if (own := records.get(f"segments.{each}.share")) and own.range is not None]
    return len(weights) == 2 and name == [*ranged, *weights][0]


def ends_of(
    weights: Mapping[str, float], path: str, record: Record | None, form: Form[Any], names: Names
) -> tuple[tuple[str, str], tuple[Any, Any]] | None:
    """The two ends of a share as they are shown, and the weights that make them; None where they are no shares."""
    own = weights[path.split(".")[1]]
    rest = sum(weights.values()) - own
    if not are_shares(weights) or rest <= 0 or own <= 0:
        return None
    if record is None or record.range is None:
        shares = [own * odds / (own * odds + rest) for odds in (0.5, 2.0)]
    else:
        shares = [float(form.read(end, names)) for end in record.range]
    # an end at 1 leaves nothing for the others, which no finite weight does
    made = [share * rest / (1 - share) if share < 1 else math.inf for share in shares]
    return (f"{shares[0]:.3g}", f"{shares[1]:.3g}"), (made[0], made[1])
