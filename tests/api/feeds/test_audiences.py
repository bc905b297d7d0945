"""No page of `feeds` reveals an unpublished item, as no query of the public does."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings

from store.audience import Audience
from tests.api.feeds.conftest import pages_of
from tests.schema.newsroom import Newsroom, item
from tests.schema.test_audiences import AUTHORS, DOMAINS, MARK, TOPICS, Corpus, corpora

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def innocent(mongod: str) -> AsyncIterator[Newsroom]:
    """A newsroom that never had anything that is not published."""
    made = Newsroom(mongod, "test_newsroom_feeds_innocent")
    yield made
    await made.close()


def paths(corpus: Corpus) -> Iterator[str]:
    """Yield the paths of all pages, existing or not."""
    yield from ("/sitemap.xml", "/sitemaps/1.xml", "/llms.txt", "/feeds/items.atom")
    keys = {
        "topics": (*TOPICS, "Roots", f"{MARK} topic", f"{MARK} root", f"{MARK} child"),
        "providers": (*DOMAINS, "third.example", f"{MARK}.example", f"{MARK}-related.example"),
        "authors": (*AUTHORS, f"{MARK} hand"),
    }
    yield "/feeds/items.json"
    for kind, names in keys.items():
        for name in names:
            yield from (f"/feeds/{kind}/{quote(name)}.{format_}" for format_ in ("atom", "json"))
    for document in corpus.items:
        yield f"/items/{document['_id'].removeprefix('item:')}.md"


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(corpus=corpora())
async def test_no_page_reveals_an_unpublished_item(
    newsroom: Newsroom, innocent: Newsroom, corpus: Corpus
) -> None:
    corpus.stored_in(newsroom)
    corpus.published().stored_in(innocent)
    # Even where everyone is an editor.
    http, other = pages_of(newsroom, anonymous=Audience.EDITOR), pages_of(innocent)
    for path in paths(corpus):
        response, expected = await http.get(path), await other.get(path)
        assert MARK not in response.text, path
        assert (response.status_code, response.text) == (expected.status_code, expected.text)


async def test_the_probe_finds_an_item_that_is_published(newsroom: Newsroom) -> None:
    told = item("i0", title=f"{MARK} title", topics=["Tides"], authors=["Ada Moor"])
    corpus = Corpus([told], [])
    corpus.stored_in(newsroom)
    http = pages_of(newsroom)
    found = {path for path in paths(corpus) if MARK in (await http.get(path)).text}
    assert {"/llms.txt", "/feeds/items.atom", "/feeds/topics/Tides.json"} <= found
    assert any(path.endswith(".md") for path in found)
