"""Locks of files, which open files of one process exclude each other from too."""

from pathlib import Path

from store.embedded.locks import exclusive, is_same_file, lock_shared, try_lock_exclusive


def test_a_lock_becomes_exclusive_once_no_other_open_file_shares_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("w") as one:
        lock_shared(one)
        with path.open("w") as other:
            lock_shared(other)
            assert not try_lock_exclusive(one)
        assert try_lock_exclusive(one)


def test_an_exclusive_lock_is_released_at_the_end_of_its_block(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("w") as other:
        with exclusive(path):
            assert not try_lock_exclusive(other)
        assert try_lock_exclusive(other)


def test_a_file_made_again_is_not_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("w") as file:
        assert is_same_file(file, path)
        path.unlink()
        path.touch()
        assert not is_same_file(file, path)
