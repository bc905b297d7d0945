"""What one request may read from the database, and how it ends if that is too much."""

import re

import pytest

from schema.limits.limits import Limits
from schema.schema import ExecutorName
from tests.schema.newsroom import EXECUTORS, Newsroom, item

pytestmark = pytest.mark.anyio

LIMITS = Limits(max_response_mb=1)  # so 2 MiB may be read, and what the first 8 messages have


def _many(field: str) -> str:
    return f"{{ {' '.join(f'a{n}: {field}' for n in range(12))} }}"


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(
    ("field", "path"),
    [
        # The public gets null for `extra`, and no more of a list than it asks for.
        ("items { nodes { extra } }", r"a\d+"),
        ("items { nodes { images(first: 0) { url } } }", r"a\d+"),
        ("providers { nodes { items { nodes { extra } } } }", r"a\d+\.nodes\.items"),
    ],
)
async def test_reading_too_much_ends_the_request(
    newsroom: Newsroom, executor: ExecutorName, field: str, path: str
) -> None:
    names = [f"n{number}" for number in range(10)]
    images = [{"url": f"https://one.example/{'x' * 1000}{number}"} for number in range(300)]
    extra = {"key": "x" * 300_000}
    items = [
        item(name, provider="one.example", extra=extra, images=images, related=names)
        for name in names
    ]
    newsroom.put(*items)
    query = _many(field)
    code, message = await newsroom.refusal(query, executor=executor, limits=LIMITS)
    assert code == "QUERY_TOO_EXPENSIVE"
    assert re.fullmatch(
        rf"Stopped at `{path}`: the query reads more than 2 MiB from the database. "
        "Request fewer or shorter fields, or fewer objects with `first`.",
        message,
    )
    assert await newsroom.ask(f"{{ {field} }}", executor=executor, limits=LIMITS)
