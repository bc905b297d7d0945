"""What becomes of the names, images and counts that items and definitions give."""

from collections.abc import Sequence
from typing import Any

from store.taxonomies import AUTHORS, PROVIDERS, TOPICS
from store.writing.candidates import Definition
from store.writing.taxonomy_documents import Derived, RankedImages, Usage, taxonomy_document
from tests.store.writing.offers import organization, topic_definition


def provider_document(
    id_: str,
    definition: Definition | None,
    usage: Usage,
    images: dict[bool, RankedImages],
) -> Derived | None:
    """Return a provider's document."""
    return taxonomy_document(PROVIDERS, id_, definition, usage, images, [])


def topic_document(
    id_: str, definition: Definition | None, usage: Usage, children: Sequence[Definition]
) -> Derived | None:
    """Return a topic's document."""
    return taxonomy_document(TOPICS, id_, definition, usage, {}, children)


def _usage(*items: tuple[str, bool, int]) -> Usage:
    usage = Usage()
    for name, published, count in items:
        usage.add_items(name, published, count)
    return usage


def _views(derived: Derived | None) -> tuple[Any, Any]:
    assert derived is not None
    return derived.document.get("editor"), derived.document.get("public")


def test_a_provider_has_the_most_frequent_name_that_an_audience_sees() -> None:
    usage = _usage(("Paper", True, 2), ("The Paper", False, 3))
    editor, public = _views(provider_document("provider:p1.example", None, usage, {}))
    assert (editor["name"], editor["itemCount"]) == ("The Paper", 5)
    assert (public["name"], public["itemCount"]) == ("Paper", 2)


def test_of_equally_frequent_names_the_first_in_the_alphabet_is_taken() -> None:
    usage = _usage(("B", True, 1), ("A", True, 1))
    _, public = _views(topic_document("topic:a", None, usage, []))
    assert public["name"] == "A"


def test_mentions_decide_about_the_name_and_are_not_counted() -> None:
    usage = _usage(("A", True, 1))
    usage.add_mentions("B", True, 2)
    _, public = _views(provider_document("provider:p1.example", None, usage, {}))
    assert (public["name"], public["itemCount"]) == ("B", 1)


def test_a_definition_wins_over_items_for_those_who_may_see_it() -> None:
    usage = _usage(("Paper", True, 1))
    images = {True: RankedImages("1", [{"url": "/item.png"}])}
    own = organization(1, "Paper Inc.", images=[{"url": "/own.png"}], published=False)
    derived = provider_document("provider:p1.example", own, usage, images)
    editor, public = _views(derived)
    assert (editor["name"], editor["images"]) == ("Paper Inc.", [{"url": "/own.png"}])
    assert (public["name"], public["images"]) == ("Paper", [{"url": "/item.png"}])
    assert derived is not None
    assert derived.document["file"] == {
        "name": "Paper Inc.",
        "images": [{"url": "/own.png"}],
        "published": False,
    }


def test_the_images_of_the_greatest_rank_that_an_audience_sees_are_shown() -> None:
    usage = _usage(("Paper", True, 1), ("Paper", False, 1))
    images = {
        True: RankedImages("1", [{"url": "/published.png"}]),
        False: RankedImages("2", [{"url": "/unpublished.png"}]),
    }
    editor, public = _views(provider_document("provider:p1.example", None, usage, images))
    assert editor["images"] == [{"url": "/unpublished.png"}]
    assert public["images"] == [{"url": "/published.png"}]


def test_a_topic_may_have_a_parent_but_not_itself() -> None:
    ai = topic_definition("AI", parent="Sciences")
    _, public = _views(topic_document("topic:ai", ai, Usage(), []))
    assert public["parent"] == "topic:sciences"
    own = topic_definition("AI", parent="ai")
    _, public = _views(topic_document("topic:ai", own, Usage(), []))
    assert "parent" not in public


def test_a_topic_that_only_its_children_name_has_the_name_that_they_use() -> None:
    child = topic_definition("AI", parent="Sciences")
    editor, public = _views(topic_document("topic:sciences", None, Usage(), [child]))
    assert (public["name"], public["itemCount"]) == ("Sciences", 0)
    assert editor == public
    hidden = topic_definition("AI", parent="Sciences", published=False)
    editor, public = _views(topic_document("topic:sciences", None, Usage(), [hidden]))
    assert (editor["name"], public) == ("Sciences", None)


def test_what_nothing_names_has_no_document() -> None:
    assert provider_document("provider:p1.example", None, Usage(), {}) is None
    assert topic_document("topic:ai", None, Usage(), []) is None


def test_views_sort_by_name_and_by_count() -> None:
    _, many = _views(topic_document("topic:b", None, _usage(("B", True, 9)), []))
    _, few = _views(topic_document("topic:a", None, _usage(("A", True, 1)), []))
    assert few["sort"]["name"] < many["sort"]["name"]
    assert many["sort"]["mostItems"] < few["sort"]["mostItems"]


def test_the_digest_follows_the_document() -> None:
    one = topic_document("topic:a", None, _usage(("A", True, 1)), [])
    same = topic_document("topic:a", None, _usage(("A", True, 1)), [])
    other = topic_document("topic:a", None, _usage(("A", True, 2)), [])
    assert one is not None
    assert other is not None
    assert one == same
    assert one.digest == one.document["digest"] != other.digest


def test_an_author_of_drafts_only_is_there_for_editors_alone() -> None:
    usage = _usage(("Ada Moor", False, 2))
    derived = taxonomy_document(AUTHORS, "author:ada-moor", None, usage, {}, [])
    assert derived is not None
    assert derived.document["slug"] == "ada-moor"
    editor, public = _views(derived)
    assert (editor["name"], editor["itemCount"], public) == ("Ada Moor", 2, None)
