"""The entry to the event loop: machine code from the disk, or compiled once, or plain Python."""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING

from .machine import cache

if TYPE_CHECKING:
    from .machine.entry import MachineCode
    from .world.world import World


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
        return not self.is_plain and self._code is None and cache.kept() is None

    def hindrance(self) -> str | None:
        """Why no machine code can be made here, or None."""
        if not self.compiles_first():
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

                code = cache.kept()
                if code is None:
                    from .compiling import compile_loop

                    code = compile_loop()
                    cache.keep(code)
                self._code = MachineCode(code)
        return self._code


advance = Kernel()
"""Lets things happen in a world until control comes back, and says why it did."""
