"""Batches of files, read alone or by worker processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders import workers
from loaders.read import Content, SourceFile
from loaders.workers import read_all
from tests.loaders.bad_inputs import front

MB = 2**20


def _files(count: int, root: Path) -> Iterator[SourceFile]:
    for number in range(count):
        content = Content(front("").encode(), str(number))
        yield SourceFile(str(root), f"{number}.md", content=content)


def _never() -> bool:
    return False


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("count", [0, 3, 4, 5, 30])
def test_results_come_in_the_order_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, count: int
) -> None:
    monkeypatch.setattr(workers, "BATCH", 4)

    batches = list(read_all(_files(count, tmp_path), jobs, MB, _never))

    assert all(len(batch) <= 4 for batch in batches)
    digests = [result.change.digest for batch in batches for result in batch if result.change]
    assert digests == [str(number) for number in range(count)]


def test_a_batch_is_bounded_by_the_bytes_that_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_BATCH_BYTES", 2 * len(front("")))

    batches = list(read_all(_files(5, tmp_path), 1, MB, _never))

    assert [len(batch) for batch in batches] == [2, 2, 1]


@pytest.mark.parametrize("jobs", [1, 2])
def test_reading_stops_between_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(workers, "BATCH", 4)
    answers = iter([False, False, True])

    batches = list(read_all(_files(30, tmp_path), jobs, MB, lambda: next(answers)))

    assert [len(batch) for batch in batches] == [4, 4]
