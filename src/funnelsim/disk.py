"""Files as users name them: read whole and within a limit, written whole or not at all, never one over an input.

Everything that a user has read, and everything that is written under a name that a user gave, is opened here. So a
command knows its own inputs, whatever they are called, and refuses to write over them.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from .errors import FunnelsimError, HinderedError

WRITTEN_BY_HAND = (".yaml", ".yml")
"""Suffixes of files that no output has, and that nobody wants to lose."""

STORE_BEGINS = b"SQLite format 3\0"
"""How run stores begin, which hold what took a night."""

_Identity = tuple[int, int]
_inputs: ContextVar[dict[_Identity, str] | None] = ContextVar("inputs of this command", default=None)
_made: ContextVar[dict[Any, Any] | None] = ContextVar("what this command made of inputs", default=None)


class UnreadableError(FunnelsimError):
    """A file that cannot be read; the message is the reason, without the name of the file."""


# --- reading -------------------------------------------------------------------------------------------------


@contextmanager
def one_command() -> Iterator[None]:
    """Remember what is read inside, and refuse to write over it."""
    token, made = _inputs.set({}), _made.set({})
    try:
        yield
    finally:
        _made.reset(made)
        _inputs.reset(token)


def made_of_inputs() -> dict[Any, Any]:
    """What was made of files by the command that runs, by what it is known by; always empty where none runs."""
    made = _made.get()
    return {} if made is None else made


def note_input(path: Path) -> None:
    """Remember a file as an input of the command that runs, if one does."""
    known = _inputs.get()
    if known is not None and (identity := _identity(path)) is not None:
        known[identity] = str(path)


def read(path: Path, most: int) -> bytes:
    """What is in a file of at most ``most`` bytes.

    Raises
    ------
    UnreadableError
        If it is larger, no ordinary file (a folder, a pipe, a device without end), or cannot be read.
    """
    try:
        strange = _strange(path.stat().st_mode)
        if strange:
            raise UnreadableError(strange, code="E-file-unreadable")
        with open(path, "rb", opener=_at_once) as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        reason = getattr(error, "strerror", None) or str(error)
        code = "E-file-missing" if isinstance(error, FileNotFoundError) else "E-file-unreadable"
        raise UnreadableError(f"cannot read the file: {reason}", code=code) from error
    if len(content) > most:
        raise UnreadableError(f"a file may have at most {most:,} bytes", code="E-size-file")
    note_input(path)
    return content


def _at_once(path: str, flags: int) -> int:
    # Whatever has become of the file since it was looked at: opening it does not wait.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _strange(mode: int) -> str:
    """What is there instead of a file; empty if it is one."""
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISDIR(mode):
        return "this is a folder, not a file"
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        return "this is a pipe, not a file; save its text to a file first"
    return "this is a device, not a file"


def _identity(path: Path) -> _Identity | None:
    """What is the same for all names of a file: links, relative paths, other case."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


# --- writing -------------------------------------------------------------------------------------------------


def check_output(path: Path | str) -> None:
    """Refuse a place that could not or must not be written; commands ask before long work.

    An existing file is replaced, as its name was given, but not if it is an input of this command, a file that is
    written by hand, or a run store.

    Raises
    ------
    FunnelsimError
        If it is one of these, or a folder, or in a folder that is not there.
    """
    path = Path(path)
    if not path.absolute().parent.is_dir():
        raise FunnelsimError(f"{path}: there is no folder {path.absolute().parent}", code="E-output-place")
    if path.is_dir():
        raise FunnelsimError(f"{path}: this is a folder; give the name of a file", code="E-output-place")
    refuse_input(path)
    if not path.is_file():
        return
    if path.suffix.lower() in WRITTEN_BY_HAND:
        raise FunnelsimError(
            f"{path}: this file is there already, and by its name a scenario, study or lever, which no output "
            "replaces; give another name",
            code="E-output-taken",
        )
    if _begins_as_store(path):
        raise FunnelsimError(
            f"{path}: this file is a run store, which no output replaces; give another name, or remove it first",
            code="E-output-taken",
        )


def refuse_input(path: Path) -> None:
    """Refuse to write to a file that this command reads; raises `FunnelsimError`."""
    known = _inputs.get() or {}
    name = known.get(identity) if (identity := _identity(path)) is not None else None
    if name is not None:
        also = "" if name == str(path) else f" (as {name})"
        raise FunnelsimError(
            f"{path}: this command reads that file{also}, so it does not write it; give another name",
            code="E-output-taken",
        )


def _begins_as_store(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(STORE_BEGINS)) == STORE_BEGINS
    except OSError:
        return False


@contextmanager
def written(path: Path | str) -> Iterator[Path]:
    """A file to write to, which takes the place of ``path`` when all is written; nothing is left there otherwise.

    Devices and pipes are written as they are.

    Raises
    ------
    FunnelsimError
        If the place must not be written; see `check_output`.
    HinderedError
        If it cannot: the disk is full, or the folder read-only.
    """
    path = Path(path)
    check_output(path)
    try:
        if path.exists() and not path.is_file():
            yield path
            return
        target = path.resolve()  # what a link leads to is replaced, and not the link
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".funnelsim-") as folder:
            part = Path(folder) / target.name
            yield part
            if target.exists():
                shutil.copymode(target, part)
            part.replace(target)
    except OSError as error:
        raise HinderedError(f"{path}: {unwritten(error)}", code="E-output-unwritten") from error


def unwritten(error: OSError) -> str:
    """Why something could not be written, as a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"cannot be written: the disk is full ({error.strerror}); make room and repeat the command"
    return f"cannot be written: {error.strerror or error}"
