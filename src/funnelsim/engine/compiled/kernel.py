"""The entry to the event loop: machine code from the disk, or compiled once, or plain Python."""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING

from .machine import cache, shipped
from .machine.versions import version_key

if TYPE_CHECKING:
    from .machine.entry import MachineCode
    from .world.world import World

FROM_TEXT = "the engine is compiled now, once for this version; that takes a few seconds"
FROM_SOURCES = (
    "the engine is compiled now, once for this version; that takes about a minute, and longer beside other work,"
    " where a few seconds would do, as {why}"
)


class Kernel:
    """Calls the event loop; it is loaded, or compiled, at the first call."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._code: MachineCode | None = None
        self.is_plain = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"

    def __call__(self, w: World) -> int:
        """As `loop.go`."""
        if self.is_plain:
            from .story.loop import go

            return go(w)
        return self.load()(w)

    def compiles_first(self) -> bool:
        """Whether the first call has to wait until the loop is compiled."""
        return not self.is_plain and self._code is None and cache.kept(version_key()) is None

    def notice(self) -> str | None:
        """What to tell those who have to wait for the first call, or None if nobody has."""
        if not self.compiles_first():
            return None
        why = shipped.misfit()
        return FROM_TEXT if why is None else FROM_SOURCES.format(why=why)

    def hindrance(self) -> str | None:
        """Why no machine code can be made here, or None."""
        if not self.compiles_first() or shipped.misfit() is None:
            return None
        try:
            from .compiling import lacking
        except (ImportError, AttributeError) as error:
            return str(error)
        return ", ".join(lacking()) or None

    def load(self) -> MachineCode:
        """The machine code, from the disk or compiled now, unless it is there already."""
        if self._code is not None:
            return self._code
        with self._lock:
            if self._code is None:
                from .machine.entry import MachineCode

                code = cache.kept(version_key())
                if code is None:
                    code = compiled()
                    cache.keep(version_key(), code)
                self._code = MachineCode(code)
        return self._code


def compiled() -> bytes:
    """The loop as an object file: of the text that is shipped, or, where that is another one's, of the sources."""
    from .machine.native import object_of

    if shipped.misfit() is None:
        return object_of(shipped.text())
    from .compiling import translated

    return object_of(translated())


advance = Kernel()
"""Advances the simulation until it ends or Python must act, and says which."""
