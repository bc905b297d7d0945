"""docs/graphql.md: each of its queries runs on the example content and returns data."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pymongo import MongoClient

from loaders.load import load
from loaders.options import Options
from schema.errors import ErrorCode
from schema.limits.guard import QueryGuard
from schema.limits.limits import Limits
from schema.scan_costs import COUNT, FACET, SEARCH
from store.reading.search import Suggestion
from tests.schema.newsroom import Newsroom, schema_of
from tests.schema.stand_in import indexed

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "graphql.md").read_text("utf-8")
DATABASE = "test_guide"


class Example(NamedTuple):
    """A query of the guide, with its variables or its response."""

    query: str
    variables: dict[str, Any]
    data: dict[str, Any] | None


def examples() -> Iterator[Example]:
    """Read the examples of the guide."""
    pattern = r"```graphql\n(.*?)```(?:\s+(Variables|Response `data`):\s+```json\n(.*?)```)?"
    for query, kind, text in re.findall(pattern, GUIDE, re.DOTALL):
        values = json.loads(text) if text else {}
        yield Example(
            query,
            variables=values if kind == "Variables" else {},
            data=values if kind == "Response `data`" else None,
        )


EXAMPLES = list(examples())


@pytest.fixture(scope="module")
async def coast(mongod: str) -> AsyncIterator[Newsroom]:
    """The example content, as `newsgraph demo` loads it."""
    with MongoClient[dict[str, Any]](mongod) as client:
        client.drop_database(DATABASE)
    report = load(
        [str(ROOT / "examples" / "content")],
        uri=mongod,
        database=DATABASE,
        options=Options(jobs=1),
    )
    assert report.failed == 0
    newsroom = Newsroom(mongod, DATABASE)
    with indexed(newsroom) as (index, _):
        index.suggestions = [Suggestion("topic:night-ferries", 5)]
        yield newsroom
    await newsroom.close()


def test_the_guide_has_a_query_for_every_part_of_a_news_app() -> None:
    assert len(EXAMPLES) > 12
    fields = " ".join(example.query for example in EXAMPLES)
    for field in ("items", "item", "provider", "topic", "nodes", "corpus", "relatedBy", "facets"):
        assert f"{field}(" in fields or f"{field} {{" in fields


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.query.split("(")[0][:30])
async def test_each_query_of_the_guide_returns_data(coast: Newsroom, example: Example) -> None:
    data = await coast.ask(example.query, **example.variables)
    if example.data is not None:
        assert data == example.data
    for field, value in data.items():
        assert value, field
        assert value.get("nodes", True) if isinstance(value, dict) else any(value), field


async def test_scrolling_as_the_guide_describes_shows_each_item_once(coast: Newsroom) -> None:
    (scroll,) = (example for example in EXAMPLES if "query Scroll" in example.query)
    shown: list[str] = []
    after = None
    while True:
        page = (await coast.ask(scroll.query, **scroll.variables | {"after": after}))["items"]
        shown += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    corpus = await coast.ask("{ corpus { itemCount } }")
    assert len(shown) == len(set(shown)) == corpus["corpus"]["itemCount"] > 40


async def test_the_guide_shows_an_error_as_clients_get_it(coast: Newsroom) -> None:
    (text,) = re.findall(r'```json\n(\{\n  "message".*?)```', GUIDE, re.DOTALL)
    result = await coast.answer("{ items(first: 500) { totalCount } }")
    assert [error.formatted for error in result.errors] == [json.loads(text)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.query.split("(")[0][:30])
def test_no_query_of_the_guide_is_near_the_limit_of_its_cost(example: Example) -> None:
    limits = Limits()
    checked = QueryGuard(schema_of()._schema, limits).check(example.query, None, example.variables)
    assert checked.cost
    assert checked.cost.total <= limits.max_cost / 3


def test_the_guide_states_what_scans_cost() -> None:
    section = " ".join(GUIDE.partition("## Limits")[2].split())
    for cost, what in ((COUNT, "`totalCount`"), (FACET, "facet"), (SEARCH, "`filter.search`")):
        assert f"{what} {cost:,}" in section


def test_the_guide_explains_every_error_code() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE)) == set(ErrorCode)


def test_the_guide_states_the_default_limits() -> None:
    limits = Limits()
    section = GUIDE.partition("## Limits")[2]
    for number, unit in (
        (limits.max_cost, "objects"),
        (limits.max_depth, "levels"),
        (limits.max_aliases, "aliases"),
        (limits.max_tokens, "tokens"),
        (limits.max_length, "characters"),
    ):
        assert f"{number:,} {unit}" in " ".join(section.split()), unit
