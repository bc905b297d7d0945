"""The counts of a load."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from loaders.untaken import UntakenKeys
from store.writing.batch import Outcome


class RootReport(NamedTuple):
    """What a load did with a root: it is new, or it took over others, or was loaded in part.

    `below` is the folder that was loaded, if it was not all of the root.
    """

    root: str
    below: str
    files: int
    is_new: bool
    taken_over: list[str]

    def lines(self) -> Iterator[str]:
        """Yield what there is to say."""
        if self.is_new:
            yield f"new root: {self.root} ({counted(self.files, 'file')})"
        if self.below:
            yield f"{self.root}/{self.below.rstrip('/')} belongs to the root {self.root}"
        for root in self.taken_over:
            yield f"{root} is no longer a root of its own: it belongs to {self.root}"


@dataclass
class Report:
    """The counts of one load.

    `files` counts all that were found. Inserted, updated, unchanged, superseded and pruned count
    documents (a page holds many), skipped and failed count files. `warnings` counts the values that
    were left out, and `untaken` the keys that no field took. `refused` is set when pruning
    would have deleted more than half of a root. `roots` are those that there is something to say
    about. `corpus` has what the database holds after the load, by kind; nothing after a dry run.
    """

    files: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    pruned: int = 0
    skipped: int = 0
    failed: int = 0
    warnings: int = 0
    seconds: float = 0.0
    refused: bool = False
    untaken: UntakenKeys = field(default_factory=UntakenKeys)
    roots: list[RootReport] = field(default_factory=list)
    corpus: dict[str, int] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Add the counts of a write."""
        self.inserted += outcome.inserted
        self.updated += outcome.updated
        self.unchanged += outcome.unchanged
        self.superseded += outcome.superseded
        self.pruned += outcome.pruned

    def as_dict(self) -> dict[str, object]:
        """Return the counts as `--json` prints them."""
        names = (count.name for count in fields(self) if count.type is int)
        return {name: getattr(self, name) for name in names} | {
            "seconds": round(self.seconds, 3),
            "untaken": [key._asdict() for key in self.untaken],
            "roots": [root._asdict() for root in self.roots],
            "corpus": self.corpus,
        }

    def as_check_dict(self) -> dict[str, object]:
        """Return the counts as `check --json` prints them: nothing is inserted or pruned there."""
        counts = self.as_dict()
        documents = self.inserted + self.updated
        return {"files": self.files, "documents": documents} | {
            name: counts[name]
            for name in ("superseded", "skipped", "failed", "warnings", "seconds", "untaken")
        }

    def __str__(self) -> str:
        return (
            f"{counted(self.files, 'file')}: {self.inserted} inserted, {self.updated} updated, "
            f"{self.unchanged} unchanged, {self.superseded} superseded, {self.pruned} pruned, "
            f"{self.skipped} skipped, {self.failed} failed, {counted(self.warnings, 'warning')} "
            f"in {self.seconds:.1f} s{self._now}"
        )

    @property
    def _now(self) -> str:
        held = (counted(number, kind.removesuffix("s")) for kind, number in self.corpus.items())
        return f"; now {', '.join(held)}" if self.corpus else ""

    @property
    def check_summary(self) -> str:
        """The summary line of `newsgraph check`."""
        return (
            f"{counted(self.files, 'file')}: {counted(self.inserted, 'document')}, "
            f"{self.skipped} skipped, {self.failed} failed, {counted(self.warnings, 'warning')} "
            f"in {self.seconds:.1f} s"
        )


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
