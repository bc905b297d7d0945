"""What the last build of a site wrote: a file in the site itself."""

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

FILE: Final = ".newsgraph-build.json"


class BuiltEntry(BaseModel):
    """An answer: a digest of all that it depends on, and its files, the pages in order."""

    key: str
    files: list[str]


class BuildState(BaseModel):
    """The answers of a build, by name."""

    entries: dict[str, BuiltEntry] = {}

    @property
    def files(self) -> set[str]:
        """All files of the build."""
        return {file for entry in self.entries.values() for file in entry.files}


def read_state(site: Path) -> BuildState:
    """Return the state of a site; an empty one if there is none, or none that can be read."""
    try:
        return BuildState.model_validate_json((site / FILE).read_bytes())
    except (FileNotFoundError, ValidationError):
        return BuildState()
