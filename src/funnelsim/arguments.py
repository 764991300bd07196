"""Arguments of the functions that users call from Python: what cannot be meant is refused with a sentence.

One rule for all of them: an argument that does not fit raises an `ArgumentError`, which is a `FunnelsimError` and
a `ValueError`, and whose message names it. The annotations of a function say what fits, so they are written once.
"""

from __future__ import annotations

import ast
import builtins
import collections.abc
import difflib
import functools
import importlib.util
import inspect
import math
import os
import sys
import types
from collections.abc import Callable, Collection, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin

from .errors import ArgumentError

P = ParamSpec("P")
T = TypeVar("T")

_WORDS: dict[Any, str] = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "text",
    Path: "a path",
    type(None): "None",
    "Scenario": "a scenario (fs.load reads one)",
    "Study": "a study (fs.load_study reads one)",
    "Result": "a result of fs.simulate",
    "Executor": "a concurrent.futures.Executor",
    "Guarantee": "fs.Guarantee(...)",
    "Budget": "fs.Budget(...)",
}
_MOST_SHOWN = 60


def checked(function: Callable[P, T]) -> Callable[P, T]:
    """A function that refuses arguments which its annotations do not allow; see `ArgumentError`."""

    @functools.wraps(function)
    def called(*given: P.args, **named: P.kwargs) -> T:
        signature = _signature(function)
        try:
            bound = signature.bind(*given, **named)
        except TypeError as error:
            raise ArgumentError(
                f"{function.__name__}: {error}{_meant(signature, named)}", code="E-argument-call"
            ) from None
        for name, value in bound.arguments.items():
            parameter = signature.parameters[name]
            values = value if parameter.kind is parameter.VAR_POSITIONAL else (value,)
            if parameter.kind is not parameter.VAR_KEYWORD:
                for each in values:
                    if parameter.kind is parameter.VAR_POSITIONAL and _is_list(each):
                        raise ArgumentError(
                            f"{function.__name__}: give `{name}` one by one, as in "
                            f"{function.__name__}(*names), found {shown(each)}",
                            code="E-argument-value",
                        )
                    _check(function.__name__, name, each, _hint(function, name))
        return function(*given, **named)

    return called


def _meant(signature: inspect.Signature, named: Mapping[str, Any]) -> str:
    """Which arguments were meant by names that a function does not have, as the end of a message."""
    strange = next((name for name in named if name not in signature.parameters), None)
    known = [name for name in signature.parameters if name not in ("self", "cls")]
    close = difflib.get_close_matches(strange, known, n=1) if strange is not None else []
    return f"; did you mean `{close[0]}`?" if close else f"; it takes {', '.join(known)}"


def check_fields(made: Any) -> None:
    """Check what a dataclass was made of against its annotations; for ``__post_init__``."""
    kind = type(made)
    for name in _signature(kind.__init__).parameters:
        if name in kind.__dataclass_fields__:
            _check(kind.__name__, name, getattr(made, name), _hint(kind.__init__, name))


def _check(function: str, name: str, value: Any, hint: Any) -> None:
    if not _fits(value, hint):
        name, value, hint = _culprit(name, value, hint)
        raise ArgumentError(
            f"{function}: `{name}` must be {_words(hint)}, found {shown(value)}{_remedy(value, hint)}",
            code="E-argument-value",
        )


def _culprit(name: str, value: Any, hint: Any) -> tuple[str, Any, Any]:
    """The item of a list or mapping that does not fit, its place and what it should be; or the value itself."""
    for part in _parts(hint):
        if _is_mapping(part) and isinstance(value, Mapping):
            keys, items = get_args(part)
            for key, item in value.items():
                if _fits(key, keys) and not _fits(item, items):
                    return _culprit(f"{name}[{key!r}]", item, items)
        elif _is_collection(part) and _is_list(value):
            (inside, *_) = get_args(part)
            for at, item in enumerate(value):
                if not _fits(item, inside):
                    return _culprit(f"{name}[{at}]", item, inside)
    return name, value, hint


def shown(value: Any) -> str:
    """A value in a message, cut where it is long."""
    if isinstance(value, str):
        text = repr(value)
    elif inspect.isclass(value):
        text = f"the class {value.__name__}"
    elif value is None or isinstance(value, bool | int | float):
        return str(value)
    else:
        number = f" of {len(value)}" if isinstance(value, Collection) else ""
        text = f"a {type(value).__name__}{number}"
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


