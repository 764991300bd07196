"""Compiles the functions of the event loop as parts of one whole.

Numba would optimise each function, with all that it calls, as soon as it is compiled: what lies deep is
optimised again at every level above, and that took twice the time of all the rest. A part is only translated;
the entry to the loop gathers all parts, for the whole to be optimised once.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering

from .returns import in_registers


class PartLibrary(JITCodeLibrary):
    """The code of one function, which is not executable by itself."""

    def finalize(self) -> None:
        """Nothing is optimised, and no machine code made."""
        self._raise_if_finalized()
        self._finalized = True

    def whole(self, name: str, known_as: str) -> Any:
        """This function and all that it needs in one module, which only its new name can be called in."""
        module = self._final_module.clone()
        for library in self._needed():
            own = library._final_module if isinstance(library, PartLibrary) else library._get_module_for_linking()
            module.link_in(own, preserve=True)
        for function in module.functions:
            if not function.is_declaration and function.name != name:  # so it is optimised much further
                function.linkage = "internal"
        module.get_function(name).name = known_as
        return module

    def _needed(self) -> list[Any]:
        """All that this part links to, each once."""
        libraries: dict[int, Any] = {}
        left = list(self._linking_libraries)
        while left:
            library = left.pop()
            if id(library) not in libraries and library is not self:
                libraries[id(library)] = library
                if isinstance(library, PartLibrary):
                    left += library._linking_libraries
        return list(libraries.values())


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):
    """Translates a function without making it executable."""

    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        """Translate, and let other functions find the part."""
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        name = (
            object().__sizeof__
        )  # Numba names compiled functions by a built-in of their own; this is never called
        state.targetctx.insert_user_function(name, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=name)
        return True


class PartCompiler(CompilerBase):
    """Numba's compiler, but for the last step."""

    def __init__(self, typingctx: Any, targetctx: Any, *others: Any) -> None:
        super().__init__(typingctx, targetctx, *others)
        self.state.targetctx = in_registers(self.state.targetctx)

    def define_pipelines(self) -> list[Any]:
        """The passes of Numba's default pipeline, with one replaced."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [
            (PartLowering, text) if kind is NativeLowering else (kind, text) for kind, text in passes.passes
        ]
        passes.finalize()
        return [passes]


class ApartCompiler(PartCompiler):
    """The compiler of a part that is never put into others."""

    def __init__(self, typingctx: Any, targetctx: Any, *others: Any) -> None:
        super().__init__(typingctx, targetctx, *others)
        self.state.targetctx.is_apart = True


class EntryCompiler(PartCompiler):
    """The compiler of the entry, which is called from outside."""

    def __init__(self, typingctx: Any, targetctx: Any, *others: Any) -> None:
        super().__init__(typingctx, targetctx, *others)
        self.state.targetctx.is_for_entry = True
