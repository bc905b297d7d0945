"""The labels of items: `labels`."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.ids import slug
from store.labels import (
    category_label,
    countable,
    labels,
    locale_label,
    spelling,
    tag_label,
    type_label,
)


def _item(**fields: object) -> dict[str, Any]:
    return {"_id": "item:a", "topics": [], "images": []} | fields


def test_an_item_is_in_the_lists_of_all_that_it_names() -> None:
    item = _item(
        category="Long Reads",
        type="article",
        provider={"id": "provider:a.example"},
        topics=[{"id": "topic:b"}, {"id": "topic:a"}, {"id": "topic:b"}],
        authors=[{"id": "author:a"}],
        tags=["Sea Ice", "sea-ice", "C++"],
        locale="en_GB",
        images=[{"url": "/a.png"}],
    )
    assert labels(item) == [
        "*",
        "category:long-reads",
        "type:article",
        "provider:a.example",
        "topic:b",
        "topic:a",
        "author:a",
        "tag:sea-ice",
        "tag:c-plus-plus",
        "locale:en",
        "locale:en-gb",
        "image",
    ]
    assert countable(item) == {
        "category": "long-reads",
        "type": "article",
        "locale": "en-gb",
        "tags": ["sea-ice", "c-plus-plus"],
    }


def test_an_item_that_names_nothing_is_in_two_lists() -> None:
    assert labels(_item()) == ["*", "no-image"]
    assert countable(_item()) == {}


@given(st.text(max_size=20))
def test_a_name_and_its_slug_have_the_same_label(name: str) -> None:
    for label in (category_label, type_label, tag_label, locale_label):
        assert label(name) == label(name.swapcase().swapcase())
        if any(character.isalnum() for character in slug(name)):
            assert label(slug(name)) == label(name)


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=3))
def test_a_label_is_spelled_as_an_item_spells_it(name: str, tags: list[str]) -> None:
    item = _item(category=name, type=name, locale=name, tags=[*tags, name])
    spellings = {spelling(label, item) for label in labels(item) if label.startswith("tag:")}
    assert spellings <= {*tags, name}
    assert spelling(category_label(name), item) == name
    assert spelling(type_label(name), item) == name
    assert spelling(locale_label(name), item) == name


def test_a_label_without_a_spelling_stands_for_itself() -> None:
    item = _item(locale="en-gb", tags=["a", None])
    for label in ("*", "locale:en", "topic:b", "tag:b", "category:news", "image"):
        assert spelling(label, item) == label
