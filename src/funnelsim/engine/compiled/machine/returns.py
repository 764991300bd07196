"""Lets compiled functions return their values in registers.

A function as Numba compiles it returns a status, and puts its value into memory of the caller, as it might raise
something. The functions of the event loop raise nothing, so every call writes to memory and reads it back for no
reason: that took 6 % of a run. Here each function is divided into its body, inlined into a function that returns
the value itself, and a function of the old name and kind that calls it, inlined into all callers.
"""

from __future__ import annotations

import re

RAISES = "!numba_exception_output"
"""What marks an instruction that prepares an exception."""

_BEGIN = re.compile(
    r"define [\w()\-, ]*?i32 @\"?([^\"(]+)\"?\(ptr [^%]*%retptr, ptr [^%]*%excinfo(?:, )?(.*?)\) [^{\n]*\{\n"
)
_STATUS = re.compile(r"ret i32 -?[1-9]|%common\.ret\.op = phi i32 [^\n]*\[ -?[1-9]")
"""A status that says something."""

_STORES = re.compile(r"store (\w+) [^,\n]+, ptr %retptr\b")

_DIVIDED = """\
define internal i32 @"{name}.body"(ptr noalias %retptr, ptr noalias %excinfo{comma}{given}) alwaysinline {{
{body}
}}

define internal {kind} @"{name}.value"({given}) {{
  %retptr = alloca {kind}
  %excinfo = alloca ptr
  %status = call i32 @"{name}.body"(ptr %retptr, ptr %excinfo{comma}{given})
  %value = load {kind}, ptr %retptr
  ret {kind} %value
}}

define internal i32 @"{name}"(ptr %retptr, ptr %excinfo{comma}{given}) alwaysinline {{
  %value = call {kind} @"{name}.value"({given})
  store {kind} %value, ptr %retptr
  ret i32 0
}}
"""


def in_registers(code: str, entry: str) -> str:
    """The code of a module whose functions, but for the entry, return what they return in a register.

    Functions with several values, or whose status says something, stay as they are, and so does all code if
    anything in it can raise an exception.
    """
    if RAISES in code:
        return code
    head, *functions = re.split(r"(?m)^(?=define )", code)
    return head + "".join(_divided(function, entry) for function in functions)


def _divided(function: str, entry: str) -> str:
    begin = _BEGIN.match(function)
    if begin is None or begin[1] == entry:
        return function
    end = function.index("\n}", begin.end())
    body = function[begin.end() : end]
    kinds = _STORES.findall(body)
    if _STATUS.search(body) or "{" in begin[2] or "[" in begin[2]:
        return function
    if len(set(kinds)) != 1 or len(kinds) != len(re.findall(r"%retptr\b", body)):
        return function
    parameters = [parameter.split() for parameter in begin[2].split(", ") if parameter]
    given = ", ".join(f"{words[0]} {words[-1]}" for words in parameters)  # without attributes
    divided = _DIVIDED.format(name=begin[1], kind=kinds[0], given=given, comma=", " if given else "", body=body)
    return divided + function[end + len("\n}") :]
