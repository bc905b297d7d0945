"""What reading a file yields: a change, diagnostics, or nothing."""

import os
from pathlib import Path

import pytest

from loaders.diagnostics import BadInput
from loaders.read import FileResult, SourceFile, digest_of, read_bytes, read_file
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import write

MB = 2**20


def _read(path: Path, max_bytes: int = MB) -> FileResult:
    return read_file(SourceFile(str(path.parent), path.name), max_bytes)


def test_a_file_yields_the_change_to_write(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", front(""))

    change, diagnostics, _, _, superseded, untaken, skipped = _read(path)

    assert change is not None
    assert (change.file, change.digest) == (f"{tmp_path}//a.md", digest_of(path.read_bytes()))
    assert (change.is_new, change.complete) == (True, True)
    assert (len(change.candidates), change.definitions) == (1, [])
    assert (list(diagnostics), list(superseded), list(untaken)) == ([], [], [])
    assert skipped is None


def test_a_definition_is_part_of_the_change(tmp_path: Path) -> None:
    change = _read(write(tmp_path / "a.yaml", "taxonomy: topic\nname: AI\n")).change

    assert change is not None
    assert [definition["_id"] for definition in change.definitions] == ["topic:ai"]


def test_a_file_to_skip_yields_the_reason(tmp_path: Path) -> None:
    path = write(tmp_path / "README.md", "# About\n")

    assert _read(path) == FileResult(skipped=(str(path), "is about the repository"))


def test_a_file_that_was_loaded_and_is_no_longer_content_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a.html", "<p>A page")

    result = read_file(SourceFile(str(tmp_path), "a.html", is_new=False), MB)

    assert result.errors == 1
    (diagnostic,) = result.diagnostics
    assert diagnostic.code == "not-content"
    assert diagnostic.message == (
        "had items when it was loaded, but now it has no front matter; mend it or exclude it"
    )


def test_a_file_with_only_problems_yields_no_change(tmp_path: Path) -> None:
    change, diagnostics, *_ = _read(write(tmp_path / "a.yaml", "heat: x\n"))

    assert change is None
    assert [diagnostic.code for diagnostic in diagnostics] == ["missing", "integer"]
    assert {diagnostic.path for diagnostic in diagnostics} == {f"{tmp_path}/a.yaml"}


def test_a_file_with_some_problems_yields_an_incomplete_change(tmp_path: Path) -> None:
    change, diagnostics, *_ = _read(write(tmp_path / "a.jsonl", '{"title": "A"}\n{\n'))

    assert change is not None
    assert (len(change.candidates), change.complete) == (1, False)
    assert [(diagnostic.line, diagnostic.code) for diagnostic in diagnostics] == [(2, "json")]


def test_a_file_with_warnings_only_yields_a_complete_change(tmp_path: Path) -> None:
    result = _read(write(tmp_path / "a.md", front("heat: x\nmood: good\ncolour: blue")))

    assert result.change is not None
    assert (result.change.complete, result.errors) == (True, 0)
    assert [diagnostic.severity for diagnostic in result.diagnostics] == ["warning"]
    assert sorted(result.untaken) == ["colour", "mood"]


@pytest.mark.parametrize("kind", ["taxonomy: topic\nname", "title"])
def test_a_document_over_the_limit_of_mongodb_is_reported(tmp_path: Path, kind: str) -> None:
    text = f"{kind}: A\nx: &x {'y' * 6_000_000}\nz: [*x, *x]\n"

    change, diagnostics, *_ = _read(write(tmp_path / "a.yaml", text), 8 * MB)

    assert change is None
    assert [diagnostic.code for diagnostic in diagnostics] == ["document-too-large"]


@pytest.mark.parametrize("size", [0, 1, 99, 100])
def test_a_file_up_to_the_limit_is_read(tmp_path: Path, size: int) -> None:
    data = b"x" * size

    assert read_bytes(str(write(tmp_path / "a.md", data)), 100) == data


@pytest.mark.parametrize(
    ("size", "limit", "message"),
    [
        (101, 100, "is 0.0 MB; the limit is 9.53674e-05 MB (raise it with --max-mb)"),
        (2 * MB, MB, "is 2.0 MB; the limit is 1 MB (raise it with --max-mb)"),
    ],
)
def test_a_file_over_the_limit_is_refused(
    tmp_path: Path, size: int, limit: int, message: str
) -> None:
    path = write(tmp_path / "a.md", b"x" * size)

    with pytest.raises(BadInput) as raised:
        read_bytes(str(path), limit)

    (problem,) = raised.value.problems
    assert (problem.message, problem.code) == (message, "too-large")


def test_a_file_that_the_system_says_is_empty_is_read_to_its_end() -> None:
    assert read_bytes("/proc/self/status", MB).startswith(b"Name:")
    with pytest.raises(BadInput):
        read_bytes("/proc/self/status", 10)


def write_link(path: Path) -> Path:
    """Make a link to a file that does not exist."""
    path.symlink_to("gone")
    return path


def test_a_file_that_was_deleted_since_it_was_found_is_not_content(tmp_path: Path) -> None:
    path = tmp_path / "gone.md"

    assert _read(path) == FileResult(skipped=(str(path), "was deleted"))


def test_what_is_not_a_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")

    for path, message, code in (
        (tmp_path / "pipe.md", "is a pipe, not a file", "not-a-file"),
        (tmp_path, "is a folder, not a file", "not-a-file"),
        (Path("/dev/null"), "is a device, not a file", "not-a-file"),
        (write_link(tmp_path / "broken.md"), "no longer exists", "vanished"),
        (Path("/proc/self/mem"), "cannot be read: Input/output error", "unreadable"),
    ):
        (diagnostic,) = _read(path).diagnostics
        assert (diagnostic.message, diagnostic.code) == (message, code)
