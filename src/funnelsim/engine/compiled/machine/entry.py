"""Makes machine code callable, and calls it without holding up other threads."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import llvmlite.binding as llvm

ENTRY = "funnelsim_advance"
"""Name of the event loop in its machine code."""

RAN = 0
"""What the loop returns unless something was out of bounds."""

IS_NEAR = sys.platform.startswith("linux")
"""Whether all parts of an object file are loaded into one piece of memory."""

ADDRESSES = {"reloc": "pic", "codemodel": "small"} if IS_NEAR else {"codemodel": "jitdefault"}
"""How machine code speaks of its own functions and constants: from near, it does so in fewer bytes."""


class MachineCode:
    """The event loop in memory.

    Parameters
    ----------
    code : bytes
        An object file that defines `ENTRY`.
    """

    def __init__(self, code: bytes) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(jit=True)
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine, use_lmm=IS_NEAR or None)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        kind = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
        self._entry = kind(self._engine.get_function_address(ENTRY))

    def __call__(self, w: Any) -> int:
        """Advance the simulation until it ends or Python must act; says which, as `loop.go` does."""
        why, raised = ctypes.c_int64(), ctypes.c_void_p()
        status = self._entry(ctypes.addressof(why), ctypes.addressof(raised), w.address)
        if status != RAN:
            raise IndexError("an index is out of bounds in the event loop")
        return why.value
