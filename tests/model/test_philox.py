from __future__ import annotations

import numpy as np
import pytest
from numba_twin import compiled, register

from funnelsim.model.numbers import philox as module
from funnelsim.model.numbers.philox import philox

ONES = 0xFFFFFFFF

# kat_vectors of Random123: philox4x32, 10 rounds
PUBLISHED = [
    ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES), (ONES, ONES, ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("key", "counter", "words"), PUBLISHED)
def test_published_vectors(key, counter, words):
    assert philox(*key, *counter) == words


def test_python_and_numba_give_the_same_words():
    register(module)

    def fill(x, out):
        for i in range(len(x)):
            out[i] = philox(x[i, 0], x[i, 1], x[i, 2], x[i, 3], x[i, 4], x[i, 5])

    x = np.random.default_rng(1).integers(0, ONES, (100_000, 6), endpoint=True)
    there = np.empty((len(x), 4), dtype=np.int64)
    compiled(fill)(x, there)
    assert there.tolist() == [list(philox(*row)) for row in x.tolist()]
    assert np.array_equal(there, np.transpose(philox(*x.T)))  # whole arrays, too
