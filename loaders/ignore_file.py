"""Read the file in which a root names what to leave out."""

from collections.abc import Sequence

from loaders.diagnostics import BadInput, Problem
from loaders.exclusions import Exclusions, Pattern, fault_of
from loaders.read import full_path, read_bytes

IGNORE_FILE = ".newsgraphignore"
MAX_BYTES = 64 * 1024
MAX_PATTERNS = 500


def exclusions_of(root: str, excluded: Sequence[str] = ()) -> Exclusions:
    """Return what a root leaves out: what its ignore file names, and the `excluded` patterns.

    Raises BadInput if the ignore file is not valid. It may name what nobody is meant to see, so
    nothing of the root may be loaded then.
    """
    patterns = [
        Pattern(line, f"line {number} of {IGNORE_FILE}")
        for number, line in enumerate(_lines(root), start=1)
        if line.strip() and not line.startswith("#")
    ]
    patterns += [Pattern(pattern, f"--exclude {pattern}") for pattern in excluded]
    return Exclusions(patterns)


def _lines(root: str) -> list[str]:
    try:
        lines = read_bytes(full_path(root, IGNORE_FILE), MAX_BYTES).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise _bad(1, "is not UTF-8; save the file as UTF-8") from None
    except BadInput as error:
        (problem,) = error.problems
        if problem.code == "vanished":
            return []
        if problem.code == "too-large":
            raise _bad(1, f"is larger than {MAX_BYTES // 1024} KiB") from None
        raise
    if len(lines) > MAX_PATTERNS:
        raise _bad(MAX_PATTERNS + 1, f"is over the limit of {MAX_PATTERNS} lines")
    for number, line in enumerate(lines, start=1):
        if fault := fault_of(line):
            raise _bad(number, fault)
    return lines


def _bad(line: int, message: str) -> BadInput:
    return BadInput(Problem(line, 1, "pattern", message, "ignore-file"))
