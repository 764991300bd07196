"""Teaches Numba to take a float apart and put it together again by its bits, without a call of the C library."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin

from funnelsim.model.numbers import arithmetic

BY_BITS = (arithmetic.scaled, arithmetic.taken_apart)
"""Functions that compiled code has from here."""

BITS = ir.IntType(64)
MANTISSA = 52
BIAS = 1023
EXPONENT = 0x7FF << MANTISSA


@infer_global(arithmetic.scaled)
class _Scaled(AbstractTemplate):
    def generic(self, args: Any, _: Any) -> Any:
        return signature(types.float64, types.float64, types.int64)


@infer_global(arithmetic.taken_apart)
class _TakenApart(AbstractTemplate):
    def generic(self, args: Any, _: Any) -> Any:
        return signature(types.containers.Tuple((types.float64, types.int64)), types.float64)


@lower_builtin(arithmetic.scaled, types.float64, types.int64)
def _lower_scaled(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    x, k = args
    power = builder.shl(builder.add(k, ir.Constant(BITS, BIAS)), ir.Constant(BITS, MANTISSA))
    return builder.fmul(x, builder.bitcast(power, ir.DoubleType()))


@lower_builtin(arithmetic.taken_apart, types.float64)
def _lower_taken_apart(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    bits = builder.bitcast(args[0], BITS)
    half = ir.Constant(BITS, (BIAS - 1) << MANTISSA)
    mantissa = builder.or_(builder.and_(bits, ir.Constant(BITS, ~EXPONENT)), half)
    exponent = builder.sub(builder.lshr(bits, ir.Constant(BITS, MANTISSA)), ir.Constant(BITS, BIAS - 1))
    parts = [builder.bitcast(mantissa, ir.DoubleType()), exponent]
    return context.make_tuple(builder, sig.return_type, parts)
