"""Finding a mongod: the system's, or the one that the `embedded` extra brings."""

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
        """What decides about data files: the first two numbers of the version."""
        return series(self.version)


def series(version: str) -> tuple[int, int]:
    """The first two numbers of a version; (0, 0) if it has none."""
    match = re.match(r"(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def find_mongod(made_by: str = "") -> Mongod:
    """The first usable mongod, but rather one of the series that made the data.

    Raises `NoMongod`, or `BrokenMongod` if there is one and it cannot run.
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
            problem = NoMongod(f"{program} is {mongod.version}, which is too old")
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
    # Looked up, not imported: the packages there would start a server of their own.
    extra = find_spec("fiftyone")
    for folder in (extra and extra.submodule_search_locations) or ():
        program = Path(folder) / "db" / "bin" / "mongod"
        if program.exists():
            yield program


def _version(program: Path) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a program that we found
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrokenMongod(program, str(error), "Install another one") from error
    version = re.search(r"db version v(\S+)", done.stdout)
    if version:
        return version[1]
    raise _broken(program, done.returncode, (done.stderr or done.stdout).strip())


def _broken(program: Path, status: int, output: str) -> BrokenMongod:
    """Tell why the loader refused the program (ld.so and dyld name the missing library)."""
    missing = re.search(r"(lib[\w+-]+)\.(?:so|dylib|\d)\S*", output)
    if missing:
        packages = {"libcurl": "libcurl4", "libssl": "libssl3", "libcrypto": "libssl3"}
        package = packages.get(missing[1])
        remedy = f"`apt-get install {package}` on Debian or Ubuntu" if package else "Install it"
        return BrokenMongod(program, f"the library {missing[0].rstrip(':')} is missing", remedy)
    if status == -4:  # SIGILL
        reason = "this processor lacks an instruction (MongoDB 5.0 and newer need AVX)"
        return BrokenMongod(program, reason, "Use another machine")
    return BrokenMongod(program, output or f"it ended with status {status}", "Install another one")
