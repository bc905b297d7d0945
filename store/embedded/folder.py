"""The folder of the embedded server and its files, readable by their owner only."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from store.embedded.errors import UnusableFolder

_USERS_LOCK = "users.lock"


def has_data_in(data_dir: Path) -> bool:
    """Return whether a server has been started in this data folder."""
    return (data_dir / "mongodb").is_dir()


def is_server_folder(path: str) -> bool:
    """Return whether a folder is the `mongodb` of a data folder."""
    return Path(path, _USERS_LOCK).is_file()


@dataclass(frozen=True)
class State:
    """What a process must know about a server that another process started.

    `version` is that of the mongod that created the data files. `ready` is false from before a
    launch until the server is a primary and has its user: it shows that a start was interrupted.
    """

    port: int = 0
    ready: bool = False
    version: str = ""


@dataclass(frozen=True)
class Folder:
    """`DATA_DIR/mongodb`, mode 0700; every file in it is 0600."""

    path: Path
    cache_mb: int | None = None
    """The size of the cache of a server that is started here; None: what the memory allows."""

    @classmethod
    def at(cls, data_dir: Path, cache_mb: int | None = None) -> Self:
        """Create the folder, or tighten the modes of an existing one."""
        folder = cls(data_dir.absolute() / "mongodb", cache_mb)
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in (folder.path, folder.data):
                path.mkdir(mode=0o700, exist_ok=True)
                path.chmod(0o700)
            for path in (folder.users_lock, folder.start_lock, folder.keeper_lock):
                path.touch(mode=0o600)
        except OSError as error:
            raise UnusableFolder(folder.path, error.strerror or str(error)) from error
        return folder

    def make_secrets(self) -> None:
        """Create the key and the password if they are missing; one process at a time."""
        for path in (self.key, self.password):
            if not _has_content(path):
                _write(path, secrets.token_hex(48))  # a keyfile may hold base64 characters only

    @property
    def has_secrets(self) -> bool:
        """Whether there are a key and a password; a power cut can leave an empty file."""
        return _has_content(self.key) and _has_content(self.password)

    @property
    def data(self) -> Path:
        """The data files: mongod's `--dbpath`."""
        return self.path / "data"

    @property
    def key(self) -> Path:
        """The keyfile: the password of `__system`, as which replica set members authenticate."""
        return self.path / "key"

    @property
    def password(self) -> Path:
        """The password of the user in the URI."""
        return self.path / "password"

    @property
    def log(self) -> Path:
        """The log of the latest start; that of the one before has `.1` appended."""
        return self.path / "mongod.log"

    @property
    def server_lock(self) -> Path:
        """Mongod's own lock file: locked while mongod runs, with its process id inside."""
        return self.data / "mongod.lock"

    @property
    def users_lock(self) -> Path:
        """Locked, shared, by every process that uses the server."""
        return self.path / _USERS_LOCK

    @property
    def start_lock(self) -> Path:
        """Locked exclusively by the process that starts, joins or stops the server."""
        return self.path / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        """Locked exclusively by the keeper for as long as it lives."""
        return self.path / "keeper.lock"

    @property
    def state(self) -> State:
        """The state last written; an empty one if the file is missing or makes no sense."""
        try:
            content = json.loads((self.path / "server.json").read_text())
        except (FileNotFoundError, ValueError):
            return State()
        match content:
            case {"port": int(port), "ready": bool(ready), "version": str(version)}:
                return State(port, ready, version) if 0 <= port < 2**16 else State()
        return State()

    def write_state(self, state: State) -> None:
        """Replace the whole state."""
        _write(self.path / "server.json", json.dumps(asdict(state)))

    def update(self, *, port: int, ready: bool) -> None:
        """Replace the state except for the version."""
        self.write_state(replace(self.state, port=port, ready=ready))


def _has_content(path: Path) -> bool:
    try:
        return bool(path.read_text())
    except FileNotFoundError:
        return False


def _write(path: Path, text: str) -> None:
    """Write a file that is either complete or absent, even after a power cut."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name
    finally:
        os.close(folder)
