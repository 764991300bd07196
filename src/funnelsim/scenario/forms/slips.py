"""Slips of the hand: names that differ from another by one letter."""

from __future__ import annotations

from collections.abc import Iterable


def slip(name: str, known: Iterable[str]) -> str | None:
    """The known name from which ``name`` differs as by a slip of the hand: one letter of an alphabet.

    Digits and letters that stand alone number things (``team_b``), and a sign of other scripts is a word of its
    own, so these are no slips; nor is anything in a name of one or two letters.
    """
    wanted = str(name)[:80].casefold()
    return next((other for other in known if _slipped(wanted, str(other)[:80].casefold())), None)


def neighbour(name: str, known: Iterable[str]) -> str | None:
    """The known name from which ``name`` differs by one letter, or by one sign of a script without letters.

    Of names of two signs the first must be the same: 育て is nearly 育成, but 失注 is not 受注.
    """
    names = list(known)
    if slip(name, names) is not None or name.isascii():
        return slip(name, names)
    return next((other for other in names if not other.isascii() and _one_sign(name, other)), None)


def _one_sign(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    first = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(shorter))
    if len(longer) < 2 or one == other or (first == 0 and len(longer) == 2):
        return False
    behind = shorter[first:] if len(shorter) < len(longer) else shorter[first + 1 :]
    changed = longer[first] + (shorter[first] if len(shorter) == len(longer) else "")
    return longer[first + 1 :] == behind and not any(sign.isnumeric() for sign in changed)


def _slipped(one: str, other: str) -> bool:
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:
        return False
    first = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    a, b = one[first:], other[first:]
    swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    if not (a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped):
        return False
    differing = {*a[:1], *b[:1]} if len(a) == len(b) else {(a if len(a) > len(b) else b)[0]}
    alone = first == 0 or not one[first - 1].isalpha()
    ends = len(a) <= 1 or not a[1].isalpha()
    return all(sign.lower() != sign.upper() for sign in differing) and not (alone and ends)
