"""Standard input in all formats."""

import io
from types import SimpleNamespace

import pytest

from loaders.read import FileResult
from loaders.standard_input import read_standard_input

MARK = b"\xef\xbb\xbf"


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """The stream that replaces standard input."""
    stream = io.BytesIO()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stream))
    return stream


def _results(stdin: io.BytesIO, data: bytes, max_bytes: int = 1000) -> list[FileResult]:
    stdin.write(data)
    stdin.seek(0)
    return [result for batch in read_standard_input(max_bytes, lambda: False) for result in batch]


def _documents(results: list[FileResult]) -> list[int]:
    changes = [result.change for result in results if result.change]
    return [len(change.candidates) + len(change.definitions) for change in changes]


@pytest.mark.parametrize("mark", [b"", MARK])
@pytest.mark.parametrize(
    ("data", "documents"),
    [
        (b"---\ntitle: A\n---\nbody\n", 1),
        (b"title: A\n", 1),
        (b'{"title": "A"}', 1),
        (b'{"title":\n "A"}', 1),
        (b'[{"title": "A"}, {"title": "B"}]', 2),
        (b'{"value": [{"title": "A"}, {"title": "B"}]}', 2),
        (b'{"title": "A"}\n{"title": "B"}\n\n', 2),
        (b"taxonomy: topic\nname: AI\n", 1),
    ],
)
def test_the_format_is_that_of_the_content(
    stdin: io.BytesIO, mark: bytes, data: bytes, documents: int
) -> None:
    results = _results(stdin, mark + data)

    assert _documents(results) == [documents]
    assert [list(result.diagnostics) for result in results] == [[]]


def test_json_lines_are_read_as_they_arrive(stdin: io.BytesIO) -> None:
    lines = b"".join(b'{"title": "%d"}\n' % number for number in range(1200))

    assert _documents(_results(stdin, lines)) == [500, 500, 200]


def test_json_lines_end_when_the_load_is_stopped(stdin: io.BytesIO) -> None:
    stdin.write(b'{"title": "A"}\n' * 1200)
    stdin.seek(0)
    batches = read_standard_input(1000, lambda: stdin.tell() > 0 and stdin.tell() > 500 * 15)

    assert len(list(batches)) == 2


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "-:1:1: error: standard input: is empty [missing]"),
        (MARK + b" \n", "-:1:1: error: standard input: is empty [missing]"),
        (b"title: A\nexcerpt: " + b"x" * 1000,
         "-:1:1: error: file: is over the limit of 0.000953674 MB (raise it with --max-mb) "
         "[too-large]"),
        (b"title: A\nheat: x\n", "-:2:7: warning: heat: 'x' is not a whole number [integer]"),
        (b'{"title": "A"}\n{"heat": 1}\n', "-:2:1: error: title: is missing [missing]"),
        (b'{"title": "A"}\n{"title": "' + b"x" * 1000 + b'"}\n',
         "-:2:1001: error: JSON: unexpected end of data [json]"),
    ],
)  # fmt: skip
def test_unusable_input_is_reported(stdin: io.BytesIO, data: bytes, message: str) -> None:
    first, *_ = [
        diagnostic for result in _results(stdin, data) for diagnostic in result.diagnostics
    ]

    assert str(first) == message
