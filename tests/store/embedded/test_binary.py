"""Which mongod is used, and what a user has to install."""

import os
from pathlib import Path

import pytest

from store.embedded.binary import find_mongod, series
from store.embedded.errors import BrokenMongod, NoMongod
from tests.store.embedded.processes import start_and_stop, write_mongod

_REMEDIES = r"embedded.*PATH.*NEWSGRAPH_MONGODB_URI"


def test_an_error_says_what_to_install_when_there_is_no_mongod(bare_system: Path) -> None:
    with pytest.raises(NoMongod, match=f"No usable mongod was found.*{_REMEDIES}"):
        start_and_stop(bare_system / "data")


def test_a_mongod_that_is_too_old_is_not_used(bare_system: Path) -> None:
    old = write_mongod(bare_system, "echo db version v5.0.31")
    with pytest.raises(NoMongod, match=f"{old} has version 5.0.31, which is too old"):
        find_mongod()


def test_an_error_names_the_package_of_a_missing_library(bare_system: Path) -> None:
    write_mongod(
        bare_system,
        "echo mongod: error while loading shared libraries: libcurl.so.4: cannot open shared "
        "object file: No such file or directory >&2; exit 127",
    )
    with pytest.raises(BrokenMongod, match=r"libcurl\.so\.4 is missing.*apt-get install libcurl4"):
        find_mongod()


def test_an_error_names_a_missing_library_whose_package_is_unknown(bare_system: Path) -> None:
    write_mongod(bare_system, "echo libfoo.so.1: cannot open shared object file; exit 127")
    with pytest.raises(BrokenMongod, match=r"libfoo\.so\.1 is missing\. Install it, or set"):
        find_mongod()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("kill -ILL $$", "the processor lacks an instruction"),
        ("exit 3", "it exited with status 3"),
        ("echo some words; exit 3", "some words"),
    ],
)
def test_an_error_says_why_a_mongod_cannot_run(bare_system: Path, script: str, reason: str) -> None:
    program = write_mongod(bare_system, script)
    with pytest.raises(BrokenMongod, match=f"{program} cannot run here: {reason}"):
        find_mongod()


def test_a_file_that_is_not_a_program_cannot_run(bare_system: Path) -> None:
    program = write_mongod(bare_system, "")
    program.write_bytes(b"\0")
    with pytest.raises(BrokenMongod, match="Exec format error"):
        find_mongod()


def test_the_extra_is_used_when_the_mongod_on_path_cannot_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = write_mongod(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", str(broken.parent))
    assert find_mongod().program != broken


def test_the_mongod_of_the_series_that_made_the_data_is_preferred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = write_mongod(tmp_path, "echo db version v97.0.1")
    monkeypatch.setenv("PATH", f"{newer.parent}{os.pathsep}{os.environ['PATH']}")
    assert find_mongod().program == newer
    assert find_mongod(made_by="97.0.0").program == newer
    assert find_mongod(made_by="6.0.1").series == (6, 0)


def test_a_series_is_the_first_two_numbers_of_a_version() -> None:
    assert series("6.0.5") == (6, 0)
    assert series("") == (0, 0)
