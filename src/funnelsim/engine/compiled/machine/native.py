"""From a module of LLVM to machine code: optimised for no processor in particular, then compiled for one."""

from __future__ import annotations

import os
from typing import Any

import llvmlite.binding as llvm

from .entry import ADDRESSES

LEVEL = 3


def optimised(module: Any) -> str:
    """The text of a module, optimised by steps that need not know the processor.

    It names neither processor nor system, so that it can be compiled for any that has words of 64 bits.
    """
    options = llvm.create_pipeline_tuning_options(speed_level=LEVEL)
    options.slp_vectorization = True
    options.loop_vectorization = False
    passes = llvm.create_pass_builder(_machine("", ""), options)
    passes.getModulePassManager().run(module, passes)
    module.triple = ""
    module.data_layout = ""
    return str(module)


def object_of(text: str) -> bytes:
    """Optimised text as an object file for the processor of this machine, or that of Numba's settings."""
    machine = _machine(*processor())
    module = llvm.parse_assembly(text)
    module.triple = llvm.get_process_triple()
    module.data_layout = str(machine.target_data)
    return bytes(machine.emit_object(module))


def processor() -> tuple[str, str]:
    """The processor for which code is made, and its instructions; Numba's settings may name others."""
    name = os.environ.get("NUMBA_CPU_NAME")
    features = os.environ.get("NUMBA_CPU_FEATURES")
    if features is None:
        generic = name is not None and name.lower() == "generic"
        features = "" if generic else llvm.get_host_cpu_features().flatten()
    return (llvm.get_host_cpu_name() if name is None else name), features


def _machine(name: str, features: str) -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(cpu=name, features=features, opt=LEVEL, jit=True, **ADDRESSES)
