"""Machine code on disk: the event loop is compiled once for each version, processor and Numba.

Numba would look only at the file of the entry to see whether what it kept is fresh; here every file counts that
the loop is made of.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from numba.core import config
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator

import funnelsim.model

HERE = Path(__file__).parent
SOURCES = (HERE, Path(funnelsim.model.__file__).parent)


@cache
def source_digest() -> str:
    """A hash of all that the loop is compiled from, and of how."""
    digest = hashlib.blake2b(digest_size=16)
    how = (config.BOUNDSCHECK, config.OPT, config.DEBUGINFO_DEFAULT, config.ENABLE_PROFILING)
    digest.update(repr([str(each) for each in how]).encode())
    for folder in SOURCES:
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def folders() -> list[Path]:
    """Where machine code may be kept, the first that can be written to."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    usual = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    user = getattr(os, "getuid", lambda: "user")()
    spare = Path(tempfile.gettempdir()) / f"funnelsim-{user}"
    return [*([Path(named)] if named else []), Path(usual) / "funnelsim", spare]


class Locator(_CacheLocator):
    """Keeps the machine code of this program in a folder of the user's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_cache_path(self) -> str:
        """The folder."""
        return str(self._folder)

    def get_source_stamp(self) -> str:
        """What tells fresh from stale."""
        return source_digest()

    def get_disambiguator(self) -> str:
        """Versions side by side do not replace each other."""
        return source_digest()[:12]

    @classmethod
    def from_function(cls, _function: Any, _path: str) -> Locator | None:
        """The first folder that can be written to; None if there is none, and every process compiles anew."""
        for folder in folders():
            locator = cls(folder)
            try:
                locator.ensure_cache_path()
            except OSError:
                continue
            return locator
        return None


class _Impl(CompileResultCacheImpl):
    _locator_classes = [Locator]  # noqa: RUF012  # as Numba has it


class KernelCache(FunctionCache):
    """Numba's cache of one function, which counts all files as its source."""

    _impl_class = _Impl

    def is_filled(self) -> bool:
        """Whether machine code of this version is there."""
        return bool(self._cache_file._load_index())


def keep_on_disk(dispatcher: Any) -> KernelCache | None:
    """Let a compiled function be kept on disk; None where no folder can be written to."""
    try:
        kept = KernelCache(dispatcher.py_func)
    except RuntimeError:
        return None
    dispatcher._cache = kept
    return kept
