"""How much memory the server's cache may take."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

MIN_MB: Final = 256
"""The least that MongoDB accepts for its cache."""
MAX_DEFAULT_MB: Final = 1024
"""Enough for 200,000 items of 4 KB. The cache grows with what is read, up to its limit."""

_SHARE: Final = 4  # the machine runs a browser and an editor, too
_CGROUP_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def default_cache_mb(limits: Sequence[Path] = _CGROUP_LIMITS) -> int:
    """Return the size of the cache in MB: 1 GB, but no more than a quarter of the memory.

    A container has the memory that its control group allows (Linux kernel, "Control Group v2").
    """
    memory = min([_physical_memory(), *_limits_in(limits)])
    return min(MAX_DEFAULT_MB, max(MIN_MB, memory // 2**20 // _SHARE))


def _physical_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _limits_in(files: Sequence[Path]) -> list[int]:
    found = []
    for file in files:
        try:
            found.append(int(file.read_text("ascii")))
        except (OSError, ValueError):  # another system, or "max"
            continue
    return found
