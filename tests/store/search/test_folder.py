"""The folder of a search index: its owner's alone, with one index for each release."""

from pathlib import Path

import pytest

from store.search import fields
from store.search.folder import SearchFolder


def test_it_is_below_the_data_folder_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    folder = SearchFolder.of(tmp_path / "data", "news")
    assert folder.path == tmp_path / "data/search/news"
    folder.path.mkdir(mode=0o755, parents=True)
    folder.make()
    assert folder.path.stat().st_mode & 0o777 == 0o700


def test_the_indexes_of_other_releases_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = SearchFolder.of(tmp_path, "news")
    old = folder.index
    (old / "public").mkdir(parents=True)
    folder.lock.touch()
    monkeypatch.setattr(fields, "digest", lambda: "of the next release")
    (folder.index / "public").mkdir(parents=True)
    folder.remove_others()
    assert sorted(folder.path.iterdir()) == sorted([folder.index, folder.lock])

    folder.remove_index()
    folder.remove_index()
    assert [*folder.path.iterdir()] == [folder.lock]
