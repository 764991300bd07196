"""The shipped translation of the event loop: text of LLVM, used only where it was made of the sources as they are.

Translating takes Numba the better part of a minute; compiling its text takes LLVM two seconds, and no Numba.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding as llvm

from .cache import digest_of

PACKAGE = Path(__file__).parents[3]
"""The folder below which sources are named."""

FOLDER = PACKAGE / "engine" / "compiled"
"""Where the text lies."""

PACKED = "loop.ll.xz"
ABOUT = "loop.json"
"""What the text was made of and by, and its digest."""

HARMLESS = ("CACHE_DIR", "CPU_NAME", "CPU_FEATURES", "DISABLE_JIT", "NUM_THREADS", "THREADING_LAYER")
"""Settings of Numba that do not change how it translates."""


@cache
def misfit() -> str | None:
    """Why the text cannot be used here, or None if it can."""
    others = sorted(name for name in os.environ if name.startswith("NUMBA_") and name[6:] not in HARMLESS)
    if others:
        return f"{others[0]} is set"
    if sys.maxsize < 1 << 62 or sys.byteorder != "little":
        return "this machine has other words than those of 64 bits that it was translated for"
    try:
        import lzma  # noqa: F401  # some builds of Python lack it

        about = json.loads(identity())
        if about["llvm"] != llvm_version():
            return f"llvmlite has LLVM {llvm_version()} here, and its shipped translation is for {about['llvm']}"
        if digest_of((FOLDER / PACKED).read_bytes()).hex() != about["packed"]:
            return f"its shipped translation, {PACKED}, is damaged"
        return changed(about["sources"])
    except (ImportError, OSError, ValueError, KeyError, TypeError) as error:
        return f"its shipped translation cannot be read ({error})"


def changed(sources: Mapping[str, str]) -> str | None:
    """Which source is another one than the text was made of, or None."""
    now = digests(sources)
    names = [name for name, digest in sources.items() if now.get(name) != digest]
    return f"{names[0]} has changed since it was translated" if names else None


def digests(sources: Iterable[str]) -> dict[str, str]:
    """Digests of source files that are there, whichever way their lines end."""
    paths = {name: PACKAGE / name for name in sources}
    return {
        name: digest_of(path.read_bytes().replace(b"\r\n", b"\n")).hex()
        for name, path in paths.items()
        if path.is_file()
    }


def identity() -> bytes:
    """What is said of the text: it differs wherever text, sources or the way to compile them do."""
    return (FOLDER / ABOUT).read_bytes()


def text() -> str:
    """The text itself."""
    import lzma

    return lzma.decompress((FOLDER / PACKED).read_bytes()).decode()


def llvm_version() -> str:
    """The version of LLVM as far as its text depends on it."""
    return ".".join(map(str, llvm.llvm_version_info[:2]))


def write(folder: Path, new: str, sources: Iterable[str]) -> None:
    """Put text into a folder; if it is the one that is there, only what is said of it changes."""
    import lzma

    packed = folder / PACKED
    if not packed.is_file() or lzma.decompress(packed.read_bytes()) != new.encode():
        packed.write_bytes(lzma.compress(new.encode(), preset=9 | lzma.PRESET_EXTREME))
    about = {
        "made_with": made_with(),
        "llvm": llvm_version(),
        "packed": digest_of(packed.read_bytes()).hex(),
        "sources": digests(sources),
    }
    (folder / ABOUT).write_bytes(json.dumps(about, indent=1).encode() + b"\n")


def made_with() -> dict[str, str]:
    """What else may give another text of the same sources, though one that does the same."""
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: version(name) for name in ("numba", "llvmlite")},
        "machine": llvm.get_process_triple(),
    }
