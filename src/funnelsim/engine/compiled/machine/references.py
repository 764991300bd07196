"""Teaches Numba the structures of `structs`: a structure is its address, a column the address of its numbers.

Neither owns anything, so nothing is counted or freed in compiled code; whoever made a structure must keep it.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.errors import TypingError
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import (
    NativeValue,
    lower_builtin,
    lower_getattr_generic,
    lower_setattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)

from .structs import FLOAT, FLOATS, INT, INTS, STRUCT, WORD_BYTES, Field, Struct

WORD = ir.IntType(64)


class Reference(types.Type):
    """The type of a structure in compiled code."""

    def __init__(self, struct: type[Struct]) -> None:
        super().__init__(name=f"Reference({struct.__module__}.{struct.__qualname__})")
        self.struct = struct


class Column(types.Type):
    """The type of a column in compiled code."""

    def __init__(self, dtype: Any, stride: int = 1) -> None:
        super().__init__(name=f"Column({dtype}, {stride})")
        self.dtype = dtype
        self.stride = stride  # words from one entry to the next


@register_model(Reference)
class _ReferenceModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Reference) -> None:
        super().__init__(manager, kind, WORD)


@register_model(Column)
class _ColumnModel(models.StructModel):
    """The address of the numbers, and that of the pair of words in the structure, for the length."""

    def __init__(self, manager: Any, kind: Column) -> None:
        super().__init__(manager, kind, [("data", types.int64), ("place", types.int64)])


def type_of(field: Field) -> Any:
    """The type of a field."""
    kind = field.kind
    if kind in (INT, FLOAT):
        return types.int64 if kind == INT else types.float64
    if kind in (INTS, FLOATS):
        return Column(types.int64 if kind == INTS else types.float64, field.stride)
    assert field.struct is not None
    return Reference(field.struct) if kind == STRUCT else Column(Reference(field.struct))


@typeof_impl.register(Struct)
def _typeof_struct(value: Struct, _: Any) -> Reference:
    return Reference(type(value))


@unbox(Reference)
def _unbox(_: Reference, value: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(value, "address")
    word = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    return NativeValue(word, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


# --- fields of a structure -----------------------------------------------------------------


@infer_getattr
class _Attributes(AttributeTemplate):
    key = Reference

    def generic_resolve(self, reference: Reference, name: str) -> Any:
        field = reference.struct.fields.get(name)
        return None if field is None else type_of(field)


def _pointer(context: Any, builder: Any, address: Any, kind: Any) -> Any:
    return builder.inttoptr(address, context.get_value_type(kind).as_pointer())


def _place(builder: Any, reference: Any, place: int) -> Any:
    return builder.add(reference, ir.Constant(WORD, WORD_BYTES * place))


@lower_getattr_generic(Reference)
def _get_field(context: Any, builder: Any, reference: Reference, value: Any, name: str) -> Any:
    field = reference.struct.fields[name]
    kind = type_of(field)
    place = _place(builder, value, field.place)
    if not isinstance(kind, Column):
        loaded = builder.load(_pointer(context, builder, place, kind))
        return (
            _lasting(builder, loaded) if field.kind == STRUCT and name not in reference.struct.replaced else loaded
        )
    column = cgutils.create_struct_proxy(kind)(context, builder)
    data = _lasting(builder, builder.load(_pointer(context, builder, place, types.int64)))
    column.data = _place(builder, data, field.offset) if field.offset else data
    column.place = place
    return column._getvalue()


def _lasting(builder: Any, address: Any) -> Any:
    """An address that does not change while compiled code runs, and so need not be read again behind a store."""
    address.set_metadata("invariant.load", builder.module.add_metadata([]))
    return address


@lower_setattr_generic(Reference)
def _set_field(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    reference, kind = sig.args
    field = reference.struct.fields[name]
    if field.kind not in (INT, FLOAT) and name not in reference.struct.replaced:
        # What was read of it before may be in a register, so code that goes on would read the old one.
        owner = reference.struct.__name__
        raise TypingError(f"{owner}.{name} is set, so it must be named in `replaced` of {owner}")
    place = _place(builder, args[0], field.place)
    builder.store(args[1], _pointer(context, builder, place, kind))


# --- entries of a column -------------------------------------------------------------------


@infer_global(operator.getitem)
class _GetEntry(AbstractTemplate):
    def generic(self, args: Any, _: Any) -> Any:
        column, index = args
        if isinstance(column, Column) and isinstance(index, types.Integer):
            return signature(column.dtype, column, types.intp)
        return None


@infer_global(operator.setitem)
class _SetEntry(AbstractTemplate):
    def generic(self, args: Any, _: Any) -> Any:
        column, index, _value = args
        if isinstance(column, Column) and isinstance(index, types.Integer):
            return signature(types.none, column, types.intp, column.dtype)
        return None


@infer_global(len)
class _Length(AbstractTemplate):
    def generic(self, args: Any, _: Any) -> Any:
        return signature(types.intp, args[0]) if isinstance(args[0], Column) else None


def _length(context: Any, builder: Any, kind: Column, column: Any) -> Any:
    words = builder.load(_pointer(context, builder, _place(builder, column.place, 1), types.int64))
    return words if kind.stride == 1 else builder.udiv(words, ir.Constant(WORD, kind.stride))


def _entry(context: Any, builder: Any, kind: Column, value: Any, index: Any) -> Any:
    """Pointer to an entry. With Numba's checks on, one out of range is an error, negative ones included."""
    column = cgutils.create_struct_proxy(kind)(context, builder, value=value)
    if context.enable_boundscheck:
        length = _length(context, builder, kind, column)
        with cgutils.if_unlikely(builder, builder.icmp_unsigned(">=", index, length)):
            context.call_conv.return_user_exc(builder, IndexError, ("index is out of bounds",))
    if kind.stride > 1:
        index = builder.mul(index, ir.Constant(WORD, kind.stride))
    return builder.gep(_pointer(context, builder, column.data, kind.dtype), [index])


@lower_builtin(operator.getitem, Column, types.Integer)
def _get_entry(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.load(_entry(context, builder, sig.args[0], args[0], args[1]))


@lower_builtin(operator.setitem, Column, types.Integer, types.Any)
def _set_entry(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    builder.store(args[2], _entry(context, builder, sig.args[0], args[0], args[1]))
    return context.get_dummy_value()


@lower_builtin(len, Column)
def _len(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    column = cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0])
    return _length(context, builder, sig.args[0], column)
