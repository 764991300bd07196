"""How amounts that are written otherwise are written here, for the messages that refuse them.

The language has one way to write each amount. What other tools and countries write (``¥3,600,000``, ``1h30m``,
``5 per day``) is refused with the text to write in its place, not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from .quantities import MICROSECONDS
from .signs import ordinary, unquoted

_LONGEST = 60
_CURRENCY = r"(?:[¥$€£₩₹元円]|US\$|JPY|USD|EUR|GBP|CHF|CNY|KRW|INR|yen|dollars?|euros?)"
_COUNTED = r"(?:人|名|件|社|個|本|回|台|席|people|persons?|reps?|leads?|times|x)"
_WESTERN = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6,
            "b": 1e9, "bn": 1e9, "billion": 1e9}  # fmt: skip
_SMALL = {"": 1, "十": 10, "百": 100, "千": 1000}
_LARGE = {"": 1, "万": 10**4, "億": 10**8, "兆": 10**12}
_DIGITS = r"\d[\d,._' ]*"
_SHARES = {"%": 0.01, "percent": 0.01, "パーセント": 0.01, "割": 0.1, "‰": 0.001}

UNIT_WORDS: dict[str, str] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒", "秒間"), "s"),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "分", "分間"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "時間", "時"), "h"),
    **dict.fromkeys(("d", "day", "days", "日", "日間"), "d"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks", "週", "週間"), "w"),
    **dict.fromkeys(("mo", "mos", "mth", "mths", "month", "months", "か月", "ヶ月", "カ月", "ヵ月", "ケ月", "箇月",
                     "個月", "月", "か月間", "ヶ月間", "カ月間"), "mo"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years", "年", "年間"), "y"),
    **dict.fromkeys(("open h", "open hour", "open hours", "working hour", "working hours"), "open h"),
    **dict.fromkeys(("bd", "bds", "business day", "business days", "working day", "working days", "workday",
                     "workdays", "営業日"), "bd"),
    **dict.fromkeys(("open hour", "open hours", "business hour", "business hours", "営業時間"), "open h"),
}  # fmt: skip
"""Units of time in other words."""

ALL = (*MICROSECONDS, "bd")
"""Every unit of a length of time."""

_MULTIPLES = {"quarter": (3, "mo"), "quarters": (3, "mo"), "四半期": (3, "mo"), "半年": (6, "mo"),
              "fortnight": (2, "w"), "fortnights": (2, "w")}  # fmt: skip
_ISO = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE
)
_ABOUT = re.compile(r"^(?:約|およそ|ca\.?|about|approx\.?|~)\s*|\s*(?:ほど|くらい|ぐらい|程度)$", re.IGNORECASE)
_ERAS = {"令和": 2018, "平成": 1988}
"""Years before the first of an era."""
_FIGURES = str.maketrans("〇一二三四五六七八九", "0123456789")
_BEFORE = {"年": "y", "年収": "y", "年額": "y", "年間": "y", "毎年": "y", "月": "mo", "月収": "mo", "月額": "mo",
           "月間": "mo", "毎月": "mo", "月給": "mo", "週": "w", "毎週": "w", "日": "d", "毎日": "d", "1日": "d",
           "時給": "h", "毎時": "h", "1時間": "h", "毎分": "min", "1週": "w", "1週間": "w", "1か月": "mo",
           "1ヶ月": "mo", "1年": "y"}  # fmt: skip


def written(number: float) -> str:
    """A number as it is best written: ``3_600_000``, ``0.3``."""
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):_}" if abs(number) >= 10_000 else str(int(number))
    return f"{number:.12g}"


def instead(text: str | None) -> str:
    """The end of a message that says what to write; empty if nothing is known."""
    return "" if text is None else f"; write {text}"


def _text(raw: Any) -> str:
    """What stands there, in ordinary signs; nothing for what is too long to be an amount."""
    text = raw if isinstance(raw, str) else str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else ""
    return unquoted(ordinary(text)) if len(text) <= _LONGEST else ""


# --- numbers -----------------------------------------------------------------------------------------------


def number(raw: Any) -> str | None:
    """How a number is written here: ``3_600_000`` for ``¥3,600,000`` and ``360万円``; None if it is none.

    Where two numbers may be meant, both are named.
    """
    text = _text(raw)
    meant = _value(text)
    if meant is None:
        return None
    digits = _bare(text)
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits):
        point = written(float(digits.replace(",", ".")))
        return f"{written(meant)}, or {point} if the comma is a decimal point"
    return written(meant)


def value(raw: Any) -> float | None:
    """The number that a text means, however it is written; None if it is none."""
    return _value(_text(raw))


def plain(raw: Any) -> str | None:
    """A number that stands there as a text of digits, and nothing else; None for any other text."""
    return raw.strip() if isinstance(raw, str) and re.fullmatch(r"\d+(\.\d+)?", raw.strip()) else None


def _bare(text: str) -> str:
    """The text of a number without currency and what is counted."""
    text = re.sub(rf"^{_CURRENCY}\s*|\s*{_CURRENCY}$", "", text.strip(), flags=re.IGNORECASE)
    return re.sub(rf"(?<=[\d万億千百])\s*{_COUNTED}$", "", text, flags=re.IGNORECASE).strip()


def _value(text: str) -> float | None:
    text = text.strip()
    negative = text.startswith("-")
    text = _bare(text.lstrip("+-"))
    value = _share(text)
    for read in (_plain, _western, _japanese, _fraction, _figures):
        value = read(text) if value is None else value
    return -value if negative and value is not None else value


def _figures(text: str) -> float | None:
    """A number in the figures of Japanese."""
    other = re.sub(r"(?<!\d)([十百千])", r"1\1", text.translate(_FIGURES))
    return None if other == text else _japanese(other) or _plain(other)


def _share(text: str) -> float | None:
    for word, factor in _SHARES.items():
        if text.lower().endswith(word):
            value = _plain(text[: -len(word)].strip())
            return None if value is None else round(value * factor, 12)
    return None


def _plain(digits: str) -> float | None:
    """Digits with whatever separators: ``15,000``, ``1.000.000``, ``1,5``, ``27.500,50``, ``3 600 000``."""
    if re.fullmatch(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?", digits) and not digits.startswith("0"):
        return float(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}", digits):
        return float(digits.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}([ '’]\d{3})+([.,]\d+)?", digits):
        return float(re.sub(r"[ '’]", "", digits).replace(",", "."))
    if re.fullmatch(r"\d+,\d+", digits):
        return float(digits.replace(",", "."))
    if re.fullmatch(r"\d[\d_]*(\.\d*)?", digits):
        return float(digits.replace("_", ""))
    return None


def _western(text: str) -> float | None:
    match = re.fullmatch(rf"({_DIGITS}?)\s*([a-z]+)", text, re.IGNORECASE)
    if match is None or match[2].lower() not in _WESTERN:
        return None
    value = _plain(match[1].strip())
    return None if value is None else round(value * _WESTERN[match[2].lower()], 6)


def _japanese(text: str) -> float | None:
    """``360万``, ``1億5000万``, ``3百万``."""
    pieces = re.findall(r"(\d[\d,._]*)([十百千]?)([万億兆]?)", text)
    if not pieces or "".join("".join(piece) for piece in pieces) != text:
        return None
    total = 0.0
    for digits, small, large in pieces:
        value = _plain(digits)
        if value is None:
            return None
        total += value * _SMALL[small] * _LARGE[large]
    return round(total, 6)


def _fraction(text: str) -> float | None:
    match = re.fullmatch(r"(\d+)\s*/\s*(\d+)", text)
    return int(match[1]) / int(match[2]) if match is not None and int(match[2]) else None


def give_or_take(raw: Any) -> str:
    """The end of a message about ``3M ± 10 %``: the middle as one amount; empty for anything else."""
    middle, sign, _ = re.sub(r"\+\s*/?\s*-", "±", _text(raw)).partition("±")
    if not sign or not middle.strip():
        return ""
    text = rate(middle, ALL) or number(middle) or duration(middle) or middle
    own = text.strip("' ")
    return f"; one amount stands here: write {own} without the ±, and vary it in a study to see what it moves"


def uniform(raw: Any, units: Container[str]) -> str | None:
    """How ``2-3 d`` or ``10〜20`` is written here: as a uniform distribution; None if it is no range.

    ``units`` are those of lengths of time; there are none where plain numbers are meant.
    """
    match = re.fullmatch(r"(\d[^-~]*?)\s*(?:-|~|\.\.|\bto\b|から)\s*(\d[^-~]*)", _text(raw))
    if match is None:
        return None
    low, high = match[1].strip(), match[2].strip()
    if not units:
        ends = [number(low), number(high)]
    else:
        own = re.search(r"[^\d\s.,]\D*$", high)
        first = f"{low} {own[0]}" if own is not None and _plain(low) is not None else low
        ends = [duration(first, units), duration(high, units)]
    if any(end is None or " for " in end or " or " in end or " if " in end for end in ends):
        return None
    return "{{dist: uniform, low: {}, high: {}}}".format(*(str(end).strip("'") for end in ends))


# --- time --------------------------------------------------------------------------------------------------


def unit(word: str) -> str | None:
    """The unit of the language that a word means; None for ``m``, which may be minutes or months."""
    return UNIT_WORDS.get(" ".join(word.lower().split()))


def duration(raw: Any, units: Container[str] = ALL) -> str | None:
    """How a length of time is written here: ``90 min`` for ``1h30m``, ``2 h`` for ``2 hrs``; None if it is none.

    ``units`` are those that may be written; where they leave out days, business days are offered for them.
    """
    text = _text(raw)
    if "d" not in units:  # of working time, which is open time in any case
        text = re.sub(r"\b(open|working|business)\s+(?=h)", "", text)
    text = _ABOUT.sub("", text)
    text = f"1{text}" if text in _MULTIPLES else re.sub(r"^(\d+)(\D+)半$", r"\1.5\2", text)
    clock = re.fullmatch(r"(\d+):([0-5]\d)", text)
    if clock is not None:
        return f"'{60 * int(clock[1]) + int(clock[2])} min' if {text} means hours and minutes"
    pieces = _iso(text) or _pieces(text)
    if pieces is None:
        return None
    if [name for _, name in pieces] == ["m"]:
        either = ((name, word) for name, word in (("min", "minutes"), ("mo", "months")) if name in units)
        return ", ".join(f"'{written(pieces[0][0])} {name}' for {word}" for name, word in either) or None
    amount, name = _together(pieces) or (0.0, "")
    if name in units:
        return f"'{written(amount)} {name}'"
    days = {"d": 1, "w": 5}.get(name)
    if days is None or "bd" not in units:
        return None
    return f"'{written(amount * days)} bd' for that many days of work"


def _iso(text: str) -> list[tuple[float, str]] | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    names = ("y", "mo", "w", "d", "h", "min", "s")
    return [(float(n), name) for n, name in zip(match.groups(), names, strict=True) if n is not None] or None


def _pieces(text: str) -> list[tuple[float, str]] | None:
    """Amounts with their units; the unit of a lone ``m`` stays open."""
    spans = re.findall(r"(\d[\d,._]*)\s*([^\d\s]+(?:\s+days?)?)\s*(?:and\s+)?", text)
    if not spans or re.sub(r"\s|and", "", "".join("".join(span) for span in spans)) != re.sub(r"\s|and", "", text):
        return None
    pieces: list[tuple[float, str]] = []
    for digits, word in spans:
        value, name = _plain(digits), unit(word)
        times, name = _MULTIPLES.get(word.lower(), (1, name))
        if word.lower() in ("m", "m."):
            name = "min" if pieces and pieces[-1][1] in ("h", "d") else "mo" if pieces else "m"
        if value is None or name is None:
            return None
        pieces.append((value * times, name))
    return pieces


def _together(pieces: list[tuple[float, str]]) -> tuple[float, str] | None:
    """One amount in the smallest of the units."""
    names = [name for _, name in pieces]
    if len(pieces) == 1:
        return pieces[0]
    if "bd" in names or "m" in names:
        return None
    small = min(names, key=lambda name: MICROSECONDS[name])
    return sum(value * MICROSECONDS[name] for value, name in pieces) / MICROSECONDS[small], small


# --- per time ----------------------------------------------------------------------------------------------


def rate(raw: Any, units: Container[str]) -> str | None:
    """How so many per time is written here: ``5 / d`` for ``5 per day``, ``9_000_000 / y`` for ``年収900万円``."""
    text = _text(raw)
    match = re.fullmatch(r"(.+?)\s*(?:/|\bper\b|\ban?\b|\bevery\b|\beach\b|毎)\s*(\S.*)", text, re.IGNORECASE)
    if match is not None:
        return _rate(match[1], match[2].strip(), units)
    for word, name in sorted(_BEFORE.items(), key=lambda item: -len(item[0])):
        if text.startswith(word) and (value := _value(text[len(word) :].lstrip("に "))) is not None:
            return f"'{written(value)} / {name}'"
    return None


def _rate(amount: str, per: str, units: Container[str]) -> str | None:
    value = _value(amount)
    if value is None:
        return None
    if per.lower() in ("m", "m."):
        return f"'{written(value)} / mo' for each month, '{written(value)} / min' for each minute"
    pieces = _pieces(per) if per[:1].isdigit() else [(1.0, unit(per) or "")]
    if pieces is None or len(pieces) != 1 or pieces[0][1] not in units or not pieces[0][0]:
        return None
    return f"'{written(value / pieces[0][0])} / {pieces[0][1]}'"


# --- dates and hours ---------------------------------------------------------------------------------------


def date(raw: Any) -> str | None:
    """How a date is written here: ``2026-04-01`` for ``2026/4/1`` and ``2026年4月1日``; None if it is none."""
    text = _text(raw)
    era = re.fullmatch(rf"({'|'.join(_ERAS)})\s*(\d+|元)\s*(年.*)", text)
    if era is not None:
        text = f"{_ERAS[era[1]] + (1 if era[2] == '元' else int(era[2]))}{era[3]}"
    if re.fullmatch(r"(19|20)\d{6}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?", text)
    if match is not None:
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    match = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[2]), match[3]
    either = [f"{year}-{b:02}-{a:02}" for a, b in ((first, second), (second, first)) if b <= 12 and a <= 31]
    return ", or ".join(dict.fromkeys(either)) or None


def days(raw: Any) -> str | None:
    """How days off are written here: ``12-29..01-03`` for ``12/29〜1/3``, ``01-01`` for ``1月1日``."""
    text = _text(raw)
    hyphen = "|-" if re.search("[/月]", text) else ""
    parted = rf"\s*(?:~|\.\.+|…|から|\bto\b|\buntil\b|\s-\s{hyphen})\s*"
    ends = [_day(end) for end in re.split(parted, text)]
    return "..".join(str(end) for end in ends) if len(ends) <= 2 and all(ends) else None


def days_off(raw: Any) -> str | None:
    """How several days off in one text are written here: a list of them; None if there are not several."""
    parts = [days(part) for part in re.split(r"[,;]", _text(raw))]
    return ", ".join(str(part) for part in parts) if len(parts) > 1 and all(parts) else None


def _day(text: str) -> str | None:
    """A date, with its year or without, where no other can be meant."""
    match = re.fullmatch(r"(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*日?(?:まで)?", text)
    if match is not None:
        return f"{int(match[1]):02}-{int(match[2]):02}"
    found = date(text.removesuffix("まで"))
    return None if found is None or "or" in found else found


def hours(raw: Any) -> str | None:
    """How opening hours are written here: ``09:00-17:00`` for ``9-17``, ``9時〜17時`` and ``9am-5pm``."""
    spans = [_span(part) for part in re.split(r"[,;、]|\band\b|(?<=[\d分時m])\s+(?=\d)", _text(raw))]
    if not spans or any(span is None for span in spans):
        return None
    return str(spans[0]) if len(spans) == 1 else "[" + ", ".join(f'"{span}"' for span in spans) + "]"


def _span(text: str) -> str | None:
    ends = [end.strip() for end in re.split(r"-|~|\bto\b|から|\.\.", text)]
    times = [_time(end) for end in ends]
    return "-".join(str(time) for time in times) if len(times) == 2 and all(times) else None


def _time(text: str) -> str | None:
    match = re.fullmatch(r"(\d{1,2})(?:[:.時h](\d{2})?分?)?\s*(am|pm|a\.m\.|p\.m\.)?", text, re.IGNORECASE)
    if match is None:
        return None
    hour = int(match[1]) % 12 + 12 * match[3].lower().startswith("p") if match[3] else int(match[1])
    minute = int(match[2] or 0)
    return f"{hour:02}:{minute:02}" if hour <= 24 and minute <= 59 else None
