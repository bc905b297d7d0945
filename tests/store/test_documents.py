"""The derived keys of items: sort keys and ranks.

Covers `orders` and `taxonomies` too. The `fields` and their `shapes` have their tests in
tests/schema/test_stored_fields.py, and the `audience` in tests/schema/test_audiences.py.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.documents import derive, descending_key, rank, sort_keys

DAY = datetime(2024, 5, 1, 12, tzinfo=UTC)


def _item(id_: str = "item:a", **fields: object) -> dict[str, Any]:
    return {"_id": id_, "path": "a.md", "topics": [], "images": []} | fields


def test_sort_keys_follow_dates_and_scores_and_end_with_the_id() -> None:
    items = [
        _item("item:a", publishedDateTime=DAY, heat=-1, quality=5),
        _item("item:b", publishedDateTime=DAY - timedelta(milliseconds=1), heat=7),
        _item("item:c"),
        _item("item:d", publishedDateTime=DAY, heat=7),
    ]
    keys = {item["_id"].removeprefix("item:"): sort_keys(item) for item in items}

    assert sorted(keys, key=lambda id_: keys[id_]["newest"]) == ["a", "d", "b", "c"]
    assert sorted(keys, key=lambda id_: keys[id_]["oldest"]) == ["b", "a", "d", "c"]
    assert sorted(keys, key=lambda id_: keys[id_]["hottest"]) == ["d", "b", "a", "c"]
    assert sorted(keys, key=lambda id_: keys[id_]["best"]) == ["a", "d", "b", "c"]


def test_an_item_that_was_never_updated_was_updated_when_it_was_published() -> None:
    day = timedelta(days=1)
    items = [
        _item("item:a", publishedDateTime=DAY, updatedDateTime=DAY + 2 * day),
        _item("item:b", publishedDateTime=DAY + day),
        _item("item:c", publishedDateTime=DAY, updatedDateTime=DAY + day),
        _item("item:d", updatedDateTime=DAY),
        _item("item:e"),
    ]
    keys = {item["_id"].removeprefix("item:"): sort_keys(item)["updated"] for item in items}
    assert "".join(sorted(keys, key=keys.__getitem__)) == "abcde"


def test_a_naive_date_is_in_utc() -> None:
    zone = timezone(timedelta(hours=2))
    same = [DAY, DAY.replace(tzinfo=None), DAY.astimezone(zone)]
    assert len({rank(_item(updatedDateTime=date)) for date in same}) == 1


def test_the_rank_is_by_update_then_publication_then_path() -> None:
    later = DAY + timedelta(days=1)
    ascending = [
        _item(path="a.md"),
        _item(path="b.md"),
        _item(path="a.md", publishedDateTime=DAY),
        _item(path="a.md", publishedDateTime=later),
        _item(path="a.md", updatedDateTime=DAY, publishedDateTime=DAY),
        _item(path="a.md", updatedDateTime=later),
    ]
    assert sorted(ascending, key=rank) == ascending


@given(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1))
def test_descending_keys_sort_from_the_greatest_down(one: int, other: int) -> None:
    assert (descending_key(one) < descending_key(other)) == (one > other)


def test_derived_keys_are_added_to_the_item() -> None:
    item = _item()
    assert derive(item) is item
    assert item.keys() >= {"labels", "countable", "sort", "rank"}
