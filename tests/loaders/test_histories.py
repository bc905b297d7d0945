"""After any history of loads, the store holds what one load of the same files makes.

Covers `loaders/` and `store/writing/` together.
"""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders import workers
from loaders.load import load
from loaders.options import Options
from store import connection
from store.errors import Unavailable
from store.writing import session
from tests.loaders.conftest import Loader, Snapshot
from tests.loaders.cut import cut_after
from tests.store.mirror import Mirror

# Few of each, so that files compete for items, providers, topics and authors.
_ids = st.integers(1, 3)
_topic_names = st.sampled_from(["AI", "ai", "Robots", "Law"])
_author_names = st.sampled_from(["Ada", "ADA", "Li"])


@st.composite
def _items(draw: st.DrawFn) -> str:
    lines = [f"title: Title {draw(_ids)}"]
    if draw(st.booleans()):
        lines.append(f"webUrl: https://www.example.com/{draw(_ids)}")
    if draw(st.booleans()):
        lines.append(f"updatedDateTime: 2020-01-0{draw(_ids)}")
    lines.append(f"published: {draw(st.sampled_from(['true', 'false']))}")
    if draw(st.booleans()):
        images = draw(st.sampled_from(["[]", "/a.png", "/b.png"]))
        provider = f"{{name: Paper {draw(_ids)}, domain: p{draw(_ids)}.example, images: {images}}}"
        lines.append(f"provider: {provider}")
    lines.append(f"topics: [{', '.join(draw(st.lists(_topic_names, max_size=2)))}]")
    lines.append(f"authors: [{', '.join(draw(st.lists(_author_names, max_size=2)))}]")
    if draw(st.booleans()):
        lines.append(
            f"related: [{{title: R, webUrl: 'https://example.com/{draw(_ids)}', "
            f"provider: {{name: Other {draw(_ids)}, domain: p{draw(_ids)}.example}}}}]"
        )
    return "---\n" + "\n".join(lines) + "\n---\n"


@st.composite
def _definitions(draw: st.DrawFn) -> str:
    published = draw(st.sampled_from(["true", "false"]))
    if draw(st.booleans()):
        domain = f"p{draw(_ids)}.example"
        return f"taxonomy: organization\nname: Org {draw(_ids)}\ndomain: {domain}\n"
    parent = draw(st.sampled_from(["", "\nparent: AI", "\nparent: Robots", "\nparent: Sciences"]))
    return f"taxonomy: topic\nname: {draw(_topic_names)}{parent}\npublished: {published}\n"


@st.composite
def _pages(draw: st.DrawFn) -> str:
    urls = draw(st.lists(_ids, max_size=3))
    entries = (f'{{"title": "Page", "webUrl": "https://example.com/{url}"}}' for url in urls)
    return f'{{"value": [{", ".join(entries)}]}}'


_files = st.one_of(
    st.tuples(st.sampled_from(["a.md", "b/c.md", "b/d.md", "e.md"]), _items()),
    st.tuples(st.sampled_from(["f.yaml", "b/g.yaml"]), _definitions()),
    st.tuples(st.sampled_from(["h.json", "b/i.json"]), _pages()),
)
_versions = st.lists(st.lists(_files, max_size=5).map(dict), min_size=2, max_size=4)


