"""Items as JSON-LD (`json_ld`): what schema.org and search engines expect of a NewsArticle."""

from typing import Any

import pytest

from schema.context import Context
from schema.pictures import Pictures
from store.audience import Audience
from tests.schema.newsroom import EXECUTORS, Newsroom, item, schema_of

pytestmark = pytest.mark.anyio

QUERY = "{ items { nodes { jsonLd } } }"


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_an_item_is_a_news_article(newsroom: Newsroom, executor: Any) -> None:
    newsroom.put(
        item(
            "a",
            excerpt="What the tide brings.",
            provider="one.example",
            topics=["Energy"],
            authors=["Ada Moor"],
            category="news",
            tags=["sea", "Energy"],
            locale="en-gb",
            wordCount=300,
            images=[{"url": "/media/a.svg", "isCached": False}],
            secured={"ciphertext": "YQ==", "iv": "Yg=="},
        )
    )
    pictures = Pictures("https://cdn.example")
    context = Context(newsroom.store, Audience.PUBLIC, pictures=pictures)
    result = await schema_of(executor).execute(QUERY, context_value=context)
    assert result.data["items"]["nodes"][0]["jsonLd"] == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": "https://one.example/a",
        "headline": "Story a",
        "description": "What the tide brings.",
        "url": "https://one.example/a",
        "mainEntityOfPage": "https://one.example/a",
        "datePublished": "2026-01-01T00:00:00Z",
        "author": [{"@type": "Person", "name": "Ada Moor"}],
        "publisher": {
            "@type": "Organization",
            "name": "The one.example",
            "url": "https://one.example/",
        },
        "image": ["https://cdn.example/media/a.svg"],
        "articleSection": "news",
        "keywords": ["Energy", "sea"],
        "inLanguage": "en-gb",
        "wordCount": 300,
    }


async def test_members_without_a_value_are_left_out(newsroom: Newsroom) -> None:
    newsroom.put(item("a", webUrl=None, date=None))
    data = await newsroom.ask(QUERY)
    assert data["items"]["nodes"] == [
        {
            "jsonLd": {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": "Story a",
            }
        }
    ]


async def test_it_takes_one_call_and_goes_with_any_other_field(newsroom: Newsroom) -> None:
    newsroom.put(item("a", topics=["Energy"], authors=["Ada Moor"], provider="one.example"))
    with newsroom.noted() as commands:
        await newsroom.ask(QUERY)
    assert len(commands) == 1
    together = """{ items { nodes { jsonLd images { width } topics { name } authors { name }
      provider { name } byline tags summary } } }"""
    assert await newsroom.ask(together)
