"""What a load did, counted."""

from dataclasses import asdict, dataclass


@dataclass
class Report:
    """The counts of one load.

    `files` counts all that were found. Inserted, updated, unchanged, superseded and pruned count
    documents (a page holds many), skipped and failed count files.
    """

    files: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    pruned: int = 0
    skipped: int = 0
    failed: int = 0
    seconds: float = 0.0
    refused: bool = False  # a prune that would have deleted over half

    def as_dict(self) -> dict[str, int | float]:
        """Give the counts, as `--json` prints them."""
        counts = asdict(self)
        del counts["refused"]
        return counts | {"seconds": round(self.seconds, 3)}

    def __str__(self) -> str:
        # The words stay the same whatever the numbers: scripts read this line.
        return (
            f"{self.files} files: {self.inserted} inserted, {self.updated} updated, "
            f"{self.unchanged} unchanged, {self.superseded} superseded, {self.pruned} pruned, "
            f"{self.skipped} skipped, {self.failed} failed in {self.seconds:.1f} s"
        )

    @property
    def checked(self) -> str:
        """What a load would have to say that has no store: nothing is inserted or unchanged."""
        return (
            f"{counted(self.files, 'file')}: {counted(self.inserted, 'document')}, "
            f"{self.skipped} skipped, {self.failed} failed in {self.seconds:.1f} s"
        )


def counted(number: int, noun: str) -> str:
    """Give `1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
