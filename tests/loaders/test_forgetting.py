"""Taking back what was loaded from a root."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders import nesting
from loaders.forgetting import forget, is_more_than_half, named
from store.writing.roots import LoadedRoot
from store.writing.session import open_session
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, Snapshot, write


def _forget(loader: Loader, root: Path, stops_after: int = 99) -> bool:
    answers = iter([*[False] * stops_after, True])
    with open_session(loader.uri, loader.database.name) as session:
        return forget(session, str(root), lambda: next(answers)).is_complete


def _empty(loader: Loader) -> None:
    for name in loader.database.list_collection_names():
        loader.database[name].delete_many({})


def _loaded(loader: Loader) -> tuple[Snapshot, list[str]]:
    with open_session(loader.uri, loader.database.name) as session:
        return loader.snapshot(), [root.root for root in session.roots()]


def test_a_forgotten_root_leaves_the_items_of_others(loader: Loader, tmp_path: Path) -> None:
    same = "webUrl: https://a.example/a\ntopics: [A]"
    write(tmp_path / "one" / "a.md", front(same))
    write(tmp_path / "other" / "a.md", front(f"{same}\nupdatedDateTime: 2020-01-01"))
    write(tmp_path / "other" / "b.md", front("topics: [B]"))
    loader(tmp_path / "one")
    before = _loaded(loader)
    loader(tmp_path / "other")
    version = loader.version

    assert _forget(loader, tmp_path / "other")

    assert _loaded(loader) == before
    assert loader.version == version + 1


def test_an_interrupted_forget_is_completed_by_the_next(
    loader: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nesting, "_BATCH", 2)
    for number in range(5):
        write(tmp_path / f"{number}.md", front("topics: [A]"))
    loader(tmp_path)

    assert not _forget(loader, tmp_path, stops_after=1)
    assert loader.database["items"].count_documents({}) == 3
    assert _forget(loader, tmp_path)

    snapshot, roots = _loaded(loader)
    assert not any(snapshot.values())
    assert roots == []


def test_the_fields_of_a_forgotten_site_go_with_it(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "one" / "newsgraph.yaml", "fields: {price: {type: String}}\n")
    write(tmp_path / "one" / "a.md", front("price: free"))
    loader(tmp_path / "one")

    assert _forget(loader, tmp_path / "one")

    with open_session(loader.uri, loader.database.name) as session:
        assert session.sites() == {}


def test_a_root_is_named_by_any_path_that_leads_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = LoadedRoot(str(tmp_path / "gone"))
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    monkeypatch.chdir(tmp_path)

    assert [named(path, [root]) for path in ("gone", "gone/", "link", root.root)] == [root] * 4
    assert named("other", [root]) is None


@pytest.mark.parametrize(
    ("files", "others", "expected"),
    [(1, [1], False), (2, [1], True), (1, [], True), (0, [], False)],
)
def test_more_than_half_of_all_files_is_suspicious(
    files: int, others: list[int], expected: bool
) -> None:
    root = LoadedRoot("/x", files)
    assert (
        is_more_than_half(root, [root, *(LoadedRoot("/y", other) for other in others)]) is expected
    )


_FOLDERS = ["a", "a/_posts", "a/_posts/2020", "a-b", "b"]
_steps = st.lists(st.tuples(st.booleans(), st.sampled_from(_FOLDERS)), min_size=1, max_size=6)


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_steps)
def test_any_history_of_loads_and_forgets_ends_like_a_fresh_load_of_what_is_left(
    loader: Loader, tmp_path: Path, steps: list[tuple[bool, str]]
) -> None:
    for number, folder in enumerate(_FOLDERS):
        shared = f"webUrl: https://a.example/{number % 3}\ntopics: [T{number % 2}]"
        write(tmp_path / folder / "shared.md", front(shared))
        write(tmp_path / folder / "own.md", front(f"tags: [x{number}]"))
    _empty(loader)
    left: set[str] = set()
    for loads, folder in steps:
        if loads:
            loader(tmp_path / folder)
            if not any(folder.startswith(f"{root}/") for root in left):
                left = {root for root in left if not root.startswith(f"{folder}/")} | {folder}
        else:
            assert _forget(loader, tmp_path / folder)
            left.discard(folder)
    after = _loaded(loader)
    _empty(loader)
    if left:
        loader(*(tmp_path / folder for folder in sorted(left)))

    assert after == _loaded(loader)
