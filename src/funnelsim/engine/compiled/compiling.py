"""Translates the event loop with Numba, and so is itself imported only where what is shipped does not fit."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType
from typing import Any

from numba.core import compiler, types
from numba.core.callconv import CPUCallConv
from numba.core.codegen import CPUCodeLibrary
from numba.core.compiler import Flags
from numba.core.cpu import CPUContext
from numba.core.registry import cpu_target
from numba.extending import register_jitable

from funnelsim.model.numbers import arithmetic, distributions, draws, philox, survival
from funnelsim.model.rules import customer_draws, customer_rules, endowment, people, ramp, rules, standing
from funnelsim.model.time import arrivals, calendars

from .machine.bits import BY_BITS
from .machine.entry import ENTRY
from .machine.jit import is_jitted
from .machine.native import optimised
from .machine.parts import ApartCompiler, EntryCompiler, PartCompiler
from .machine.references import Reference
from .story import choice, desk, doors, limits, owners, pressure, teams, turns, work
from .story.loop import go
from .world import hours, ledger, lines
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
    standing,
    survival,
)
"""Modules whose functions both engines call."""

APART = (
    choice.choose_random,
    choice.first_that_may_be_taken,
    choice.preferred_elsewhere,
    choice.stands_behind,
    desk.begin_task,
    desk.task_effort,
    distributions.draw_of,
    doors.count_nursing,
    doors.nursed_until,
    doors.win,
    hours.done_nearby,
    hours.open_time_with_pauses,
    ledger.note_of,
    limits.leave_stretch,
    lines.list_add,
    lines.list_remove,
    lines.task_key,
    owners.take_from_owner,
    pressure.concede_one,
    teams.assign,
    teams.fits,
    teams.lead_fits,
    turns.by_weight,
    turns.could_join,
    turns.look_up_hours,
    turns.next_partner,
    turns.take_turn,
    work.task_done,
    work.touch_in_vain,
)
"""Functions that are not put into those that call them: what few visits need would hold up all of them."""

INSIDE = (
    (CPUCallConv, "_get_arg_packer"),
    (CPUContext, "declare_function"),
    (CPUContext, "call_conv"),
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
            error_model="numpy",
            pipeline_class=ApartCompiler if function in APART else PartCompiler,
            no_cpython_wrapper=True,
            no_cfunc_wrapper=True,
        )(function)


def translated() -> str:
    """The event loop as text of LLVM, optimised but for no processor in particular."""
    register_parts()
    flags = Flags()
    flags.no_compile = True
    flags.no_cpython_wrapper = True
    flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    entry = compiler.compile_extra(
        cpu_target.typing_context, cpu_target.target_context, go, (Reference(World),), types.int64, flags, {},
        pipeline_class=EntryCompiler,
    )  # fmt: skip
    return optimised(entry.library.whole(entry.fndesc.llvm_func_name, ENTRY))
