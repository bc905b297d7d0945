"""Content from standard input: a file with front matter, YAML, JSON in any form, or JSON lines.

It has no place in the manifest: what came this way stays until something supersedes it.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import IO

import orjson

from loaders.diagnostics import Diagnostic
from loaders.parse import Parsed, parse, parse_lines
from loaders.read import Result, Status, Task, digest_of, result_of
from loaders.targets import STANDARD_INPUT

_TASK = Task(STANDARD_INPUT, STANDARD_INPUT, None)
_LINES = 500
_MARK = b"\xef\xbb\xbf"


def read_standard_input(
    max_bytes: int, stopped: Callable[[], bool], stream: IO[bytes] | None = None
) -> Iterator[list[Result]]:
    """Read all of standard input. JSON lines are read as they come, in bounded memory."""
    stream = stream or sys.stdin.buffer
    first = stream.readline(max_bytes + 1)
    if first.removeprefix(_MARK).lstrip().startswith(b"{") and _is_whole(first):
        lines = enumerate(chain([first], iter(lambda: stream.readline(max_bytes + 1), b"")))
        while not stopped() and (some := list(islice(lines, _LINES))):
            yield [_result(parse_lines(_within(some, max_bytes), STANDARD_INPUT, "-"), b"")]
        return
    data = first + stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        message = f"is over the limit of {max_bytes / 2**20:g} MB (--max-mb)"
        problem = Diagnostic(STANDARD_INPUT, 1, 1, "file", message, "too-large")
        yield [Result(STANDARD_INPUT, Status.FAILED, problems=[problem])]
        return
    if not data.removeprefix(_MARK).strip():
        problem = Diagnostic(STANDARD_INPUT, 1, 1, "standard input", "is empty", "missing")
        yield [Result(STANDARD_INPUT, Status.FAILED, problems=[problem])]
        return
    yield [_result(parse(data, STANDARD_INPUT, _name(data)), data)]


def _name(data: bytes) -> str:
    """Give standard input a name that says what it is."""
    text = data.removeprefix(_MARK).lstrip()
    digest = digest_of(data)[:20]
    if text.startswith((b"{", b"[")):
        return f"-{digest}.json"
    return f"-{digest}.md" if text.startswith(b"---") else f"-{digest}.yaml"


def _is_whole(line: bytes) -> bool:
    """Tell whether a line is an item by itself, and so JSON lines' first."""
    try:
        data = orjson.loads(line.removeprefix(_MARK))
    except orjson.JSONDecodeError:
        return False
    return "value" not in data


def _within(lines: Iterable[tuple[int, bytes]], max_bytes: int) -> Iterator[tuple[int, bytes]]:
    for number, line in lines:
        # Half of a line that is too long says so itself: it is no JSON.
        yield number, line[:max_bytes]


def _result(parsed: Parsed, data: bytes) -> Result:
    return result_of(_TASK, STANDARD_INPUT, digest_of(data), parsed)
