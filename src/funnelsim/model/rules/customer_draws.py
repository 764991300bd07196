"""What is drawn for customers of the start, and for the leads that customers give rise to.

Plain functions of tables and keys, like those of `endowment`.
"""

from __future__ import annotations

from ..numbers.arithmetic import normal_quantile
from ..numbers.distributions import draw, round_us
from ..numbers.draws import EXPANSION_VALUE, QUALITY, REFERRAL_VALUE, SCORE, SEGMENT, TERRITORY, VALUE, uniform
from ..records import EXPANSION, NEW, READY
from ..tables.tables import Tables
from . import rules
from .endowment import HUNDREDTHS, Endowment, has_territories, kind_of

NO_SOURCE = -1


def endow_customer(T: Tables, seed: int, rep: int, hi: int, lo: int) -> tuple[int, int, int, int]:
    """Segment, territory, kind and value of a customer of the start."""
    segments = len(T.segment_value)
    segment = 0
    if segments > 1:
        u = uniform(seed, rep, hi, lo, SEGMENT, 0, 0)
        segment = rules.pick_share(T.customers.segment_upto, 0, segments, u)
    territories = len(T.territory_upto)
    territory = -1
    if has_territories(T):
        u = uniform(seed, rep, hi, lo, TERRITORY, 0, 0)
        territory = rules.pick_share(T.territory_upto, 0, territories, u)
    kind = kind_of(T, segment, territory, NO_SOURCE, NEW)
    return segment, territory, kind, segment_value(T, segment, seed, rep, hi, lo)


def segment_value(T: Tables, segment: int, seed: int, rep: int, hi: int, lo: int) -> int:
    """A value drawn as the segment's, in hundredths."""
    row = T.segment_value[segment]
    if row < 0:
        return 0
    return round_us(draw(T.dists, row, seed, rep, hi, lo, VALUE, 0, 0) * HUNDREDTHS)


def endow_child(
    T: Tables,
    seed: int,
    rep: int,
    hi: int,
    lo: int,
    origin: int,
    parent: tuple[int, int, int, int, int],
) -> Endowment:
    """Draw a lead that a customer gives rise to; ready, and of its customer's segment, territory and source.

    ``parent`` is the customer's segment, territory, source, kind and value. The value of the lead is the
    customer's times a drawn factor, or for a referral without a factor a value of the segment.
    """
    segment, territory, source, parent_kind, worth = parent
    C = T.customers
    cell = parent_kind if origin == EXPANSION else T.kinds.kinds + parent_kind
    word = EXPANSION_VALUE if origin == EXPANSION else REFERRAL_VALUE
    if C.value[cell] < 0:
        value = segment_value(T, segment, seed, rep, hi, lo)
    else:
        value = round_us(draw(T.dists, C.value[cell], seed, rep, hi, lo, word, 0, 0) * worth)
    mean = C.quality[cell]
    accuracy = T.score_accuracy
    quality = mean + normal_quantile(uniform(seed, rep, hi, lo, QUALITY, 0, 0))
    noise = 0.0
    if accuracy < 1.0:
        noise = normal_quantile(uniform(seed, rep, hi, lo, SCORE, 0, 0))
    score = rules.observed_score(quality, accuracy, noise)
    seen_as = rules.estimated_quality(mean, accuracy, score)
    kind = kind_of(T, segment, territory, source, origin)
    return Endowment(segment, territory, kind, value, quality, score, seen_as, READY, 0)
