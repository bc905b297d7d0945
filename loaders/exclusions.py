"""What a root leaves out: what its patterns name, and folders that tools fill."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

MAX_WILDCARDS = 4
"""Of a pattern: each one more multiplies the time that matching a long name can take."""

_TOOL_FOLDERS = frozenset(
    ("node_modules", "bower_components", "_site", "_layouts", "_includes", "_sass")
)


class Pattern(NamedTuple):
    """A pattern in the syntax of gitignore, and where it stands, for messages."""

    text: str
    place: str


class Exclusions:
    """What to leave out of a root. Of the patterns that fit, the last decides.

    One that begins with `!` takes back what an earlier one, or newsgraph itself, leaves out.
    """

    def __init__(self, patterns: Sequence[Pattern] = ()) -> None:
        self._patterns = patterns
        self._spec = _spec_of([pattern.text for pattern in patterns]) if patterns else None

    def reason(self, path: str, name: str, *, is_folder: bool) -> str | None:
        """Return why a file or folder is left out, or None if it is not.

        `path` is relative to the root, and `name` is its last part. Whether a folder above is left
        out is not looked at.
        """
        if self._spec:
            found = self._spec.check_file(f"{path}/" if is_folder else path)
            if found.include is not None and found.index is not None:
                place = self._patterns[found.index].place
                return f"is excluded by {place}" if found.include else None
        if is_folder and name in _TOOL_FOLDERS:
            return "is a folder of a tool"
        return None

    def reason_on_the_way(self, path: str, *, is_folder: bool = False) -> str | None:
        """Return why a file or folder, or a folder above it, is left out, or None."""
        parts = path.split("/")
        for depth, name in enumerate(parts, start=1):
            below = "/".join(parts[:depth])
            if reason := self.reason(below, name, is_folder=is_folder or depth < len(parts)):
                return reason
        return None


def fault_of(pattern: str) -> str | None:
    """Return what is wrong with a pattern, or None."""
    wildcards = sum(
        char == "*" and pattern[max(at - 1, 0) : at] != "*" for at, char in enumerate(pattern)
    )
    if wildcards > MAX_WILDCARDS:
        return f"has more than {MAX_WILDCARDS} wildcards (*)"
    try:
        _spec_of([pattern])
    except ValueError:
        return "is not a pattern; write it as in .gitignore"
    return None


def is_data_folder(path: str, name: str) -> bool:
    """Return whether a folder is where newsgraph itself keeps its data."""
    if name != "mongodb":
        return False
    from store.embedded import is_server_folder  # which most loads do not need

    return is_server_folder(path)


def _spec_of(patterns: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec  # most roots have no patterns

    # Other backends are used if their packages happen to be installed.
    return GitIgnoreSpec.from_lines(patterns, backend="simple")
