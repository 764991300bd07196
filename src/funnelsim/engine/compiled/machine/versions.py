"""What machine code hangs on, as one word: its name on disk."""

from __future__ import annotations

import hashlib
import os
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding as llvm

import funnelsim.model

from . import native, shipped
from .cache import DIGEST_BYTES

ENGINE = Path(__file__).parents[2]
MODEL = Path(funnelsim.model.__file__).parent


@cache
def version_key() -> str:
    """A hash of all that machine code hangs on: what it is made of, its compiler, and the processor."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    parts = [f"llvmlite {version('llvmlite')}", llvm.get_process_triple(), *native.processor()]
    for part in parts:
        digest.update(part.encode() + b"\n")
    digest.update(shipped.identity() if shipped.misfit() is None else of_sources())
    return digest.hexdigest()


def of_sources() -> bytes:
    """What translating here hangs on: Numba, its settings, Python, and all files of engine and model."""
    settings = sorted((name, value) for name, value in os.environ.items() if name.startswith("NUMBA_"))
    parts = [
        *(f"{name}={value}" for name, value in settings if name != "NUMBA_CACHE_DIR"),
        f"numba {version('numba')}",
        platform.python_version(),
    ]
    return "\n".join(parts).encode() + b"".join(
        path.name.encode() + b"\0" + path.read_bytes() for path in sources()
    )


def sources() -> list[Path]:
    """The files that may change the translation: those of this engine, what both share, and the model."""
    return [
        ENGINE / "codes.py",
        *(path for folder in (ENGINE / "compiled", MODEL) for path in sorted(folder.rglob("*.py"))),
    ]
