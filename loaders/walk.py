"""Finding files: a streaming walk in the order of the paths' bytes, which the manifest shares."""

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from loaders.diagnostics import Diagnostic
from loaders.parse import SUFFIXES

# Jekyll's own settings are YAML too, but no content.
_NOT_CONTENT = frozenset(("_config.yml", "_config.yaml"))


class Found(NamedTuple):
    """A file to read, or None with what is wrong instead, or neither: to be skipped."""

    path: str
    wanted: bool
    problem: Diagnostic | None = None


def walk(root: str) -> Iterator[Found]:
    """Give all files below a folder by path. Memory grows with one folder's entries only."""
    yield from _walk(root, "", {_identity(os.stat(root))})  # noqa: PTH116


def _walk(root: str, folder: str, above: set[tuple[int, int]]) -> Iterator[Found]:
    try:
        with os.scandir(os.path.join(root, folder)) as scan:  # noqa: PTH118
            # A folder's files come where its name with a slash would: the order of whole paths.
            entries = sorted((_key(entry), entry) for entry in scan)
    except OSError as error:
        yield _problem(folder or ".", f"cannot be read: {error.strerror}", "unreadable")
        return
    for key, entry in entries:
        path = folder + entry.name
        if entry.name.startswith("."):
            yield Found(path, wanted=False)
        elif not _clean(entry.name):
            message = "rename the file: its name has a line break, or bytes that are not UTF-8"
            yield _problem(path, message, "file-name")
        elif key.endswith(b"/"):
            yield from _enter(root, path, entry, above)
        else:
            yield _file(path, entry)


def _enter(
    root: str, path: str, entry: os.DirEntry[str], above: set[tuple[int, int]]
) -> Iterator[Found]:
    try:
        identity = _identity(entry.stat())
    except OSError as error:
        yield _problem(path, f"cannot be read: {error.strerror}", "unreadable")
        return
    if identity in above:
        yield _problem(path, "is a symbolic link to a folder that it is in", "symlink-loop")
        return
    if entry.is_symlink() and os.path.realpath(entry.path).startswith(f"{root}/"):
        # Its files come from where they are; links that link each other would never end.
        yield Found(path, wanted=False)
        return
    yield from _walk(root, f"{path}/", above | {identity})


def _file(path: str, entry: os.DirEntry[str]) -> Found:
    name = entry.name.lower()
    if os.path.splitext(name)[1] not in SUFFIXES or name in _NOT_CONTENT:  # noqa: PTH122
        return Found(path, wanted=False)
    try:
        if entry.is_file():
            return Found(path, wanted=True)
        mode = entry.stat().st_mode
    except FileNotFoundError:
        return _problem(path, "is a symbolic link to nothing", "vanished")
    except OSError as error:
        return _problem(path, f"cannot be read: {error.strerror}", "symlink-loop")
    return _problem(path, f"is {kind_of(mode)}, not a file", "not-a-file")


def kind_of(mode: int) -> str:
    """Give what a thing in a folder is that is no file."""
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a folder" if stat.S_ISDIR(mode) else "a device"


def _key(entry: os.DirEntry[str]) -> bytes:
    try:
        is_dir = entry.is_dir()
    except OSError:
        is_dir = False
    return os.fsencode(entry.name) + (b"/" if is_dir else b"")


def _clean(name: str) -> bool:
    return name.isprintable() or not any(
        "\ud800" <= char <= "\udfff" or ord(char) < 32 or char == "\x7f" for char in name
    )


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _problem(path: str, message: str, code: str) -> Found:
    return Found(path, wanted=False, problem=Diagnostic(path, 1, 1, "file", message, code))
