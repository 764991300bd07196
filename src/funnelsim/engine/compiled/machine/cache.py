"""Machine code on disk: the event loop is compiled once for each version and processor."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

DIGEST_BYTES = 16


def digest_of(content: bytes) -> bytes:
    """What tells whether a file is whole."""
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()


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


def path_in(folder: Path, version: str) -> Path:
    """The file for a version; versions side by side do not replace each other."""
    return folder / f"loop-{version}.o"


def kept(version: str) -> bytes | None:
    """The machine code of a version on disk, or None if there is none that is whole."""
    for folder in folders():
        try:
            content = path_in(folder, version).read_bytes() if is_own(folder) else b""
        except OSError:
            continue
        if len(content) > DIGEST_BYTES and digest_of(content[DIGEST_BYTES:]) == content[:DIGEST_BYTES]:
            return content[DIGEST_BYTES:]
    return None


def keep(version: str, code: bytes) -> None:
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
            os.replace(name, path_in(folder, version))
        except OSError:
            os.unlink(name)
            continue
        return
