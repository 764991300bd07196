"""Lets compiled functions return their values in registers.

A function as Numba compiles it returns a status, and puts its value into memory of the caller, as it might raise
something. The functions of the event loop raise nothing, so every call would write to memory, read it back and ask
for the status for no reason.
"""

from __future__ import annotations

from typing import Any, ClassVar

from llvmlite import ir
from numba.core import cgutils, config
from numba.core.callconv import RETCODE_OK, CPUCallConv, Status
from numba.core.cpu import CPUContext


class InRegisters(CPUCallConv):
    """The convention for calls of functions that return a value and no status.

    Functions of Numba's own that are called from there, and the entry, keep Numba's convention: the form of a
    function shows which it has.
    """

    def get_function_type(self, restype: Any, argtypes: Any) -> Any:
        """The type of a function that returns its value."""
        value = self.get_return_type(restype).pointee
        return ir.FunctionType(value, list(self._get_arg_packer(argtypes).argument_types))

    def decorate_function(self, fn: Any, args: Any, fe_argtypes: Any, noalias: bool = False) -> None:
        """Name the arguments."""
        self._get_arg_packer(fe_argtypes).assign_names(self.get_arguments(fn), [f"arg.{name}" for name in args])

    def get_arguments(self, func: Any) -> Any:
        """The arguments of a function that Python knows of."""
        return super().get_arguments(func) if has_status(func) else func.args

    def return_value(self, builder: Any, retval: Any) -> None:
        """End a function with a value."""
        if has_status(builder.function):
            super().return_value(builder, retval)
        else:
            builder.ret(retval)

    def call_function(
        self, builder: Any, callee: Any, resty: Any, argtys: Any, args: Any, attrs: Any = None
    ) -> tuple[Any, Any]:
        """Call a function; the status is that all is well."""
        if has_status(callee):
            return super().call_function(builder, callee, resty, argtys, args, attrs)
        value = builder.call(callee, self._get_arg_packer(argtys).as_arguments(builder, args))
        return WELL, self.context.get_returned_value(builder, resty, value)

    def return_status_propagate(self, builder: Any, status: Any) -> None:
        """What follows a call that has failed; none does."""
        builder.unreachable()

    def return_user_exc(self, builder: Any, exc: Any, *others: Any, **named: Any) -> None:
        """What follows a mistake that no function of the loop makes, such as a range with steps of 0."""
        if has_status(builder.function):
            super().return_user_exc(builder, exc, *others, **named)
        else:
            stop = builder.module.declare_intrinsic("llvm.trap", (), ir.FunctionType(ir.VoidType(), ()))
            builder.call(stop, ())
            builder.unreachable()


WELL = Status(
    code=RETCODE_OK,
    is_ok=cgutils.true_bit,
    is_none=cgutils.false_bit,
    is_error=cgutils.false_bit,
    is_stop_iteration=cgutils.false_bit,
    is_python_exc=cgutils.false_bit,
    is_user_exc=cgutils.false_bit,
    excinfoptr=None,
)
"""The status of a call that cannot fail."""


def has_status(function: Any) -> bool:
    """Whether a function of LLVM has Numba's own form."""
    return bool(function.args) and function.args[0].name.startswith("retptr")


class RegisterContext(CPUContext):
    """Numba's context, in which functions return their values in registers."""

    is_for_entry = False
    is_apart = False
    names: ClassVar[set[str]] = set()
    """Those of the functions that do."""
    helpers: ClassVar[dict[Any, Any]] = {}
    """Small functions of Numba's own, translated in this context."""

    @property
    def call_conv(self) -> InRegisters:
        """The convention for calls."""
        return InRegisters(self)

    def declare_function(self, module: Any, fndesc: Any) -> Any:
        """Declare a function in its form: one that is translated in this context returns its value."""
        if fndesc is self.fndesc and not self.is_for_entry:
            self.names.add(fndesc.mangled_name)
        convention = self.call_conv if fndesc.mangled_name in self.names else CPUCallConv(self)
        kind = convention.get_function_type(fndesc.restype, fndesc.argtypes)
        function = cgutils.get_or_insert_function(module, kind, fndesc.mangled_name)
        convention.decorate_function(function, fndesc.args, fndesc.argtypes, noalias=fndesc.noalias)
        if fndesc.inline:
            function.attributes.add("alwaysinline")
        if fndesc is self.fndesc and self.is_apart:
            function.attributes.add("noinline")
        return function


def in_registers(context: CPUContext) -> CPUContext:
    """The context for parts of the loop; Numba's own where indices are checked, as then functions raise."""
    if config.BOUNDSCHECK:
        return context
    own = RegisterContext.__new__(RegisterContext)
    own.__dict__.update(context.__dict__, cached_internal_func=RegisterContext.helpers)
    return own
