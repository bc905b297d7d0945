"""The server's log: kept small, and read for errors when the server does not start."""

import json
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

LIMIT = 16 * 1024 * 1024  # bytes


def rotate(log: Path) -> None:
    """Rename the log to `.1`, replacing the one before."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))


def trim(log: Path, pid: int) -> None:
    """Rotate the running server's log if it has grown over the limit."""
    if log.exists() and log.stat().st_size > LIMIT:
        rotate(log)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGUSR1)  # makes it reopen its log


def first_error(log: Path) -> str:
    """Return the first error in the log, or "" if there is none; later ones are consequences.

    A line is a JSON object: severity `s` (E, F: error, fatal), message `msg`, details `attr`.
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


def _detail(attr: Mapping[str, object]) -> str:
    """Return the text in an error's details: `message` from the storage engine, else `error`."""
    for key in ("message", "error"):
        match attr.get(key):
            case str(text):
                return text
            case {"errmsg": str(text)} | {"error_str": str(text)} | {"msg": str(text)}:
                return text
    return ""
