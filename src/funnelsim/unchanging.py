"""Objects that stay as they were made: whoever sets an attribute is told what to do instead."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from .errors import ArgumentError, UnchangingError

T = TypeVar("T")
OF_RESULTS = "it tells what came out of a run; run again with what is to be other, or keep your figures beside it"
"""What to do instead of changing a result."""

OF_SCENARIOS = (
    "what was read stays as it is; make another scenario, as in scenario.change({'teams.desk.headcount': 4})"
)
"""What to do instead of changing a part of a scenario."""

_MADE = "_made_whole"


def another(name: str, value: Any) -> str:
    """What to do instead of changing a part of something that is made by its parts."""
    return f"make another one with it: {name}={value!r}"


def unchanging(instead: str | Callable[[str, Any], str], made_by: str = "") -> Callable[[type[T]], type[T]]:
    """A class whose objects keep their attributes once they are made.

    Parameters
    ----------
    instead : str or callable
        What to do instead of setting an attribute; a callable is given its name and the value.
    made_by : str
        What makes an object, for those who call the class.
    """

    def decorated(cls: type[T]) -> type[T]:
        begin = cls.__init__
        signature = inspect.signature(begin)

        @functools.wraps(begin)
        def init(self: Any, *given: Any, **named: Any) -> None:
            try:
                signature.bind(self, *given, **named)
            except TypeError as error:
                raise ArgumentError(
                    f"{cls.__name__}: {error}{made_by and '; '}{made_by}", code="E-argument-call"
                ) from None
            begin(self, *given, **named)
            self.__dict__[_MADE] = True

        def put(self: Any, name: str, value: Any) -> None:
            if _MADE in self.__dict__:
                refuse(cls.__name__, name, instead if isinstance(instead, str) else instead(name, value))
            object.__setattr__(self, name, value)

        def remove(self: Any, name: str) -> None:
            refuse(cls.__name__, name, "nothing can be taken out of it", "removed")

        for method, made in {"__init__": init, "__setattr__": put, "__delattr__": remove}.items():
            setattr(cls, method, made)
        return cls

    return decorated


def kept(instead: str) -> Callable[[type[T]], type[T]]:
    """A frozen dataclass that says what to do instead of setting an attribute; making one takes no longer."""

    def decorated(cls: type[T]) -> type[T]:
        def put(self: Any, name: str, value: Any) -> None:
            refuse(cls.__name__, name, instead)

        def remove(self: Any, name: str) -> None:
            refuse(cls.__name__, name, instead, "removed")

        for method, made in {"__setattr__": put, "__delattr__": remove}.items():
            setattr(cls, method, made)
        return cls

    return decorated


def refuse(what: str, name: str, instead: str, done: str = "set") -> NoReturn:
    """Raise the error of an attribute that cannot be changed."""
    raise UnchangingError(f"{what}.{name} cannot be {done}: {instead}", code="E-unchanging")
