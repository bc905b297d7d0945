"""The server's log: kept small, and read for errors when the server does not start or has died."""

import json
import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

LIMIT = 16 * 1024 * 1024  # bytes
# Of the log, in which `cause_of_death` looks: a fatal error comes with a long stack trace.
_LAST_BYTES = 64 * 1024


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
    """Return the first error in the log, or "" if there is none; later ones are consequences."""
    return next(_errors(_entries(log)), "")


def cause_of_death(log: Path) -> str:
    """Return why a server that listened does not run any more, as the end of its log shows it."""
    entries = list(_entries(log, _LAST_BYTES))
    if any(entry.get("s") == "F" for entry in entries):
        return next(_errors(entries))
    if any(entry.get("msg") == "Shutting down" for entry in entries):
        return "it was told to stop"
    return "it was killed, as the system does when memory runs out"


def _entries(log: Path, last_bytes: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield the log's lines, or those in its last bytes: JSON objects.

    They have a severity `s` (E, F: error, fatal), a message `msg`, and details `attr`.
    """
    try:
        with log.open("rb") as file:
            if last_bytes:
                file.seek(max(0, log.stat().st_size - last_bytes))
            lines = file.read().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict):
                yield entry


def _errors(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for entry in entries:
        if entry.get("s") in ("E", "F"):
            yield f"{entry.get('msg')}: {_detail(entry.get('attr', {}))}".strip().rstrip(": .")


def _detail(attr: Mapping[str, object]) -> str:
    """Return the text in an error's details: `message` from the storage engine, else `error`."""
    for key in ("message", "error"):
        match attr.get(key):
            case str(text):
                return text
            case {"errmsg": str(text)} | {"error_str": str(text)} | {"msg": str(text)}:
                return text
    return ""
