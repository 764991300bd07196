"""Compiles the event loop. Imports Numba, and so is itself imported only where nothing is kept on disk."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType
from typing import Any

import llvmlite.binding as llvm
from numba.core import compiler, types
from numba.core.codegen import CPUCodeLibrary, JITCPUCodegen
from numba.core.compiler import Flags
from numba.core.registry import cpu_target
from numba.extending import register_jitable

from funnelsim.model.numbers import arithmetic, distributions, draws, philox
from funnelsim.model.rules import customer_draws, customer_rules, endowment, people, ramp, rules
from funnelsim.model.time import arrivals, calendars

from .machine.bits import BY_BITS
from .machine.entry import ADDRESSES, ENTRY
from .machine.jit import is_jitted
from .machine.parts import EntryCompiler, PartCompiler
from .machine.references import Reference
from .story.loop import go
from .world.world import World

SHARED = (
    arithmetic,
    arrivals,
    calendars,
    customer_draws,
    customer_rules,
    distributions,
    draws,
    endowment,
    people,
    philox,
    ramp,
    rules,
)
"""Modules whose functions both engines call."""


INSIDE = (
    (JITCPUCodegen, "_get_host_cpu_name"),
    (JITCPUCodegen, "_get_host_cpu_features"),
    (CPUCodeLibrary, "_get_module_for_linking"),
    (CPUCodeLibrary, "_final_module"),
    (CPUCodeLibrary, "_linking_libraries"),
)
"""What is used of Numba that its versions do not promise."""


def lacking() -> list[str]:
    """What this version of Numba lacks of it."""
    return [f"{owner.__name__}.{name}" for owner, name in INSIDE if not _has(owner, name)]


def _has(owner: type, name: str) -> bool:
    begun = (vars(base)["__init__"] for base in owner.__mro__ if inspect.isfunction(vars(base).get("__init__")))
    return hasattr(owner, name) or any(name in function.__code__.co_names for function in begun)


def functions_of(module: ModuleType) -> list[Any]:
    """All functions that a module defines."""
    members = inspect.getmembers(module, inspect.isfunction)
    return [function for _, function in members if function.__module__ == module.__name__]


def register_parts() -> None:
    """Let compiled code call the functions of the model and of this engine."""
    here = f"{__package__}."
    own = [module for name, module in list(sys.modules.items()) if name.startswith(here)]
    parts = [function for module in SHARED for function in functions_of(module) if function not in BY_BITS]
    parts += [function for module in own for function in functions_of(module) if is_jitted(function)]
    for function in parts:
        # Without "numpy", each division is compiled with a test for zero that Python's own would fail as well.
        register_jitable(
            error_model="numpy", pipeline_class=PartCompiler, no_cpython_wrapper=True, no_cfunc_wrapper=True
        )(function)


def compile_loop() -> bytes:
    """The machine code of `loop.go`, as an object file for this processor."""
    register_parts()
    flags = Flags()
    flags.no_compile = True
    flags.no_cpython_wrapper = True
    flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    target = cpu_target.target_context
    entry = compiler.compile_extra(
        cpu_target.typing_context, target, _advance, (Reference(World),), types.int64, flags, {},
        pipeline_class=EntryCompiler,
    )  # fmt: skip
    module = entry.library._final_module
    module.get_function(entry.fndesc.llvm_func_name).name = ENTRY
    return object_of(module, target.codegen())


def object_of(module: Any, codegen: Any) -> bytes:
    """A module, optimised, as an object file for the processor that Numba makes code for.

    Of Numba's settings those of the processor and of checks hold; how it is optimised does not depend on them.
    """
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=codegen._get_host_cpu_name(), features=codegen._get_host_cpu_features(), opt=3, jit=True, **ADDRESSES
    )
    module = llvm.parse_assembly(str(module))
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.slp_vectorization = True
    options.loop_vectorization = False
    passes = llvm.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    return bytes(machine.emit_object(module))


def _advance(w: Any) -> int:
    return go(w)
