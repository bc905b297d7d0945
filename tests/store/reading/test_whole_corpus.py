"""All that files said, with the ids of these files; `tests/loaders/test_export.py` writes it."""

from pathlib import Path

import pytest

from store.errors import Unavailable
from store.reading.whole_corpus import whole_corpus
from tests.loaders.conftest import Loader, loader, write

__all__ = ["loader"]


def test_it_has_items_definitions_and_the_site_fields_of_each_root(
    loader: Loader, tmp_path: Path
) -> None:
    root = tmp_path / "blog"
    for number in range(3):
        write(root / f"{number}.md", f"---\ntitle: Story {number}\npublished: false\n---\n")
    write(root / "sea.yaml", "taxonomy: topic\nname: Sea\npublished: false\n")
    write(root / "newsgraph.yaml", "fields: {price: String}")
    loader(root)
    with whole_corpus(loader.uri, loader.database.name) as corpus:
        items = [*corpus.items()]
        assert sorted(item["source"]["file"] for item in items) == [
            f"{root}//{number}.md" for number in range(3)
        ]
        assert [item["_id"] for item in items] == sorted(item["_id"] for item in items)
        ((file, definition),) = corpus.definitions()
        assert (file, definition["name"]) == (f"{root}//sea.yaml", "Sea")
        ((name, fields),) = corpus.site_fields().items()
        assert (name, [field.name for field in fields]) == (str(root), ["price"])


def test_a_server_that_is_away_is_a_store_error() -> None:
    with (
        whole_corpus("mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=1", "any") as corpus,
        pytest.raises(Unavailable),
    ):
        next(corpus.items())
