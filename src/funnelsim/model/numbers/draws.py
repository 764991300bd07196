"""Keyed random draws: each number depends on who it is for and what for, never on when it is asked.

A draw is one Philox block. Its key is (seed, replication); its counter is made of

- the **entity** in 64 bits, as two words ``hi`` and ``lo``. A lead is (hash of its source, its number in that
  source); a child is `child_entity` of its parent; a rep is (hash of the people pool, seat and occupant);
- the **word**: what for, as a purpose (one of the constants below) and the hash of a stage, see
`purpose_word`;
- **visit** and **index**, 16 bits each; engines end a run in which one would be larger (see `in_range`).

So adding a rep, a source or a stage leaves all other draws as they were.
"""

from __future__ import annotations

import hashlib
import unicodedata

from .philox import WORD, philox

# What a draw is for. A number once given is never given again, or every history would change.

SEGMENT = 1
TERRITORY = 2
VALUE = 3
QUALITY = 4
SCORE = 5
READINESS = 6
READY_TIME = 7
TOUCHES = 8
TOUCHES_FRACTION = 9
EFFORT = 10
GAP = 11
DECISION = 12
PATIENCE = 13
DROPOUT = 14
OUTCOME = 15
NEXT = 16
OTHERWISE = 17
ON = 18
DELAY = 19
GIVE = 20
TAKE = 21
JOINT = 22
CONCESSION_DISCOUNT = 23
CONCESSION_PROMISE = 24
BURN = 25
MEETING = 26
ARRIVAL = 27
BATCH = 28
DAY_FACTOR = 29
BURST = 30
OPENING = 31
CONTACT_EFFORT = 32
CONTACT_YIELD = 33
QUEUE_RULE = 34
QUEUE_PICK = 35
ROUTE_PICK = 36
SKILL = 37
SPEED = 38
TENURE = 39
ATTRITION = 40
FILL = 41
ABSENCE = 42
CHILD = 43
CHURN = 44
EXPANSION = 45
EXPANSION_VALUE = 46
EXPANSION_QUALITY = 47
REFERRAL = 48
REFERRAL_VALUE = 49
COMPLAINT = 50
CARE_EFFORT = 51
RENEWAL = 52
RENEWAL_EFFORT = 53
COMPLAINT_EFFORT = 54
PAYMENT = 55
BAD_DEBT = 56
TIE = 57

SIGNS_SOONER = 1
"""Index of a concession's draw that says whether it makes the buyer decide sooner; 0 says whether it is given."""

LARGEST_COUNT = 0xFFFF
"""Largest visit and index that fit the counter."""

_TO_UNIT = 2.0**-52
_CHILD_KEY_0 = 0x66756E6E  # "funn": a key of its own, so that children depend on no seed
_CHILD_KEY_1 = 0x656C7369  # "elsi"


def name_hash32(name: str) -> int:
    """A fixed hash of a name in 32 bits, the same for every way to encode its characters (NFC)."""
    digest = hashlib.blake2b(unicodedata.normalize("NFC", name).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")


def name_hash24(name: str) -> int:
    """A fixed hash of a name in 24 bits, for stages."""
    return name_hash32(name) >> 8


def purpose_word(purpose: int, stage_hash24: int = 0) -> int:
    """The word of a purpose at a stage (0: at no stage)."""
    return stage_hash24 << 8 | purpose


def in_range(visit: int, index: int) -> bool:
    """Whether a visit and an index fit the counter; beyond, draws would repeat those of other visits."""
    return 0 <= visit <= LARGEST_COUNT and 0 <= index <= LARGEST_COUNT


def uniform(seed: int, replication: int, hi: int, lo: int, word: int, visit: int, index: int) -> float:
    """A uniform number in the open interval (0, 1), with 52 random bits and a half.

    With 53 bits it could be 1 after rounding. Also takes NumPy arrays of int64 for any argument.
    """
    w0, w1, _, _ = philox(seed, replication, lo, hi, word, visit << 16 | index)
    return ((w0 << 20 | w1 >> 12) + 0.5) * _TO_UNIT


def tie_of(seed: int, replication: int, hi: int, lo: int, given: int) -> float:
    """The uniform number by which a rep who was given that much before is placed among equals."""
    return uniform(seed, replication, hi, lo, TIE, given >> 16, given & LARGEST_COUNT)


def child_entity(hi: int, lo: int, kind: int, number: int) -> tuple[int, int]:
    """The entity of child ``number`` (32 bits) of a parent; ``kind`` is a purpose such as `REFERRAL`."""
    w0, w1, _, _ = philox(_CHILD_KEY_0, _CHILD_KEY_1, lo & WORD, hi & WORD, kind, number)
    return w0, w1
