"""The files of the embedded server."""

import stat
from pathlib import Path

import pytest

from store.embedded import embedded_mongod
from store.embedded.errors import UnusableFolder
from store.embedded.folder import Folder, State
from tests.store.embedded.processes import start_and_stop


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


@pytest.mark.parametrize("text", ["", '{"port": 1', '{"unknown": 1}', "[]"])
def test_a_state_that_cannot_be_read_is_empty(tmp_path: Path, text: str) -> None:
    folder = Folder.at(tmp_path)
    (folder.path / "server.json").write_text(text)
    assert folder.state == State()
