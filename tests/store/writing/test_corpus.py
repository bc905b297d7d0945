"""The corpus's document. What loads do with it is in `tests/loaders/test_sites.py`."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from store.site_fields import SiteField
from store.site_types import type_of
from store.writing.corpus import CorpusWriter


@pytest.fixture
def meta(mongod: str, database_name: str) -> Iterator[Collection[Any]]:
    """The collection that has the document."""
    with MongoClient[Any](mongod) as client:
        yield client[database_name]["meta"]


def test_the_version_and_the_sites_change_in_one_write(meta: Collection[Any]) -> None:
    corpus = CorpusWriter(meta)
    price = SiteField("price", type_of([{"a": "Int"}]), "my-price", "$description", filter=False)
    assert corpus.sites() == {}

    assert corpus.raise_version(1, {"/a.b/$c": (price,), "/d": (price,)})
    assert corpus.raise_version(2, {})
    assert corpus.sites() == {"/a.b/$c": (price,), "/d": (price,)}
    document = meta.find_one({"_id": "corpus"}) or {}
    assert (document["version"], document["siteVersion"]) == (2, 1)

    assert corpus.raise_version(3, {"/d": ()})
    assert corpus.sites() == {"/a.b/$c": (price,)}
    document = meta.find_one({"_id": "corpus"}) or {}
    assert (document["version"], document["siteVersion"]) == (3, 3)


def test_of_two_writers_one_raises_the_version(meta: Collection[Any]) -> None:
    corpus = CorpusWriter(meta)
    assert corpus.version() == 0
    for version in (1, 2):
        assert [corpus.raise_version(version, {}) for _ in range(2)] == [True, False]
        assert corpus.version() == version
    assert not corpus.raise_version(4, {})
