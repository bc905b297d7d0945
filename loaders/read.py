"""Reading one file: its bytes, its digest, and what they become. Runs in worker processes too."""

import errno
import os
import stat
from collections.abc import Sequence
from enum import Enum
from hashlib import blake2b
from typing import NamedTuple

from loaders.diagnostics import BadInput, Diagnostic, Fault
from loaders.parse import Parsed, parse
from loaders.walk import kind_of
from store.writing.candidates import Candidate, FileChange, Unstorable, candidate, definition
from store.writing.file_ids import file_id

MAX_BYTES = 8 * 1024 * 1024
# Part of every digest: raise it when the same bytes begin to give other documents.
_READING = b"newsgraph 1"


class Task(NamedTuple):
    """A file to read; `known` is the digest of what was last loaded from it, None for a new one."""

    root: str
    path: str
    known: str | None


class Status(Enum):
    """What became of a file."""

    LOADED = 1
    UNCHANGED = 2
    SKIPPED = 3
    FAILED = 4


class Result(NamedTuple):
    """A file's status, what to write for it, what is wrong, and which of its own lost."""

    path: str
    status: Status
    change: FileChange | None = None
    problems: Sequence[Diagnostic] = ()
    losers: Sequence[str] = ()


def full_path(root: str, path: str) -> str:
    """Give a file's absolute path."""
    return os.path.join(root, path)  # noqa: PTH118 - pathlib costs more than reading a file


def read_file(task: Task, max_bytes: int) -> Result:
    """Read a file, and parse it unless it is as it was."""
    shown = full_path(task.root, task.path)
    try:
        data = read_bytes(shown, max_bytes)
    except BadInput as error:
        return _failed(shown, error)
    digest = digest_of(data)
    if digest == task.known:
        return Result(task.path, Status.UNCHANGED)
    return result_of(task, shown, digest, parse(data, task.root, task.path))


def result_of(task: Task, shown: str, digest: str, parsed: Parsed) -> Result:
    """Turn what a text gave into what to write. `shown` is the path that diagnostics name."""
    if parsed.skipped:
        return Result(task.path, Status.SKIPPED)
    file = file_id(task.root, task.path)
    faults = list(parsed.faults)
    candidates: list[Candidate] = []
    definitions = []
    for kind, document in parsed.documents:
        try:
            if kind == "item":
                candidates.append(candidate(document, file))
            else:
                definitions.append(definition(document))
        except Unstorable as error:
            faults.append(Fault(1, 1, "document", str(error), error.code))
    # Fields are read in our order; whoever mends the file goes from its first line to its last.
    problems = [Diagnostic.at(shown, fault) for fault in sorted(faults)]
    if problems and not candidates and not definitions:
        return Result(task.path, Status.FAILED, problems=problems)
    change = FileChange(
        file=file,
        digest=digest,
        is_new=task.known is None,
        candidates=candidates,
        definitions=definitions,
        complete=not problems,
    )
    status = Status.FAILED if problems else Status.LOADED
    return Result(task.path, status, change, problems, parsed.losers)


def read_bytes(path: str, max_bytes: int) -> bytes:
    """Give a file's bytes. Never waits for a pipe. Raises BadInput."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise _unreadable(error) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            message = f"is {kind_of(status.st_mode)}, not a file"
            raise BadInput(Fault(1, 1, "file", message, "not-a-file"))
        data = b""
        if status.st_size <= max_bytes:
            # One byte more shows a file that grew meanwhile, and saves asking for its end.
            data = os.read(descriptor, status.st_size + 1)
            while len(data) <= max_bytes and (more := os.read(descriptor, 1 << 20)):
                data += more
        if status.st_size > max_bytes or len(data) > max_bytes:
            size = max(status.st_size, len(data)) / 2**20
            message = f"has {size:.1f} MB; the limit is {max_bytes / 2**20:g} MB (--max-mb)"
            raise BadInput(Fault(1, 1, "file", message, "too-large"))
        return data
    except OSError as error:
        raise _unreadable(error) from None
    finally:
        os.close(descriptor)


def digest_of(data: bytes) -> str:
    """Give the digest by which a file is known to be unchanged."""
    return blake2b(data, digest_size=16, person=_READING).hexdigest()


def _unreadable(error: OSError) -> BadInput:
    code = {errno.ENOENT: "vanished", errno.ELOOP: "symlink-loop", errno.ENXIO: "not-a-file"}
    reason = error.strerror or "unknown reason"
    message = "is gone" if error.errno == errno.ENOENT else f"cannot be read: {reason}"
    return BadInput(Fault(1, 1, "file", message, code.get(error.errno or 0, "unreadable")))


def _failed(shown: str, error: BadInput) -> Result:
    problems = [Diagnostic.at(shown, fault) for fault in error.faults]
    return Result(shown, Status.FAILED, problems=problems)
