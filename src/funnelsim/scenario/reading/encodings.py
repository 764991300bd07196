"""From the bytes of a file to its text: UTF-8, or what says itself that it is another encoding."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF32_BE, "utf-32"))  # fmt: skip
_KANA = re.compile("[\u3040-\u30ff]")
_JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
_NARROW = re.compile("[\uff61-\uff9f]")
_LATIN = re.compile("[\u00a0-\u017f\u2013-\u2026\u20ac]")
_HOW = "save it as UTF-8: Notepad (メモ帳) has it under File, Save as, Encoding; Excel under Save as, 'CSV UTF-8'"
_SHOWN = 40

CP932 = "cp932"
"""Shift-JIS as Windows in Japan writes it."""


class EncodingError(ValueError):
    """Bytes that are no text here; where the first of them stands, counted from 1."""

    code = "E-file-encoding"

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


def decoded(content: bytes) -> str:
    """The text of a file.

    UTF-8 with or without a mark, and UTF-16 with one, are read. Nothing in a file of Shift-JIS or Latin-1 says
    which it is, and names would come out wrong where the guess is wrong; these are refused with how to save them.
    (A table may be Shift-JIS, see `decoded_table`.)

    Raises
    ------
    EncodingError
        If it is none of these.
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    start = content[:2000]
    if encoding == "utf-8" and start.count(0) > len(start) / 5:
        message = f"the file is not UTF-8 text; it looks like UTF-16, or like no text at all; {_HOW}"
        raise EncodingError(message, 1, 1)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refused(content, error.start) from None


def decoded_table(content: bytes) -> tuple[str, str]:
    """The text of a table, and what is to be said of how it was read.

    Spreadsheets in Japan write Shift-JIS, so where a table is likely to be that it is read so, which is told.

    Raises
    ------
    EncodingError
        If it is neither that nor what `decoded` reads.
    """
    try:
        return decoded(content), ""
    except EncodingError as wrong:
        guess = _guess(content)
        if guess is None or guess[1] != CP932:
            raise
        said = f"read as {guess[0]}, in which line {wrong.line} says {_line(content, wrong.line, CP932)!r}"
        return content.decode(CP932), f"{said}; if that is wrong, {_HOW}"


def _refused(content: bytes, at: int) -> EncodingError:
    line = content.count(b"\n", 0, at) + 1
    begins = content.rfind(b"\n", 0, at) + 1
    message = f"the file is not UTF-8 text (byte 0x{content[at]:02x})"
    guess = _guess(content)
    if guess is not None:
        name, encoding = guess
        message += f"; it looks like {name}, in which this line says {_line(content, line, encoding)!r}"
    return EncodingError(f"{message}; {_HOW}", line, at - begins + 1)


def _line(content: bytes, number: int, encoding: str) -> str:
    """The beginning of a line, as it is in an encoding."""
    shown = content.split(b"\n")[number - 1].decode(encoding, errors="replace").strip()
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "..."


def _guess(content: bytes) -> tuple[str, str] | None:
    """The encoding that the text is likely to be in, by the letters that come out: its name and Python's."""
    for name, encoding in (("Shift-JIS (cp932)", CP932), ("EUC-JP", "euc_jp")):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        foreign = re.sub(r"[\x00-\x7f]", "", text)
        narrow, alike = len(_NARROW.findall(foreign)), len(_JAPANESE.findall(foreign))
        # In Latin text that is taken for Japanese, single kanji stand between letters and there are no kana.
        # EUC-JP that is taken for Shift-JIS is nearly all narrow kana.
        if (
            alike > 0.8 * (len(foreign) - narrow)
            and alike >= narrow
            and (_KANA.search(text) or re.search("[\u4e00-\u9fff]{2}", text))
        ):
            return name, encoding
    try:
        foreign = re.sub(r"[\x00-\x7f]", "", content.decode("cp1252"))
    except UnicodeDecodeError:
        return None
    return ("Latin-1 (cp1252)", "cp1252") if len(_LATIN.findall(foreign)) == len(foreign) else None
