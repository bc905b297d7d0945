"""What the follower of a host is doing: a file that it writes, and servers and commands read."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self


class Activity(StrEnum):
    """What a follower does."""

    STARTING = "starting"
    BUILDING = "building"
    FOLLOWING = "following"
    WAITING = "waiting"  # for MongoDB, or after a failure


@dataclass(frozen=True)
class FollowerStatus:
    """What a follower does, and how far it is.

    `version` is the corpus version that the index holds, -1 if it holds none yet. While it is
    built, `done` of about `total` items are. `problem` is why the follower waits.
    """

    activity: Activity = Activity.STARTING
    version: int = -1
    done: int = 0
    total: int = 0
    problem: str = ""

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return what was last written to a file; None if that is nothing that makes sense."""
        try:
            content = json.loads(path.read_text("utf-8"))
            return cls(**content | {"activity": Activity(content["activity"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, path: Path) -> None:
        """Replace the content of a file at once. Raises OSError."""
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self)), "utf-8")
        draft.replace(path)

    @property
    def progress(self) -> float:
        """How much of the index is built: from 0 to 1."""
        if self.activity is Activity.FOLLOWING:
            return 1.0
        return min(self.done / self.total, 0.99) if self.total else 0.0

    def __str__(self) -> str:
        """Return a phrase that goes on after "The search index"."""
        match self.activity:
            case Activity.BUILDING:
                return f"is being built: {self.progress:.0%} of {self.total} items"
            case Activity.FOLLOWING:
                return f"has version {self.version} of the corpus"
            case Activity.WAITING:
                return f"waits: {self.problem}"
            case Activity.STARTING:
                return "is being opened"
