"""Machine code on disk: the event loop is compiled once for each version, processor and Numba.

It is read back without Numba, whose import takes longer than a short run.
"""

from __future__ import annotations

import hashlib
import os
import platform
import stat
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding as llvm

import funnelsim.model

ENGINE = Path(__file__).parents[2]
MODEL = Path(funnelsim.model.__file__).parent
DIGEST_BYTES = 16


def digest_of(content: bytes) -> bytes:
    """What tells whether a file is whole."""
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()


def sources() -> list[Path]:
    """The files that machine code is made of: those of this engine, what both share, and the model."""
    return [
        ENGINE / "codes.py",
        *(path for folder in (ENGINE / "compiled", MODEL) for path in sorted(folder.rglob("*.py"))),
    ]


@cache
def version_key() -> str:
    """A hash of all that machine code hangs on: sources, compilers, processor and settings."""
    settings = sorted((name, value) for name, value in os.environ.items() if name.startswith("NUMBA_"))
    parts = [
        *(f"{name}={value}" for name, value in settings if name != "NUMBA_CACHE_DIR"),
        *(f"{name} {version(name)}" for name in ("numba", "llvmlite")),
        platform.python_version(),
        llvm.get_process_triple(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
    ]
    digest = hashlib.blake2b("\n".join(parts).encode(), digest_size=DIGEST_BYTES)
    for path in sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def folders() -> list[Path]:
    """Where machine code may be kept, in order of preference."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    usual = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or _caches_at_home()
    user = getattr(os, "getuid", lambda: "user")()
    spare = Path(tempfile.gettempdir()) / f"funnelsim-{user}"
    return [*([Path(named)] if named else []), *([Path(usual) / "funnelsim"] if usual else []), spare]


def _caches_at_home() -> Path | None:
    try:
        return Path.home() / ".cache"
    except RuntimeError:  # neither HOME nor an entry among the users, as in some containers
        return None


def is_own(folder: Path) -> bool:
    """Whether nobody else can put files into a folder: what lies there is run."""
    if not hasattr(os, "getuid"):
        return True
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def path_in(folder: Path) -> Path:
    """The file for this version; versions side by side do not replace each other."""
    return folder / f"loop-{version_key()}.o"


def kept() -> bytes | None:
    """The machine code on disk, or None if there is none that is whole."""
    for folder in folders():
        try:
            content = path_in(folder).read_bytes() if is_own(folder) else b""
        except OSError:
            continue
        if len(content) > DIGEST_BYTES and digest_of(content[DIGEST_BYTES:]) == content[:DIGEST_BYTES]:
            return content[DIGEST_BYTES:]
    return None


def keep(code: bytes) -> None:
    """Put machine code into the first folder that can be written to; without one, every process compiles anew."""
    for folder in folders():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not is_own(folder):
                continue
            handle, name = tempfile.mkstemp(dir=folder)
        except OSError:
            continue
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(digest_of(code) + code)
            os.replace(name, path_in(folder))
        except OSError:
            os.unlink(name)
            continue
        return
