"""How a mutation may end, and running commands in this process."""

from __future__ import annotations

import io
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funnelsim.cli.main import main

LONGEST = 60
"""Seconds after which a command is taken for one that does not end."""

REFUSED = "refused"
FAILED = "failed"
ACTS = "acts"
WARNED = "warned"
SAME = "same meaning"
SILENT = "silent"
TRACEBACK = "traceback"
ENDLESS = "endless"
WAYS = (REFUSED, FAILED, ACTS, WARNED, SAME, SILENT, TRACEBACK, ENDLESS)
"""Refused: exit code 2 and a sentence. Failed: exit code 1 and a sentence. Acts: some figure is another. Warned:
no figure is another, but something is said. Same meaning: only written otherwise. Silent: none of these."""

WRONG = (TRACEBACK, ENDLESS)
"""Ways that must not be."""


@dataclass(frozen=True)
class Outcome:
    """What became of a mutation."""

    way: str
    what: str
    said: str = ""


@dataclass(frozen=True)
class Said:
    """What a command left."""

    code: int | None
    out: str
    err: str
    trouble: str = ""

    @property
    def done(self) -> bool:
        """Whether it did what was asked."""
        return not self.trouble and not self.code


class EndlessError(BaseException):
    """A command takes too long."""


@contextmanager
def limited(seconds: int = LONGEST) -> Iterator[None]:
    """Ends what runs longer."""

    def stop(*_: Any) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def command(arguments: Sequence[str]) -> Said:
    """Run a command in this process."""
    out, err, argv = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["funnelsim", *arguments]
    code: int | None = None
    trouble = ""
    try:
        with limited(), redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except EndlessError:
        trouble = ENDLESS
    except BaseException:  # noqa: BLE001 - whatever it is, it is what is looked for
        trouble = TRACEBACK
        err.write(traceback.format_exc())
    finally:
        sys.argv = argv
    if "Traceback (most recent call last)" in err.getvalue():
        trouble = trouble or TRACEBACK
    return Said(code, out.getvalue(), err.getvalue(), trouble)


def troubled(said: Said, what: str) -> Outcome | None:
    """The outcome of a command that was refused, failed or worse; None for one that was done."""
    if said.done:
        return None
    if said.trouble:
        return Outcome(said.trouble, what, said.err[-2000:])
    if not said.err.strip() and not said.out.strip():
        return Outcome(TRACEBACK, what, f"exit code {said.code} without a word")
    return Outcome(REFUSED if said.code == 2 else FAILED, what, said.err or said.out)


def difference(old: str, new: str) -> str:
    """The lines in which a text differs from another."""
    before, after = old.split("\n"), new.split("\n")
    gone = [f"- {line.strip()}" for line in before if line not in after]
    come = [f"+ {line.strip()}" for line in after if line not in before]
    return "\n".join((*gone, *come))


def written(path: Path, content: bytes) -> str:
    """A file of that content; its name."""
    path.write_bytes(content)
    return str(path)
