"""The real graph over a real database: both executors respond to made-up queries alike."""

import asyncio
import random
from typing import Any

import pytest
from graphql import GraphQLField, get_named_type, is_required_argument
from graphql.type import GraphQLEnumType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.limits.limits import Limits
from store.audience import Audience
from tests.schema.execution.agreement import assert_agreement
from tests.schema.execution.queries import VARIABLES, QueryWriter
from tests.schema.newsroom import DAY_ONE, EXECUTORS, Newsroom, item, schema_of

pytestmark = pytest.mark.anyio

GENEROUS = Limits(max_cost=10**7, max_depth=50)
IMAGE = {"url": "https://cdn.example/a.png", "isCached": True, "width": 10}
ITEMS = [
    item(
        name,
        provider=["one.example", "two.example", None][number % 3],
        topics=["Energy", "Tides"][: number % 3],
        category=["news", "people", None][number % 3],
        images=[IMAGE, {**IMAGE, "title": "T"}][: number % 3],
        tags=["x", "y"][: number % 3],
        heat=number or None,
        date=None if number == 4 else DAY_ONE,
        published=number != 5,
        secured={"ciphertext": "c", "iv": "i"} if number % 2 else None,
        extra={"n": [number, {"at": DAY_ONE}]} if number % 2 else None,
        related=["a", {"title": "Out", "webUrl": "https://out.example/1"}, "f", "b"][number:],
    )
    for number, name in enumerate("abcdefgh")
]
IDS = [f'"{document["_id"]}"' for document in ITEMS[:3]]
IDS += ['"provider:one.example"', '"topic:energy"', '"item:none"', '"other"']
# Two reads meet in one command when the reads that lead to them happen to end together. Most reads
# are counted when none meet.
RETRIES = 10
VALUES = {
    "id": IDS,
    "ids": [f"[{', '.join(IDS)}]", "[]"],
    "url": ['"https://one.example/a"', '"http://www.two.example/b/"', '"https://none.example"'],
    "domain": ['"one.example"', '"www.two.example"', '"none.example"'],
    "name": ['"Energy"', '"tides"', '"none"'],
    "slug": ['"story"', '"none"'],
    "category": ['"news"', "null"],
    "search": ['"story"', '"none"'],
    "prefix": ['"st"'],
    "roots": ["true", "false"],
    "length": ["20", "100", "1", "$two"],
    "first": ["0", "1", "3", "$two", "$unset", "-1"],
    "last": ["1", "$unset", "-2"],
    "after": ['"junk"', "null"],
    "before": ['"junk"', "null"],
    "filter": [
        "{}",
        '{categories: ["news"], minHeat: 1}',
        '{providers: ["one.example"], hasImage: true}',
        '{topics: ["Energy", "Tides"]}',
        '{search: "story"}',
        '{underTopics: ["Energy"], tags: ["none"]}',
        "{published: false}",
        '{publishedAfter: "2025-01-01T00:00:00Z"}',
    ],
}


def arguments(_name: str, field: GraphQLField, chance: random.Random) -> str:
    """Write a field's arguments, mostly sensible ones."""
    given = []
    for argument, definition in field.args.items():
        if is_required_argument(definition) or chance.random() < 0.25:
            type_ = get_named_type(definition.type)
            values = list(type_.values) if isinstance(type_, GraphQLEnumType) else VALUES[argument]
            if is_required_argument(definition):
                values = [value for value in values if not value.startswith("$")]
            given.append(f"{argument}: {chance.choice(values)}")
    return ", ".join(given)


def test_the_real_schema_is_executed_breadth_first() -> None:
    extensions = schema_of("breadth-first").get_extensions()
    assert not any(extension._implements_resolve() for extension in extensions)


@pytest.mark.usefixtures("forgiving")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), audience=st.sampled_from(Audience))
async def test_both_executors_respond_alike(
    newsroom: Newsroom, seed: int, audience: Audience
) -> None:
    if not newsroom.database["items"].find_one({}):
        newsroom.put(*ITEMS)
    chance = random.Random(seed)  # noqa: S311 - not a secret
    query = QueryWriter(schema_of()._schema, chance, arguments).query(5)
    responses, reads = await responses_and_reads(newsroom, query, audience)
    assert_agreement(*responses)
    if not responses[0].errors:  # graphql-core skips reads below what an error makes null
        for _ in range(RETRIES):
            if reads[0] == reads[1]:
                break
            _, again = await responses_and_reads(newsroom, query, audience)
            reads = [max(counts) for counts in zip(reads, again, strict=True)]
        assert reads[0] == reads[1]


async def responses_and_reads(
    newsroom: Newsroom, query: str, audience: Audience
) -> tuple[list[Any], list[int]]:
    """Return the two executors' responses, and how many reads each of them took.

    Several reads may be one command, more often when reading level by level.
    """
    responses, reads = [], []
    await newsroom.store.state()  # so that the driver has begun its own tasks, which do not end
    before = asyncio.all_tasks()
    for executor in EXECUTORS:
        newsroom.store.known_labels.forget()
        with newsroom.noted() as commands:
            responses.append(
                await newsroom.answer(
                    query, audience, executor=executor, limits=GENEROUS, **VARIABLES
                )
            )
        stages = [stage for command in commands for stage in command.get("pipeline", ())]
        reads.append(len(commands) + sum("$unionWith" in stage for stage in stages))
    # Reads that graphql-core has abandoned must not be counted with the next query.
    if left := asyncio.all_tasks() - before:
        await asyncio.wait(left, timeout=60)
    return responses, reads
