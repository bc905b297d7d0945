"""Lists by the fields of the index `counts` are those by labels: `covered`.

That no document is read for them is tested in tests/schema/test_indexes.py.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.database import Database

from store.audience import Audience
from store.connection import connect_blocking
from store.indexes import ensure_indexes
from store.labels import EVERY_ITEM
from store.reading.covered import covered_match
from store.reading.listing import Conditions, Listing
from tests.schema.newsroom import DAY_ONE, item

LABELS = {
    "category": ["category:news", "category:long-reads", "category:none"],
    "type": ["type:video", "type:story"],
    "provider": ["provider:a.example", "provider:b.example"],
}
DATES = st.none() | st.sampled_from([DAY_ONE + timedelta(days=day) for day in range(4)])


@pytest.fixture(scope="module")
def items(mongod: str) -> Iterator[Database[Any]]:
    chance = random.Random(3)  # noqa: S311
    with connect_blocking(mongod) as client:
        database = client["test_covered"]
        database.drop_collection("items")
        ensure_indexes(database, "items")
        database["items"].insert_many(
            item(
                f"i{number}",
                category=chance.choice(["News", "Long Reads", None]),
                type=chance.choice(["video", "Story", None]),
                provider=chance.choice(["a.example", "b.example"]),
                date=chance.choice([None, DAY_ONE + timedelta(days=chance.randrange(4))]),
                published=chance.random() < 0.7,
            )
            for number in range(60)
        )
        yield database
        client.drop_database("test_covered")


@st.composite
def _listings(draw: Any) -> Listing:
    groups = [
        tuple(sorted(draw(st.sets(st.sampled_from(values), min_size=1))))
        for values in LABELS.values()
        if draw(st.booleans())
    ]
    audience = draw(st.sampled_from(Audience))
    conditions = Conditions(
        labels=tuple(groups),
        published=draw(st.sampled_from([None, True, *([False] * (audience is Audience.EDITOR))])),
        published_after=draw(DATES),
        published_before=draw(DATES),
    )
    return Listing(audience, conditions)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listing=_listings(), parent=st.sampled_from([EVERY_ITEM, *LABELS["provider"]]))
def test_both_queries_find_the_same_items(
    items: Database[Any], listing: Listing, parent: str
) -> None:
    covered = covered_match(listing, parent)
    assert covered is not None
    found, expected = (
        {document["_id"] for document in items["items"].find(match, {"_id": 1})}
        for match in (covered, listing.match(parent))
    )
    assert found == expected


def test_other_lists_are_not_covered() -> None:
    for conditions in (
        Conditions(labels=(("tag:a",),)),
        Conditions(labels=(("category:a",), ("topic:a",))),
        Conditions(has_image=True),
        Conditions(search="a"),
        Conditions(min_heat=1),
        Conditions(updated_after=DAY_ONE),
        Conditions(under_topics=("topic:a",)),
        Conditions(exclude_ids=("item:a",)),
    ):
        assert covered_match(Listing(Audience.PUBLIC, conditions), EVERY_ITEM) is None
    assert covered_match(Listing(Audience.PUBLIC), "topic:a") is None
    assert covered_match(Listing(Audience.PUBLIC, parent_field="related.ref"), "item:a") is None
