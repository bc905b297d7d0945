"""Where a corpus is, and what it holds."""

from pathlib import Path

import pytest

from api.corpus import Counts, location, read_corpus
from api.settings import Settings
from store.audience import Audience


@pytest.mark.anyio
async def test_the_corpus_of_the_examples_is_counted_for_both_audiences(
    mongod: str, content: str
) -> None:
    corpus = await read_corpus(mongod, content, timeout_s=10)
    every, public = corpus.counts[Audience.EDITOR], corpus.counts[Audience.PUBLIC]
    assert (every.items, public.items) == (90, 81)
    assert every.topics >= public.topics > 0
    assert corpus.version == 1
    assert corpus.changed
    assert corpus.missing_indexes == []
    assert not corpus.is_outdated


@pytest.mark.anyio
async def test_an_empty_database_has_no_date(mongod: str, database_name: str) -> None:
    corpus = await read_corpus(mongod, database_name, timeout_s=10)
    assert (corpus.version, corpus.changed) == (0, None)
    assert set(corpus.counts.values()) == {Counts(0, 0, 0, 0)}
    assert "items.list_newest" in corpus.missing_indexes


def test_the_location_is_a_folder_or_the_hosts_without_a_password() -> None:
    assert location(Settings(data_dir=Path("/srv/news"))) == "/srv/news"
    uri = "mongodb://user:secret@a.example,b.example:27018/?replicaSet=news"
    assert location(Settings(mongodb_uri=uri)) == "a.example,b.example:27018"
