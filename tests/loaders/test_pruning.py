"""Which files are gone, and when that looks like a mistake."""

import pytest

from loaders.pruning import Pruning
from store.writing.manifest import LoadedFile

LOADED = LoadedFile("a.md", "digest", 1)


def _fill(pruning: Pruning, gone: int, kept: int) -> None:
    for _ in range(gone):
        pruning.add(LOADED)
    for _ in range(kept):
        pruning.keep()


@pytest.mark.parametrize(
    ("gone", "kept", "is_more_than_half"),
    [(0, 0, False), (0, 5, False), (2, 2, False), (3, 2, True), (1, 0, True)],
)
def test_more_than_half_of_the_files_is_suspicious(
    gone: int, kept: int, is_more_than_half: bool
) -> None:
    with Pruning() as pruning:
        _fill(pruning, gone, kept)

        assert pruning.is_more_than_half is is_more_than_half
        assert str(pruning) == f"{gone} of {gone + kept} files are gone"


def test_missing_files_come_in_batches() -> None:
    with Pruning() as pruning:
        _fill(pruning, 1200, 0)

        assert len(pruning) == 1200
        assert [len(batch) for batch in pruning.batches()] == [500, 500, 200]
        assert next(pruning.batches())[0] == LOADED
