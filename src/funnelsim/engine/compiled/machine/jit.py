"""Marks the functions that are compiled; that costs nothing until they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


def jitted(function: Function) -> Function:
    """Let compiled code call a function; in Python it stays what it is."""
    function.__dict__["is_jitted"] = True
    return function


def is_jitted(function: Callable[..., Any]) -> bool:
    """Whether a function was marked."""
    return "is_jitted" in function.__dict__
