"""Names, URLs and ids in arguments: what is too long is refused, and the rest is computed once."""

import pytest

from schema import names
from schema.cursors import MAX_CURSOR_LENGTH
from schema.errors import ApiError
from schema.scalars import parse_url
from store.ids import MAX_ID_LENGTH, MAX_NAME_LENGTH, MAX_URL_LENGTH, topic_id
from tests.schema.newsroom import Newsroom, item

pytestmark = pytest.mark.anyio

# Normalizing these takes time that grows with the square of their length.
MARKS = "a" + "\u0301\u0316" * 28_000
HOSTS = {
    "labels": "éa." * 20_000 + "example",
    "marks": MARKS,
    "expanding": "\ufdfa" * 40_000,
}


def lists(**filter_: object) -> tuple[str, object]:
    """Return a query for a list with a filter, and its variable."""
    return "query($v: ItemFilter) { items(filter: $v) { nodes { id } } }", filter_


@pytest.mark.parametrize(
    ("query", "value", "limit"),
    [
        ("query($v: String!) { topic(name: $v) { id } }", MARKS, MAX_NAME_LENGTH),
        ("query($v: String!) { provider(domain: $v) { id } }", MARKS, MAX_URL_LENGTH),
        ("query($v: ID!) { node(id: $v) { id } }", MARKS, MAX_ID_LENGTH),
        ("query($v: [ID!]!) { nodes(ids: $v) { id } }", ["topic:a", MARKS], MAX_ID_LENGTH),
        ("query($v: ID!) { item(id: $v) { id } }", MARKS, MAX_ID_LENGTH),
        ("query($v: String) { items(after: $v) { nodes { id } } }", MARKS, MAX_CURSOR_LENGTH),
        ("query($v: String) { topics(before: $v) { nodes { id } } }", MARKS, MAX_CURSOR_LENGTH),
        (*lists(topics=[MARKS]), MAX_NAME_LENGTH),
        (*lists(authors=[MARKS]), MAX_NAME_LENGTH),
        ("query($v: String!) { author(name: $v) { id } }", MARKS, MAX_NAME_LENGTH),
        (*lists(providers=[MARKS]), MAX_URL_LENGTH),
        (*lists(categories=[MARKS]), MAX_NAME_LENGTH),
        (*lists(types=[MARKS]), MAX_NAME_LENGTH),
        (*lists(search=MARKS), 500),
    ],
)
async def test_a_text_that_is_too_long_is_refused_and_not_repeated(
    newsroom: Newsroom, query: str, value: object, limit: int
) -> None:
    code, message = await newsroom.refusal(query, v=value)
    assert code == "BAD_USER_INPUT"
    assert f"56,001 characters; at most {limit:,} are allowed." in message
    assert len(message) < 120


@pytest.mark.parametrize(
    "url", ["https://a.example/" + "é" * 60_000, *(f"https://{host}/" for host in HOSTS.values())]
)
def test_a_long_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ApiError, match=r"characters; a URL may have 2,048\.$") as refused:
        parse_url(url)
    assert len(refused.value.message) < 140


async def test_what_is_as_long_as_allowed_is_found(newsroom: Newsroom) -> None:
    name = "n" * MAX_NAME_LENGTH
    url = "https://one.example/" + "u" * (MAX_URL_LENGTH - 20)
    newsroom.put(item("u" * (MAX_URL_LENGTH - 20), topics=[name], category=name))
    data = await newsroom.ask(
        """query($name: String!, $names: [String!], $url: URL!, $id: ID!) {
            topic(name: $name) { id }
            node(id: $id) { id }
            item(url: $url) { id }
            items(filter: {topics: $names, categories: $names}) { nodes { webUrl } }
        }""",
        name=name,
        names=[name],
        url=url,
        id=topic_id(name),
    )
    assert data["topic"] == data["node"] == {"id": topic_id(name)}
    assert data["item"]
    assert data["items"] == {"nodes": [{"webUrl": url}]}


async def test_equal_arguments_are_computed_once(newsroom: Newsroom) -> None:
    names._topic_id.cache_clear()
    fields = " ".join(f"a{n}: topic(name: $name) {{ id }}" for n in range(100))
    await newsroom.ask(f"query($name: String!) {{ {fields} }}", name="Energy")
    assert names._topic_id.cache_info().misses == 1
