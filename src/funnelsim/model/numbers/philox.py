"""The counter-based random number generator Philox4x32-10.

J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11
(2011). It turns a key and a counter into 128 random bits, without any state: that is what lets a draw be
keyed by who and what for, whatever else happens in a run.
"""

from __future__ import annotations

WORD = 0xFFFFFFFF
"""Mask of 32 bits, the width of a word of the generator."""

# The published multipliers 0xD2511F53 and 0xCD9E8D57, less 2^32: products with a word then stay within a
# signed 64-bit integer, and the missing 2^32 times the word is added to the high half.
_MULTIPLIER_0 = 0xD2511F53 - (1 << 32)
_MULTIPLIER_1 = 0xCD9E8D57 - (1 << 32)
_WEYL_0 = 0x9E3779B9
_WEYL_1 = 0xBB67AE85


def philox(k0: int, k1: int, c0: int, c1: int, c2: int, c3: int) -> tuple[int, int, int, int]:
    """Four random words of 32 bits for a key of two and a counter of four such words."""
    for _ in range(10):
        p = _MULTIPLIER_0 * c0
        q = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = ((q >> 32) + c2) ^ c1 ^ k0, q & WORD, ((p >> 32) + c0) ^ c3 ^ k1, p & WORD
        k0 = (k0 + _WEYL_0) & WORD
        k1 = (k1 + _WEYL_1) & WORD
    return c0, c1, c2, c3
