"""The server's log: kept small, and read when the server does not start."""

import json
import os
import signal
from pathlib import Path

LIMIT = 16 * 1024 * 1024  # bytes


def rotate(log: Path) -> None:
    """Put the log aside as `.1`, over the one before."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))


def trim(log: Path, pid: int) -> None:
    """Rotate the log of the running server if it has grown over the limit."""
    if log.exists() and log.stat().st_size > LIMIT:
        rotate(log)
        os.kill(pid, signal.SIGUSR1)  # it opens its log anew


def complaint(log: Path) -> str:
    """The last error in the log, as one phrase; empty if there is none.

    A log line is a JSON object: severity `s`, message `msg` and its details `attr`.
    """
    try:
        lines = log.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    for line in reversed(lines):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("s") in ("E", "F"):
            detail = entry.get("attr", {})
            detail = detail.get("error", detail)
            if isinstance(detail, dict):
                detail = detail.get("errmsg", detail.get("message", detail))
            return f"{entry['msg']}: {detail}" if detail else str(entry["msg"])
    return ""
