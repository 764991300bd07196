"""Sums without an error: of floats rounded once, of integers in whole numbers however large."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from funnelsim.model.records import Floats, Ints

from .chunks import AT_ONCE, chunks

FEW = 64
"""Values that Python adds as fast."""

ROOM = AT_ONCE.bit_length() + 1
"""Binary digits by which the sum of a part may be longer than its largest value."""

LARGEST = math.ldexp(1.0, 1023 - ROOM)

HALF = 32
"""Half of the binary digits of an integer."""

PIECE = 21
"""Binary digits of a factor that are multiplied at once: sums of a part of such products fit into 64 bits."""


def fsum(values: Floats) -> float:
    """The correctly rounded sum of an array."""
    return fsum_of(values[part] for part in chunks(len(values)))


def fsum_of(parts: Iterable[Floats]) -> float:
    """The correctly rounded sum of several arrays, each no longer than a part."""
    return math.fsum(number for part in parts for number in _condensed(part))


def _condensed(values: Floats) -> Iterator[float]:
    """Few numbers whose sum is exactly that of a part of an array.

    The leading digits of all values, down to the same place, add up without rounding in any order; what they leave
    goes the same way (Rump, Ogita and Oishi, Accurate floating-point summation, part I, 2008, section 3).
    """
    if len(values) <= FEW:
        yield from values.tolist()
        return
    while True:
        top = max(float(values.max()), -float(values.min()))
        if top == 0:
            return
        if not top < LARGEST:
            yield from values.tolist()
            return
        raiser = math.ldexp(1.0, math.frexp(top)[1] + ROOM)
        leading = (values + raiser) - raiser
        yield float(leading.sum())
        values = values - leading


def total(values: Ints) -> int:
    """The sum of integers."""
    return (int((values >> HALF).sum()) << HALF) + int((values & ((1 << HALF) - 1)).sum())


def product(amounts: Ints, times: Ints) -> int:
    """The sum of amounts times times, neither of them negative."""
    found = 0
    for part in chunks(len(amounts)):
        for at, some in enumerate(_pieces(amounts[part])):
            for place, others in enumerate(_pieces(times[part])):
                found += int((some * others).sum()) << PIECE * (at + place)
    return found


def _pieces(factor: Ints) -> list[Ints]:
    """The digits of a factor, the last first, as far as any value has them."""
    digits = int(factor.max(initial=0)).bit_length()
    return [(factor >> low) & ((1 << PIECE) - 1) for low in range(0, digits, PIECE)]