def _write(folder: Path, site: dict[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in site.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def _empty(loader: Loader) -> None:
    for name in loader.database.list_collection_names():
        loader.database[name].delete_many({})


def _seen(snapshot: Snapshot) -> Snapshot:
    """Return what readers see: not the files, nor the items of those that others supersede."""
    unseen = ("files", "superseded", "intents")
    return {name: documents for name, documents in snapshot.items() if name not in unseen}


def _fresh(loader: Loader, *roots: Path) -> Snapshot:
    _empty(loader)
    loader(*roots)
    return loader.snapshot()


@pytest.mark.slow
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(versions=_versions)
def test_a_folder_that_is_pruned_and_reloaded_ends_like_a_fresh_load(
    loader: Loader, tmp_path: Path, versions: list[dict[str, str]]
) -> None:
    root = tmp_path / "site"
    _empty(loader)
    for site in versions:
        _write(root, site)
        version, before = loader.version, loader.snapshot()
        loader(root, prune=True, force=True)
        after = loader.snapshot()
        if _seen(before) != _seen(after):
            assert loader.version == version + 1
        if before == after:
            assert loader.version == version

    assert after == _fresh(loader, root)


@pytest.mark.slow
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=_versions, second=_versions, order=st.permutations([0, 1]))
def test_roots_with_the_same_items_do_not_affect_each_other(
    loader: Loader,
    tmp_path: Path,
    first: list[dict[str, str]],
    second: list[dict[str, str]],
    order: list[int],
) -> None:
    roots = [tmp_path / "one", tmp_path / "other"]
    _empty(loader)
    for sites in zip(first, second, strict=False):
        for turn in order:
            _write(roots[turn], sites[turn])
            loader(roots[turn], prune=True, force=True)
    after = loader.snapshot()

    assert after == _fresh(loader, *reversed(roots))


@pytest.mark.slow
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), site=st.lists(_files, min_size=4, max_size=8).map(dict))
def test_neither_the_order_of_files_nor_the_number_of_jobs_changes_the_result(
    loader: Loader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    data: st.DataObject,
    site: dict[str, str],
) -> None:
    monkeypatch.setattr(workers, "BATCH", 2)  # so that few files start processes
    root = tmp_path / "site"
    order = data.draw(st.permutations(sorted(site)))
    cut = data.draw(st.integers(1, len(order)))
    _empty(loader)
    for names in (order[:cut], order):  # in two loads, and in any order between them
        _write(root, {name: site[name] for name in names})
        loader(root, jobs=data.draw(st.integers(2, 4)))
    after = loader.snapshot()

    assert after == _fresh(loader, root)  # in one load, by one job


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site in which everything depends on something else."""
    root = tmp_path / "site"
    files = {
        "a.md": "---\ntitle: A\nwebUrl: https://example.com/1\ntopics: [AI]\nauthors: [Li]\n---\n",
        "b.md": "---\ntitle: B\nwebUrl: https://example.com/1\ntopics: [Law]\n---\n",
        "c.md": "---\ntitle: C\nprovider: {name: P, domain: p.example}\ntopics: [AI]\n---\n",
        "p.yaml": "taxonomy: organization\nname: Paper\ndomain: p.example\n",
        "t.yaml": "taxonomy: topic\nname: AI\nparent: Sciences\n",
    }  # fmt: skip
    _write(root, files)
    return root


def _cut_load(loader: Loader, root: Path, messages: int) -> bool:
    """Load until the server is gone after so many messages; returns whether it was."""
    with cut_after(loader.uri, messages) as relay:
        try:
            load(
                [str(root)],
                uri=relay.uri,
                database=loader.database.name,
                options=Options(jobs=1, retry_for_s=0),
            )
        except Unavailable:
            return True
        return relay.is_cut


@pytest.mark.slow
def test_a_load_that_is_cut_anywhere_is_completed_by_the_next(
    loader: Loader, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_MIN_TIMEOUT_S", 0.2)
    fresh = _fresh(loader, site)
    mirror = Mirror(loader.uri, loader.database.name)
    changed = site / "b.md"
    for messages in range(1, 100):
        _empty(loader)
        changed.write_text("---\ntitle: B\nwebUrl: https://example.com/2\ntopics: [Law]\n---\n")
        loader(site)
        mirror.follow()
        copies = mirror.copies
        changed.write_text("---\ntitle: B\nwebUrl: https://example.com/1\ntopics: [Law]\n---\n")

        with monkeypatch.context() as impatient:
            impatient.setitem(connection._OPTIONS, "serverSelectionTimeoutMS", 50)
            was_cut = _cut_load(loader, site, messages)

        version = loader.version
        mirror.follow()
        loader(site)
        mirror.follow()
        assert mirror.items == {item["_id"]: item for item in loader.database["items"].find()}
        assert mirror.copies == copies
        after = loader.snapshot()
        after["intents"] = []
        assert after == fresh, messages
        assert loader.version >= version
        if not was_cut:
            return
    pytest.fail("the load was never allowed to end")
