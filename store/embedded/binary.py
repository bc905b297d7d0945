"""Finding a mongod: the system's, or the one that the `embedded` extra installs."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from store.embedded.errors import BrokenMongod, EmbeddedServerError, NoMongod

OLDEST = (6, 0)


@dataclass(frozen=True)
class Mongod:
    """A server program and its version, such as "6.0.5"."""

    program: Path
    version: str

    @property
    def series(self) -> tuple[int, int]:
        """The first two numbers of the version; data files belong to a series."""
        return series(self.version)


def series(version: str) -> tuple[int, int]:
    """Return the first two numbers of a version, (0, 0) if it has none."""
    match = re.match(r"(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def environment() -> dict[str, str]:
    """Return the part of this process's environment that mongod needs: none of our settings."""
    names = ("PATH", "HOME", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
    # mongod does not start in a locale that is not installed.
    return {name: os.environ[name] for name in names if name in os.environ} | {"LC_ALL": "C"}


def find_mongod(made_by: str = "") -> Mongod:
    """Return a usable mongod: of the series that made the data if possible, else the first.

    Raises `NoMongod`, or `BrokenMongod` if there is one that cannot run.
    """
    usable: list[Mongod] = []
    problem: EmbeddedServerError = NoMongod()
    for program in _programs():
        try:
            mongod = Mongod(program, _version(program))
        except BrokenMongod as error:
            problem = error
            continue
        if mongod.series < OLDEST:
            problem = NoMongod(f"{program} has version {mongod.version}, which is too old")
        elif mongod.series == series(made_by):
            return mongod
        else:
            usable.append(mongod)
    if not usable:
        raise problem
    return usable[0]


def _programs() -> Iterator[Path]:
    on_path = shutil.which("mongod")
    if on_path:
        yield Path(on_path)
    # Not imported: the package would start a server itself.
    extra = find_spec("fiftyone")
    for folder in (extra and extra.submodule_search_locations) or ():
        program = Path(folder) / "db" / "bin" / "mongod"
        if program.exists():
            yield program


def _version(program: Path) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a mongod found on this system
            [program, "--version"],
            capture_output=True,
            text=True,
            env=environment(),
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrokenMongod(program, str(error), "Install another mongod") from error
    version = re.search(r"db version v(\S+)", done.stdout)
    if version:
        return version[1]
    raise _broken(program, done.returncode, (done.stderr or done.stdout).strip())


def _broken(program: Path, status: int, output: str) -> BrokenMongod:
    """Return the error that names what the program lacks (ld.so and dyld name the library)."""
    missing = re.search(r"(lib[\w+-]+)\.(?:so|dylib|\d)\S*", output)
    if missing:
        packages = {"libcurl": "libcurl4", "libssl": "libssl3", "libcrypto": "libssl3"}
        package = packages.get(missing[1])
        command = f"`apt-get install {package}`"
        remedy = f"Install it ({command} on Debian or Ubuntu)" if package else "Install it"
        return BrokenMongod(program, f"the library {missing[0].rstrip(':')} is missing", remedy)
    if status == -4:  # SIGILL
        reason = "the processor lacks an instruction (MongoDB 5.0 and later need AVX)"
        return BrokenMongod(program, reason, "Use another machine")
    reason = output or f"it exited with status {status}"
    return BrokenMongod(program, reason, "Install another mongod")
