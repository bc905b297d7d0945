"""The folder of a search index: `DATA_DIR/search/DATABASE`, readable by its owner only.

Each version of the index's fields has a folder of its own in it, so servers of two releases do
not read each other's index while one replaces the other.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class SearchFolder:
    """The files beside the index, and the index of this release."""

    path: Path

    @classmethod
    def of(cls, data_dir: Path, database: str) -> Self:
        """Return the folder for a database, which `make` creates."""
        return cls(data_dir.absolute() / "search" / database)

    def make(self) -> None:
        """Create the folder, or tighten the mode of an existing one. Raises OSError."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)

    @property
    def lock(self) -> Path:
        """Locked by the follower of this host for as long as it lives."""
        return self.path / "follower.lock"

    @property
    def status(self) -> Path:
        """What the follower is doing: see `store.search.status`."""
        return self.path / "status.json"

    @property
    def index(self) -> Path:
        """The index of this release."""
        # Only here, as it takes 15 MB: the supervisor and `newsgraph status` need the rest alone.
        from store.search.fields import digest

        return self.path / digest()

    def remove_others(self) -> None:
        """Delete the indexes of other releases; who has one of them open can go on reading it."""
        for path in self.path.iterdir():
            if path.is_dir() and path != self.index:
                shutil.rmtree(path, ignore_errors=True)

    def remove_index(self) -> None:
        """Delete the index of this release."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.index)
