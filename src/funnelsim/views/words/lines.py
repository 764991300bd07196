"""Where a text may go on in the next line: between words, or in Japanese by its rules (kinsoku)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

NOT_FIRST: Final = frozenset(
    "、。，．・:;：；!?！？)）]］}｝」』】〉》”’%％～…‥"
    "ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ"
)  # fmt: skip
"""What no line begins with (JIS X 4051)."""

NOT_LAST: Final = frozenset("(（[［{｛「『【〈《“‘¥￥$±−+")
"""What no line ends with: opening brackets, and what belongs to the number behind it."""

BEHIND_NUMBERS: Final = frozenset("万億兆千百件人回日月年週時分秒社点個名倍か")
"""Units that stay with the number before them."""

BEFORE_NUMBERS: Final = frozenset("年月週約各第計")
"""What stays with the number behind it."""


def cuts(text: str, width: int, size: Callable[[str], int]) -> list[int]:
    """Where lines of a text without line breaks begin, the first apart, so that none is wider than `width`.

    Parameters
    ----------
    text : str
        The text.
    width : int
        Columns of a line; blanks at its end may stand beyond it.
    size : callable
        Columns of a character.
    """
    found: list[int] = []
    start, used, last = 0, 0, 0
    for at, character in enumerate(text):
        if at and _may_part(text[at - 1], character, size):
            last = at
        wide = size(character)
        if used + wide > width and at > start and character != " ":
            start = last if last > start else at
            found.append(start)
            used = sum(map(size, text[start:at]))
        used += wide
    return found


def _may_part(before: str, after: str, size: Callable[[str], int]) -> bool:
    """Whether a line may end between two characters."""
    if after == " " or after in NOT_FIRST or before in NOT_LAST:
        return False
    if before == " ":
        return True
    if (before.isdigit() and after in BEHIND_NUMBERS) or (before in BEFORE_NUMBERS and after.isdigit()):
        return False
    if before in "万億兆" and after.isdigit():
        return False
    return size(before) > 1 or size(after) > 1
