"""The files of the embedded server."""

import os
import stat
from pathlib import Path

import pytest

from store.embedded import embedded_mongod
from store.embedded.errors import UnusableFolder
from store.embedded.folder import Folder, State
from tests.store.embedded.processes import insert_and_count, start_and_stop


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    (tmp_path / "mongodb").mkdir(mode=0o755)
    with embedded_mongod(tmp_path):
        modes = {
            path: stat.S_IMODE(path.stat().st_mode)
            for path in [tmp_path / "mongodb", *(tmp_path / "mongodb").rglob("*")]
        }
        assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
        assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
        assert not [path for path in modes if path.is_socket()]


def test_an_error_names_the_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableFolder, match=r"file/data/mongodb: Not a directory.*DATA_DIR"):
        start_and_stop(tmp_path / "file" / "data")


def test_secrets_are_created_once(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    folder.make_secrets()
    made = folder.key.read_text(), folder.password.read_text()
    folder.make_secrets()
    assert (folder.key.read_text(), folder.password.read_text()) == made
    assert made[0] != made[1]


def test_an_update_keeps_the_version_that_made_the_data(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    folder.write_state(State(version="6.0.5"))
    folder.update(port=20000, ready=True)
    assert folder.state == State(port=20000, ready=True, version="6.0.5")


def test_an_empty_secret_is_a_missing_one(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    folder.make_secrets()
    assert folder.has_secrets
    password = folder.password.read_text()
    folder.key.write_text("")
    assert not folder.has_secrets
    folder.make_secrets()
    assert folder.has_secrets
    assert folder.password.read_text() == password


@pytest.mark.slow
def test_a_server_whose_secrets_a_power_cut_emptied_starts_with_new_ones(tmp_path: Path) -> None:
    with embedded_mongod(tmp_path) as uri:
        assert insert_and_count(uri) == 1
    for name in ("key", "password"):
        (tmp_path / "mongodb" / name).write_text("")
    with embedded_mongod(tmp_path) as other:
        assert other != uri
        assert insert_and_count(other) == 2


def test_files_are_on_the_disk_before_they_have_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder.at(tmp_path)
    synced: list[str] = []
    sync = os.fsync

    def record(descriptor: int) -> None:
        sync(descriptor)
        synced.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        assert folder.key.exists() == (synced[-1] == "folder")

    monkeypatch.setattr(os, "fsync", record)
    folder.password.write_text("made before")
    folder.make_secrets()
    assert synced == ["file", "folder"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"port": 1',
        '{"unknown": 1}',
        "[]",
        '{"port": "x", "ready": true, "version": "6.0.5"}',
        '{"port": 20000, "ready": 1, "version": "6.0.5"}',
        '{"port": 20000, "ready": true, "version": null}',
        '{"port": 65536, "ready": true, "version": "6.0.5"}',
    ],
)
def test_a_state_that_cannot_be_read_is_empty(tmp_path: Path, text: str) -> None:
    folder = Folder.at(tmp_path)
    (folder.path / "server.json").write_text(text)
    assert folder.state == State()
