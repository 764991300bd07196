"""What this machine has left: memory and room on disk."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
CGROUPS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (
        Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        Path("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ),
)
"""Limit and use of a container, in version 2 and 1 of the kernel's interface."""


def free_memory() -> int | None:
    """Bytes of memory that can be had, within the limit of a container; None where nobody says."""
    known = [size for size in (_available(), *_left_in_groups()) if size is not None]
    return min(known, default=None)


def free_disk() -> int | None:
    """Bytes free for temporary files; None where nobody says."""
    try:
        return shutil.disk_usage(tempfile.gettempdir()).free
    except OSError:
        return None


def _available() -> int | None:
    """What the system has: what it says is available (Linux), or all there is (macOS, Windows)."""
    try:
        for line in MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    if sys.platform == "win32":
        return _of_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return None


def _of_windows() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_uint32), ("load", ctypes.c_uint32)] + [
            (name, ctypes.c_uint64)
            for name in ("all", "free", "paged", "unpaged", "virtual", "unused", "extended")
        ]

    status = Status()
    status.length = ctypes.sizeof(Status)
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # known on Windows alone
    return int(status.free) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def _left_in_groups() -> list[int | None]:
    """What a container's limit leaves; a limit beyond any machine's memory is none."""
    left: list[int | None] = []
    for limit, used in CGROUPS:
        try:
            left.append(max(0, int(limit.read_text()) - int(used.read_text())))
        except (OSError, ValueError):
            continue  # no such group, or `max`
    return left