def _remedy(value: Any, hint: Any) -> str:
    names = _classes(hint)
    if isinstance(value, str | Path) and {"Scenario", "Study"} & names:
        read = "load" if "Scenario" in names else "load_study"
        return f"; read the file first, with fs.{read}({str(value)!r})"
    if isinstance(value, str) and get_origin(hint) is not Literal and not isinstance(value, Mapping):
        listed = any(_is_collection(part) for part in _parts(hint))
        return f"; one name is a list as well: [{value!r}]" if listed else ""
    if inspect.isclass(value) and any(inspect.isclass(part) and issubclass(value, part) for part in _parts(hint)):
        return f"; give one of its instances, such as {value.__name__}(...)"
    return ""


# --- annotations ---------------------------------------------------------------------------------------------


@functools.cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


@functools.cache
def _hint(function: Callable[..., Any], name: str) -> Any:
    """What an argument may be; looked up when one is given, as that may import a room which is not used else."""
    parameter = _signature(function).parameters[name]
    if parameter.annotation is parameter.empty:
        return Any
    names = _Names(sys.modules[function.__module__])
    return eval(parameter.annotation, {}, names) if isinstance(parameter.annotation, str) else parameter.annotation


class _Names(dict[str, Any]):
    """Names in the annotations of a module, with those that it imports for type checkers only."""

    def __init__(self, module: types.ModuleType) -> None:
        super().__init__(module.__dict__)
        self._module = module

    def __missing__(self, name: str) -> Any:
        home = _imported_for_checkers(self._module).get(name)
        if home is not None:
            return getattr(importlib.import_module(home), name)
        return getattr(builtins, name, Any)


@functools.cache
def _imported_for_checkers(module: types.ModuleType) -> dict[str, str]:
    """Names that stand under ``if TYPE_CHECKING:``, and the modules that they come from."""
    found = {}
    for part in ast.parse(inspect.getsource(module)).body:
        if isinstance(part, ast.If) and isinstance(part.test, ast.Name) and part.test.id == "TYPE_CHECKING":
            for each in part.body:
                if isinstance(each, ast.ImportFrom):
                    home = "." * each.level + (each.module or "")
                    home = importlib.util.resolve_name(home, module.__package__ or "")
                    found.update({alias.name: home for alias in each.names})
    return found


def _parts(hint: Any) -> tuple[Any, ...]:
    """The alternatives of an annotation."""
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(part for each in get_args(hint) for part in _parts(each))
    return (type(None) if hint is None else hint,)


def _classes(hint: Any) -> set[str]:
    return {getattr(part, "__name__", "") for part in _parts(hint)}


def _is_list(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping)


def _is_mapping(hint: Any) -> bool:
    origin = get_origin(hint)
    return inspect.isclass(origin) and issubclass(origin, Mapping)


def _is_collection(hint: Any) -> bool:
    origin = get_origin(hint)
    return inspect.isclass(origin) and issubclass(origin, Collection) and not issubclass(origin, Mapping)


def _fits(value: Any, hint: Any) -> bool:
    return any(_fits_one(value, part) for part in _parts(hint))


def _fits_one(value: Any, hint: Any) -> bool:  # one line for each form of an annotation
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return any(value == each and type(value) is type(each) for each in inside)
    if origin is collections.abc.Callable or hint is Callable:
        return callable(value)
    if _is_mapping(hint):
        return isinstance(value, Mapping) and all(
            _fits(key, inside[0]) and _fits(item, inside[1]) for key, item in value.items()
        )
    if _is_collection(hint):
        return _is_list(value) and all(_fits(item, inside[0]) for item in value)
    if not inspect.isclass(hint) or hint in (object, Any):
        return True
    return _fits_class(value, hint)


def _fits_class(value: Any, hint: type) -> bool:
    if hint is bool:
        return isinstance(value, bool)
    if hint is int:
        return isinstance(value, Integral) and not isinstance(value, bool)
    if hint is float:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    if hint is Path:
        return isinstance(value, os.PathLike)
    if hint is getattr(sys.modules.get("concurrent.futures"), "Executor", None):  # whoever has one imported it
        return callable(getattr(value, "submit", None))
    if getattr(hint, "_is_protocol", False):
        return callable(value)
    return isinstance(value, hint)


def _words(hint: Any) -> str:
    parts = list(dict.fromkeys(_word(part) for part in _parts(hint) if part is not type(None)))
    if "a path" in parts and "text" in parts:
        parts.remove("text")
    return " or ".join(parts)


def _word(hint: Any) -> str:
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(repr(each) for each in inside)
    if origin is collections.abc.Callable or hint is Callable or getattr(hint, "_is_protocol", False):
        return "a function"
    if _is_mapping(hint):
        return f"a dict from {_words(inside[0])} to {_words(inside[1])}"
    if _is_collection(hint):
        return f"a list of {_words(inside[0]).removeprefix('a ')}"
    name = getattr(hint, "__name__", str(hint))
    return _WORDS.get(hint) or _WORDS.get(name) or ("anything" if hint is Any else f"a {name}")
