"""What one request may read from the database, and how it ends if that is too much."""

import pytest

from schema.limits.limits import Limits
from schema.schema import ExecutorName
from tests.schema.newsroom import EXECUTORS, Newsroom, item

pytestmark = pytest.mark.anyio

LIMITS = Limits(max_response_mb=1)  # so 2 MiB may be read


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        # The public gets null for `extra`, and no more of a list than it asks for.
        ("{ items { nodes { extra } } }", "items"),
        ("{ items { nodes { images(first: 0) { url } } } }", "items"),
        ("{ providers { nodes { items { nodes { extra } } } } }", "providers.nodes.items"),
        ('{ node(id: "%s") { ... on Item { related { item { extra } } } } }', "node.related.item"),
    ],
)
async def test_reading_too_much_ends_the_request(
    newsroom: Newsroom, executor: ExecutorName, query: str, field: str
) -> None:
    names = [f"n{number}" for number in range(10)]
    images = [{"url": f"https://one.example/{'x' * 1000}{number}"} for number in range(300)]
    extra = {"key": "x" * 300_000}
    items = [
        item(name, provider="one.example", extra=extra, images=images, related=names)
        for name in names
    ]
    newsroom.put(*items)
    query = query.replace("%s", items[0]["_id"])
    code, message = await newsroom.refusal(query, executor=executor, limits=LIMITS)
    assert code == "QUERY_TOO_EXPENSIVE"
    assert message == (
        f"Stopped at `{field}`: the query reads more than 2 MiB from the database. "
        "Ask for fewer or shorter fields, or for fewer objects with `first`."
    )
    assert await newsroom.ask(query, executor=executor)
