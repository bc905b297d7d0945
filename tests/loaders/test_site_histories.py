"""After any history of site files and items, the store holds what a fresh load of them makes.

Covers `loaders/sites.py`, `loaders/site_rules.py` and `store/site_documents.py` together.
"""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.forgetting import forget
from loaders.formats import SITE_FILE
from store.site_documents import fields_by_root
from store.site_fields import SiteFields
from store.writing.session import open_session
from tests.loaders.conftest import Loader, Snapshot, write

_TYPES = ["String", "Int", "Boolean", "'[String!]'", "DateTime", "URL", "Item", "JSON", "Topic"]
_FILTERS = {"String", "Int", "Boolean", "URL", "'[String!]'"}
_VALUES = ["7", "'7'", "2021-02-03", "/x", "yes", "[a, b]", "AI"]
_FILES = ["a.md", "b.md", "2021-02-03-c.md"]


@st.composite
def _site_files(draw: st.DrawFn) -> str:
    lines: list[str] = []
    if draw(st.booleans()):
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
    for name in draw(st.sets(st.sampled_from(["price", "level"]))):
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
    keys = ("price", "price-of", "level", "level-of", "tags", "labels")
    values = draw(st.dictionaries(st.sampled_from(keys), st.sampled_from(_VALUES), max_size=4))
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


def _sites(loader: Loader) -> dict[str, SiteFields]:
    stored = loader.database["meta"].find_one({"_id": "corpus"}) or {}
    return {
        root: fields for root, fields in fields_by_root(stored.get("sites", ())).items() if fields
    }


def _state(loader: Loader) -> tuple[Snapshot, dict[str, SiteFields]]:
    return loader.snapshot(), _sites(loader)


def _empty(loader: Loader) -> None:
    for name in loader.database.list_collection_names():
        loader.database[name].delete_many({})


def _change(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write(path, text)


def _load(loader: Loader, root: Path) -> None:
    """Load a root; without its site file if that disagrees with the one of the other root."""
    if loader(root, prune=True, force=True).failed:
        (root / SITE_FILE).unlink()
        assert loader(root, prune=True, force=True).failed == 0, loader.diagnostics


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.lists(_changes, min_size=6, max_size=14))
def test_any_history_of_site_files_and_items_ends_like_a_fresh_load(
    loader: Loader, tmp_path: Path, changes: list[tuple[str, tuple[str, str | None]]]
) -> None:
    base = Path(tempfile.mkdtemp(dir=tmp_path))
    _empty(loader)
    loaded: set[Path] = set()
    for name, (what, text) in changes:
        root = base / name
        root.mkdir(exist_ok=True)
        if what == "forget":
            with open_session(loader.uri, loader.database.name) as session:
                forget(session, str(root), lambda: False)
            loaded.discard(root)
        else:
            _change(root / what, text)
            _load(loader, root)
            loaded.add(root)
    after = _state(loader)

    _empty(loader)
    for root in sorted(loaded, reverse=True):
        assert loader(root).failed == 0, loader.diagnostics
    assert after == _state(loader)
