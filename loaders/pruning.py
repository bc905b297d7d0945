"""Decide which documents `--prune` deletes: those of files that are gone from their folder."""

from collections.abc import Iterator
from typing import Self

from loaders.spool import Spool
from store.writing.manifest import LoadedFile

_BATCH = 500


class Pruning:
    """Collects the files that are gone from a root. Use it as a context manager.

    A folder that cannot be read hides its files, so set `is_complete` to False when one is found.
    """

    def __init__(self) -> None:
        self.is_complete = True
        self._gone = Spool()
        self._kept = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.close()

    def keep(self) -> None:
        """Count a file that was loaded before and is still there."""
        self._kept += 1

    def add(self, file: LoadedFile) -> None:
        """Add a file that was loaded before and is gone."""
        self._gone.add(file)

    @property
    def is_more_than_half(self) -> bool:
        """Whether more files are gone than are still there: perhaps a mistake."""
        return len(self._gone) > self._kept

    def __str__(self) -> str:
        return f"{len(self._gone)} of {len(self._gone) + self._kept} files are gone"

    def __len__(self) -> int:
        return len(self._gone)

    def batches(self) -> Iterator[list[LoadedFile]]:
        """Yield the files that are gone, in batches."""
        return self._gone.batches(_BATCH)
