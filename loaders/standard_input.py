"""Read standard input: a file with front matter, YAML, JSON in any form, or JSON lines.

Items that came this way stay until another supersedes them: there is no file that could change or
go. Definitions of providers and topics have a document in the manifest each, which holds them.
"""

import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from itertools import chain, islice

import orjson

from loaders.diagnostics import Problem
from loaders.parse import parse, parse_lines
from loaders.parsed_file import NotContent, ParsedFile
from loaders.read import FileResult, SourceFile, digest_of, result_of
from loaders.targets import STANDARD_INPUT

_LINES_AT_ONCE = 500
_FILE = SourceFile(STANDARD_INPUT, STANDARD_INPUT)


def read_standard_input(max_bytes: int, stopped: Callable[[], bool]) -> Iterator[list[FileResult]]:
    """Read all of standard input; JSON lines as they arrive, in bounded memory."""
    stream = sys.stdin.buffer
    first = stream.readline(max_bytes + 1)
    if _is_json_line(first):
        rest = iter(lambda: stream.readline(max_bytes + 1), b"")
        lines = enumerate(chain([first], rest))
        while not stopped() and (batch := list(islice(lines, _LINES_AT_ONCE))):
            # A line that is too long is cut, which makes it invalid JSON.
            cut = ((number, line[:max_bytes]) for number, line in batch)
            yield [_result(parse_lines(cut, STANDARD_INPUT, "-"), b"")]
        return
    data = first + stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        message = f"is over the limit of {max_bytes / 2**20:g} MB (raise it with --max-mb)"
        yield [_failure("file", message, "too-large")]
    elif not data.removeprefix(BOM_UTF8).strip():
        yield [_failure("standard input", "is empty", "missing")]
    else:
        yield [_result(parse(data, STANDARD_INPUT, _file_name(data)), data)]


def _file_name(data: bytes) -> str:
    """Return a name for the content, with the suffix of its format."""
    text = data.removeprefix(BOM_UTF8).lstrip()
    digest = digest_of(data)[:20]
    if text.startswith((b"{", b"[")):
        return f"-{digest}.json"
    is_front_matter = text.startswith((b"---", b"+++"))
    return f"-{digest}.md" if is_front_matter else f"-{digest}.yaml"


def _is_json_line(line: bytes) -> bool:
    """Return whether a line is an item of its own, so that JSON lines must follow."""
    line = line.removeprefix(BOM_UTF8)
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        return "value" not in orjson.loads(line)
    except orjson.JSONDecodeError:
        return False


def _failure(field: str, message: str, code: str) -> FileResult:
    return FileResult.failed(STANDARD_INPUT, [Problem(1, 1, field, message, code)])


def _result(parsed: ParsedFile | NotContent, data: bytes) -> FileResult:
    if isinstance(parsed, NotContent):
        return FileResult(skipped=("standard input", parsed.reason))
    return result_of(_FILE, STANDARD_INPUT, digest_of(data), parsed)
