"""Any history of site files and items: the store holds what a fresh load of them makes.

On the way, versions and the change feed name every change, and no file is loaded in vain. Covers
`loaders/sites.py`, `loaders/site_rules.py` and `store/site_documents.py` together.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loaders.forgetting import forget
from loaders.formats import SITE_FILE
from loaders.parse import parse
from loaders.parsed_file import ParsedFile
from loaders.site_file import read_site
from loaders.site_rules import rules_of
from store.documents import Document
from store.site_documents import fields_by_root
from store.site_fields import SiteFields
from store.writing.candidates import Candidate, candidate
from store.writing.session import open_session
from tests.loaders.conftest import Loader, Snapshot, write
from tests.store.mirror import Mirror

_TYPES = ["String", "Int", "Boolean", "'[String!]'", "DateTime", "URL", "Item", "JSON", "Topic"]
_FILTERS = {"String", "Int", "Boolean", "URL", "'[String!]'"}
_VALUES = ["7", "'7'", "2021-02-03", "/x", "yes", "[a, b]", "AI"]
_FILES = ["a.md", "b.md", "2021-02-03-c.md"]
_KEYS = ("price", "price-of", "level", "level-of", "tags", "labels")


@st.composite
def _site_files(draw: st.DrawFn) -> str:
    lines: list[str] = []
    # Mostly nothing that concerns all files, so that only those with a changed key are read again.
    if draw(st.integers(0, 2)) == 0:
        lines.append(f"url: https://{draw(st.sampled_from(['one', 'two']))}.example")
        if draw(st.booleans()):
            lines.append("permalink: /:year/:slug/")
        if draw(st.booleans()):
            lines.append(f"provider: {draw(st.sampled_from(['Paper', 'Gazette']))}")
        if draw(st.booleans()):
            lines.append(f"locale: {draw(st.sampled_from(['en-gb', 'de-de']))}")
    if draw(st.booleans()):
        lines.append(f"names: {{topics: {draw(st.sampled_from(['tags', 'labels']))}}}")
    fields = []
    for name in draw(st.sampled_from([["price"], ["level"], ["level", "price"], []])):
        type_ = draw(st.sampled_from(_TYPES))
        has_filter = type_ in _FILTERS and draw(st.booleans())
        audience = draw(st.sampled_from(["public", "editor"]))
        key = draw(st.sampled_from([name, f"{name}-of"]))
        flag = str(has_filter).lower()
        fields.append(
            f"  {name}: {{type: {type_}, filter: {flag}, audience: {audience}, key: {key}}}"
        )
    if fields:
        lines += ["fields:", *fields]
    return "\n".join(lines) or "{}"


@st.composite
def _items(draw: st.DrawFn) -> str:
    keys = draw(st.just(set()) | st.sets(st.sampled_from(_KEYS), min_size=2, max_size=4))
    values = {key: draw(st.sampled_from(_VALUES)) for key in sorted(keys)}
    lines = [f"title: Title {draw(st.integers(1, 2))}"]
    if draw(st.booleans()):
        lines.append(f"webUrl: {draw(st.sampled_from(['/x', 'https://one.example/y']))}")
    lines += [f"{key}: {value}" for key, value in values.items()]
    return "---\n" + "\n".join(lines) + "\n---\n"


_changes = st.tuples(
    st.sampled_from(["one", "one", "one", "other"]),
    st.one_of(
        st.just(("forget", None)),
        st.tuples(st.just(SITE_FILE), _site_files()),
        st.tuples(st.just(SITE_FILE), st.none() | _site_files()),
        st.tuples(st.sampled_from(_FILES), _items()),
        st.tuples(st.sampled_from(_FILES), st.none() | _items()),
    ),
)


class _State(NamedTuple):
    """What is stored, and the versions of it."""

    snapshot: Snapshot
    sites: dict[str, SiteFields]
    version: int
    site_version: int

    @property
    def served(self) -> tuple[Snapshot, dict[str, SiteFields]]:
        """What answers to queries depend on."""
        names = ("items", "providers", "topics", "authors")
        return {name: self.snapshot[name] for name in names}, self.sites


def _state(loader: Loader) -> _State:
    corpus = loader.database["meta"].find_one({"_id": "corpus"}) or {}
    sites = fields_by_root(corpus.get("sites", ()))
    return _State(
        loader.snapshot(),
        {root: fields for root, fields in sites.items() if fields},
        corpus.get("version", 0),
        corpus.get("siteVersion", 0),
    )


# Each change touches something else of what is stored.
_HISTORY = [
    ("one", ("a.md", "---\ntitle: Title 1\nprice: '7'\n---\n")),
    ("one", ("b.md", "---\ntitle: Title 2\n---\n")),
    ("one", (SITE_FILE, "fields:\n  price: {type: String, filter: true}")),
    ("one", (SITE_FILE, "fields:\n  price: String")),
    ("one", (SITE_FILE, "fields:\n  price: Int")),
    ("one", (SITE_FILE, "fields:\n  price: {type: Int, audience: editor}")),
    ("one", (SITE_FILE, "fields:\n  level: Int")),
    ("one", (SITE_FILE, "locale: en-gb\nfields:\n  level: Int")),
    ("one", (SITE_FILE, None)),
    ("one", (SITE_FILE, "fields:\n  level: Int")),
    ("one", ("forget", None)),
]


def _empty(loader: Loader) -> None:
    for name in loader.database.list_collection_names():
        loader.database[name].delete_many({})


def _change(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write(path, text)


def _load(loader: Loader, root: Path) -> int:
    """Load a root; without its site file if that disagrees with the one of the other root.

    Return how many of its files were not loaded again.
    """
    report = loader(root, prune=True, force=True)
    if report.failed:
        (root / SITE_FILE).unlink()
        report = loader(root, prune=True, force=True)
    assert report.failed == 0, loader.diagnostics
    return report.unchanged


def _check_versions(before: _State, after: _State) -> None:
    """Check that the versions have risen, by one, if there is anything new to serve."""
    if before.served != after.served:
        assert after.version == before.version + 1
    elif before.snapshot == after.snapshot:
        assert after.version == before.version
    expected = before.site_version if before.sites == after.sites else after.version
    assert after.site_version == expected


def _check_state(state: _State, roots: Iterable[Path]) -> None:
    """Check the stored items and site fields against the files, read one by one."""
    offered: dict[str, list[Candidate]] = {}
    fields: dict[str, SiteFields] = {}
    for root in map(str, roots):
        site = read_site(root)
        if site.fields:
            fields[root] = site.fields
        for path in Path(root).glob("*.md"):
            parsed = parse(path.read_bytes(), root, path.name, rules_of(site))
            assert isinstance(parsed, ParsedFile)
            for item in parsed.items:
                offered.setdefault(item["_id"], []).append(candidate(item, str(path)))
    assert state.sites == fields
    stored = {item["_id"]: item["source"]["content"] for item in state.snapshot["items"]}
    assert stored.keys() == offered.keys()
    for id_, content in stored.items():
        best = max(found.rank for found in offered[id_])
        assert content in {found.content for found in offered[id_] if found.rank == best}


def _versions(items: Iterable[Document]) -> dict[str, tuple[str, list[str]]]:
    """Return a digest of each item, and its labels."""
    return {item["_id"]: (item["source"]["content"], item["labels"]) for item in items}


def _without_its_keys(root: Path) -> int:
    """Return how many files have none of the keys that site files name."""
    texts = [path.read_text() for path in root.glob("*.md")]
    return sum(not any(f"\n{key}:" in text for key in _KEYS) for text in texts)


def _for_all(site: str | None) -> list[str]:
    """Return the lines of a site file that concern all files."""
    keys = ("url:", "permalink:", "provider:", "locale:")
    return [line for line in (site or "").split("\n") if line.startswith(keys)]


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(changes=_HISTORY)
@given(changes=st.lists(_changes, min_size=6, max_size=14))
def test_any_history_of_site_files_and_items_ends_like_a_fresh_load(
    loader: Loader, tmp_path: Path, changes: list[tuple[str, tuple[str, str | None]]]
) -> None:
    base = Path(tempfile.mkdtemp(dir=tmp_path))
    _empty(loader)
    mirror = Mirror(loader.uri, loader.database.name)
    loaded: dict[Path, str | None] = {}
    for name, (what, text) in changes:
        root = base / name
        root.mkdir(exist_ok=True)
        before = _state(loader)
        if what == "forget":
            with open_session(loader.uri, loader.database.name) as session:
                forget(session, str(root), lambda: False)
            loaded.pop(root, None)
        else:
            _change(root / what, text)
            unchanged = _load(loader, root)
            site = (root / SITE_FILE).read_text() if (root / SITE_FILE).exists() else None
            if what == SITE_FILE and root in loaded and _for_all(loaded[root]) == _for_all(site):
                assert unchanged >= _without_its_keys(root)
            loaded[root] = site
        after = _state(loader)
        _check_versions(before, after)
        _check_state(after, loaded)
        mirror.follow()
        assert _versions(mirror.items.values()) == _versions(loader.database["items"].find())

    _empty(loader)
    for root in sorted(loaded, reverse=True):
        assert loader(root).failed == 0, loader.diagnostics
    fresh = _state(loader)
    assert (after.snapshot, after.sites) == (fresh.snapshot, fresh.sites)
