"""The server's log: kept small, and read when the server does not start."""

import json
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

LIMIT = 16 * 1024 * 1024  # bytes


def rotate(log: Path) -> None:
    """Put the log aside as `.1`, over the one before."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))


def trim(log: Path, pid: int) -> None:
    """Rotate the log of the running server if it has grown over the limit."""
    if log.exists() and log.stat().st_size > LIMIT:
        rotate(log)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGUSR1)  # it opens its log anew


def complaint(log: Path) -> str:
    """The first error in the log, as one phrase; those after it are its consequences.

    Empty if there is none. A log line is a JSON object: severity `s` (E, F: error, fatal), message
    `msg` and its details `attr`.
    """
    try:
        lines = log.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("s") in ("E", "F"):
            return f"{entry['msg']}: {_detail(entry.get('attr', {}))}".rstrip(": .")
    return ""


def _detail(attr: dict[str, Any]) -> str:
    """The words in an error's details: mongod's own are in `error`, its storage's in `message`."""
    for key in ("message", "error"):
        match attr.get(key):
            case str(words):
                return words
            case {"errmsg": str(words)} | {"error_str": str(words)} | {"msg": str(words)}:
                return words
    return ""
