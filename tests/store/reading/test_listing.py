"""The keys of lists. What lists hold is tested through the graph, in tests/schema."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from store.audience import Audience
from store.orders import ItemOrder
from store.reading.listing import Conditions, Listing

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def test_no_two_lists_have_the_same_key() -> None:
    conditions = [
        Conditions(),
        *(Conditions(labels=labels) for labels in [(("a", "b"),), (("a",), ("b",)), (("a, b",),)]),
        *(Conditions(has_image=value) for value in (True, False)),
        *(Conditions(published=value) for value in (True, False)),
        Conditions(published_after=NEW_YEAR),
        Conditions(published_after=NEW_YEAR + timedelta(microseconds=1)),
        Conditions(published_before=NEW_YEAR),
        *(Conditions(min_quality=value) for value in (0, 1)),
        Conditions(min_heat=1),
        Conditions(updated_after=NEW_YEAR),
        Conditions(under_topics=("topic:a",)),
        Conditions(exclude_ids=("topic:a",)),
        *(Conditions(search=text) for text in ("None", "null", '"', "|", "1", "\ud800")),
    ]
    listings = [
        Listing(audience, condition, order, parent_field)
        for audience, condition, order, parent_field in product(
            Audience, conditions, ItemOrder, ("labels", "related.ref")
        )
    ]
    assert len({listing.key for listing in listings}) == len(listings)


def test_a_key_holds_values_and_no_names() -> None:
    listing = Listing(Audience.PUBLIC, Conditions(labels=(("type:video",),), search="sea"))
    assert json.loads(listing.key) == [
        *("public", "newest", "labels", [["type:video"]]),
        *[None] * 6,
        *("sea", None, [], [], []),
    ]


def test_a_key_does_not_depend_on_what_is_under_the_topics() -> None:
    one = Listing(Audience.PUBLIC, Conditions(under_topics=("topic:a",)))
    assert replace(one, topics=("topic:a", "topic:b")).key == one.key
