"""Find the files below a folder, as a stream in byte order of their paths.

The manifest has the same order, so that both can be compared in one pass.
"""

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from loaders.diagnostics import Problem
from loaders.exclusions import Exclusions, is_data_folder
from loaders.formats import SITE_FILE, SUFFIXES

# The settings of generators and tools have the formats of content.
_SETTINGS = "has settings of a tool"
_NOT_CONTENT = frozenset(
    f"{name}{suffix}"
    for name in ("_config", "config", "hugo")
    for suffix in (".yml", ".yaml", ".toml", ".json")
) | {
    SITE_FILE,
    "mkdocs.yml",
    "netlify.toml",
    "pyproject.toml",
    "cargo.toml",
    "package.json",
    "package-lock.json",
    "composer.json",
    "bower.json",
    "lerna.json",
    "tsconfig.json",
    "jsconfig.json",
    "vercel.json",
    "firebase.json",
}


_NONE = Exclusions()


class Found(NamedTuple):
    """A file below a root: content, or a file or folder to skip, or something with a problem.

    `path` is relative to the root, and `reason` says why something is skipped.
    """

    path: str
    is_content: bool
    problem: Problem | None = None
    reason: str = ""


def walk(root: str, exclusions: Exclusions = _NONE, below: str = "") -> Iterator[Found]:
    """Yield all files of a root, or those `below` a folder of it, which ends with a slash.

    Memory grows with the entries of one folder only. What is deleted meanwhile is left out, except
    for the root, which is a problem.
    """
    try:
        above = {_identity(os.stat(folder)) for folder in {root, f"{root}/{below}"}}  # noqa: PTH116
    except OSError as error:
        yield _unreadable(".", error)
        return
    yield from _Walk(root, exclusions).folder(below, above)


def kind_of(mode: int) -> str:
    """Describe a directory entry that is not a regular file."""
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a folder" if stat.S_ISDIR(mode) else "a device"


class _Walk:
    def __init__(self, root: str, exclusions: Exclusions) -> None:
        self._root = root
        self._exclusions = exclusions

    def folder(self, folder: str, above: set[tuple[int, int]]) -> Iterator[Found]:
        try:
            with os.scandir(os.path.join(self._root, folder)) as scan:  # noqa: PTH118
                # A folder sorts as its name with a slash, as it stands in the paths of its files.
                entries = sorted((_sort_key(entry), entry) for entry in scan)
        except OSError as error:
            if folder == "" or not isinstance(error, FileNotFoundError):
                yield _unreadable(folder or ".", error)
            return
        reason_of = self._exclusions.reason
        for key, entry in entries:
            path = folder + entry.name
            is_folder = key.endswith(b"/")
            if entry.name.startswith("."):
                yield _skipped(path, "is hidden")
            elif reason := reason_of(path, entry.name, is_folder=is_folder):
                yield _skipped(path, reason)
            elif not _is_printable(entry.name):
                message = (
                    "its name has a line break, a control character or bytes that are not UTF-8; "
                    "rename the file"
                )
                yield _problem(path, message, "file-name")
            elif is_folder:
                yield from self._below(path, entry, above)
            else:
                yield _file(path, entry)

    def _below(
        self, path: str, entry: os.DirEntry[str], above: set[tuple[int, int]]
    ) -> Iterator[Found]:
        try:
            identity = _identity(entry.stat())
        except FileNotFoundError:
            return
        except OSError as error:
            yield _unreadable(path, error)
            return
        if identity in above:
            message = "is a symbolic link to a folder that contains it"
            yield _problem(path, message, "symlink-loop")
        elif entry.is_symlink() and os.path.realpath(entry.path).startswith(f"{self._root}/"):
            # Its files are found where they are; links that link to each other would never end.
            yield _skipped(path, "is a link to another folder of the root")
        elif is_data_folder(entry.path, entry.name):
            yield _skipped(path, "has the data of newsgraph")
        else:
            yield from self.folder(f"{path}/", above | {identity})


def _file(path: str, entry: os.DirEntry[str]) -> Found:
    name = entry.name.lower()
    if os.path.splitext(name)[1] not in SUFFIXES:  # noqa: PTH122
        return _skipped(path, "has another type of file")
    if name in _NOT_CONTENT:
        return _skipped(path, _SETTINGS)
    try:
        if entry.is_file():
            return Found(path, is_content=True)
        mode = entry.stat().st_mode
    except FileNotFoundError:
        return _problem(path, "is a symbolic link to a file that does not exist", "vanished")
    except OSError as error:
        return _problem(path, f"cannot be read: {error.strerror}", "symlink-loop")
    return _problem(path, f"is {kind_of(mode)}, not a file", "not-a-file")


def _sort_key(entry: os.DirEntry[str]) -> bytes:
    try:
        is_folder = entry.is_dir()
    except OSError:
        is_folder = False
    return os.fsencode(entry.name) + (b"/" if is_folder else b"")


def _is_printable(name: str) -> bool:
    return name.isprintable() or not any(
        "\ud800" <= char <= "\udfff" or ord(char) < 32 or char == "\x7f" for char in name
    )


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _unreadable(path: str, error: OSError) -> Found:
    return _problem(path, f"cannot be read: {error.strerror}", "unreadable")


def _skipped(path: str, reason: str) -> Found:
    return Found(path, is_content=False, reason=reason)


def _problem(path: str, message: str, code: str) -> Found:
    return Found(path, is_content=False, problem=Problem(1, 1, "file", message, code))
