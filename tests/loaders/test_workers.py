"""Batches of files, read alone or by worker processes."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders import workers
from loaders.read import SourceFile
from loaders.workers import read_all
from store.writing.file_ids import file_id
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import write

MB = 2**20


def _files(count: int, root: Path) -> Iterator[SourceFile]:
    for number in range(count):
        write(root / f"{number}.md", front(""))
        yield SourceFile(str(root), f"{number}.md")


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
    files = [result.change.file for batch in batches for result in batch if result.change]
    assert files == [file_id(str(tmp_path), f"{number}.md") for number in range(count)]


@pytest.mark.parametrize(("jobs", "calls", "sizes"), [(1, 3, [4, 4]), (2, 3, []), (2, 5, [4])])
def test_reading_stops_between_batches_and_drops_what_was_read_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, calls: int, sizes: list[int]
) -> None:
    monkeypatch.setattr(workers, "BATCH", 4)
    answers = iter([False] * (calls - 1) + [True])

    batches = list(read_all(_files(30, tmp_path), jobs, MB, lambda: next(answers)))

    assert [len(batch) for batch in batches] == sizes
    assert multiprocessing.active_children() == []
