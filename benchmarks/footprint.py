"""What a server takes: the memory of each of its processes, and disk."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """Megabytes of a process. Files that it maps, as the index, are shared by all."""

    own: int
    files: int

    def __str__(self) -> str:
        return f"{self.own} + {self.files} MB"


def memory_by_process(worker: int, folder: Path) -> dict[str, Memory]:
    """Return the memory of a server's worker, its follower, and the MongoDB of a data folder."""
    found = {"worker": _memory(worker)}
    supervisor = int(_status(worker)["PPid"])
    for pid, command in _processes():
        if b"api.follower_main" in command and int(_status(pid)["PPid"]) == supervisor:
            found["follower"] = _memory(pid)
        elif b"mongod\0" in command and str(folder).encode() in command:
            found["mongod"] = _memory(pid)
    return found


def disk_mb(folder: Path) -> float:
    """Return the megabytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _processes() -> Iterator[tuple[int, bytes]]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield int(path.parent.name), path.read_bytes()
        except OSError:  # it has ended
            continue


def _memory(pid: int) -> Memory:
    status = _status(pid)
    own, files = (int(status[name].split()[0]) // 1024 for name in ("RssAnon", "RssFile"))
    return Memory(own, files)


def _status(pid: int) -> dict[str, str]:
    text = Path(f"/proc/{pid}/status").read_text()
    return dict(re.findall(r"^(\w+):\s*(.*)$", text, re.MULTILINE))
