"""The blog in examples/: loaded without a warning, and asked for what its site file declares."""

from pathlib import Path
from typing import Any

import pytest

from loaders.load import load
from loaders.options import Options
from schema.context import Context
from schema.schema import build_schema
from store.audience import Audience
from store.reading.store import Store

BLOG = Path(__file__).parents[1] / "examples" / "blog"
QUERY = """{ items { nodes { title webUrl publishedDateTime price levels minutes notes
    provider { name } authors { name } topics { name } images { url }
    ratings { by { name } stars } follows { title } } } }"""


async def _ask(uri: str, database: str, query: str, audience: Audience) -> Any:
    store = Store.connect(uri, database)
    try:
        schema = build_schema(site_fields=(await store.site()).fields)
        result = await schema.execute(query, context_value=Context(store, audience))
    finally:
        await store.close()
    assert not result.errors
    return result.data


@pytest.mark.anyio
async def test_the_blog_has_what_its_site_file_declares(mongod: str, database_name: str) -> None:
    found: list[object] = []
    options = Options(jobs=1, on_diagnostic=found.append)
    report = load([str(BLOG)], uri=mongod, database=database_name, options=options)
    assert (found, report.inserted, report.failed) == ([], 4, 0)
    assert list(report.untaken) == []

    data = await _ask(mongod, database_name, QUERY, Audience.PUBLIC)
    rye, starter, loaf = data["items"]["nodes"]
    assert loaf == {
        "title": "A first loaf",
        "webUrl": "https://bakers.example.com/2026/01/a-first-loaf/",
        "publishedDateTime": "2026-01-12T00:00:00Z",
        "price": "cheap",
        "levels": ["beginners"],
        "minutes": 45,
        "notes": None,
        "provider": {"name": "The Slow Oven"},
        "authors": [{"name": "Mira Holt"}],
        "topics": [{"name": "bread"}, {"name": "sourdough"}],
        "images": [{"url": "https://bakers.example.com/images/loaf.jpg"}],
        "ratings": [{"by": {"name": "Jon Avery"}, "stars": 4.5}],
        "follows": None,
    }
    assert (rye["title"], rye["follows"]) == ("Rye with caraway", {"title": "Keeping a starter"})
    assert starter["follows"] == {"title": "A first loaf"}

    query = (
        '{ items(filter: {price: ["expensive"]}) { nodes { title } facets { levels { value } } } }'
    )
    public = await _ask(mongod, database_name, query, Audience.PUBLIC)
    assert public["items"] == {"nodes": [], "facets": {"levels": []}}
    editor = await _ask(mongod, database_name, query, Audience.EDITOR)
    assert editor["items"]["nodes"] == [{"title": "Brioche"}]
