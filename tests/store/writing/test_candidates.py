"""Candidates: how items are encoded, and what they contribute to providers and topics."""

from collections.abc import Callable
from typing import Any

import bson
import pytest

from store.writing.candidates import (
    MAX_BYTES,
    Unstorable,
    affected_ids,
    candidate,
    contributions,
    storable_definition,
)
from tests.store.writing.offers import item, provider, topic_definition


def test_a_candidate_is_the_stored_document_with_its_source() -> None:
    document = item("a", topics=["AI"])
    encoded = candidate(document, "/site//a.md")
    assert bson.decode(encoded.bson) == document | {"source": encoded.source}
    assert encoded.source == {"file": "/site//a.md", "content": encoded.content}
    assert encoded.document.raw == encoded.bson
    assert (encoded.id, encoded.rank) == (document["_id"], document["rank"])


def test_the_content_is_a_digest_of_the_item_wherever_its_file_is() -> None:
    encoded = candidate(item("a"), "/site//a.md")
    assert candidate(item("a"), "/site//b.md").content == encoded.content
    assert candidate(item("a", heat=1), "/site//a.md").content != encoded.content
    # Databases of earlier versions hold this value: with another, every item would be updated.
    least = {"_id": "item:a", "rank": "1", "published": True, "topics": [], "related": []}
    assert candidate(least, "").content == "c836b1856f56e9229f7805a0"


def _too_large() -> dict[str, object]:
    return {"body": "x" * MAX_BYTES}


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ({"heat": 2**63}, "integer-range", "has an integer beyond 64 bits"),
        ({"heat": {1, 2}}, "unstorable", "cannot be stored: "),
        ({"a\0": 1}, "unstorable", "cannot be stored: "),
        ({"title": "\ud800"}, "unstorable", "cannot be stored: "),
        (_too_large(), "document-too-large", "makes a document of 16 MB"),
    ],
    ids=["integer", "type", "key", "text", "size"],
)
@pytest.mark.parametrize("encode", [storable_definition, lambda document: candidate(document, "f")])
def test_what_mongodb_cannot_hold_is_refused(
    encode: Callable[[dict[str, Any]], object], fields: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(Unstorable, match=message) as caught:
        encode(item("a") | fields)
    assert caught.value.code == code


def test_a_definition_that_can_be_stored_is_returned() -> None:
    ai = topic_definition("AI")
    assert storable_definition(ai) == ai


def test_only_a_change_of_contributions_affects_providers_and_topics() -> None:
    def affected(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
        return affected_ids(contributions(before), contributions(after))

    related = [{"provider": provider(2)}, {"provider": provider(2)}, {"title": "Other"}]
    before = item("a", topics=["AI", "Law"], provider=provider(1), related=related)
    everything = {"provider:p1.example", "provider:p2.example", "topic:ai", "topic:law"}

    assert affected(before, before | {"title": "New", "rank": "later"}) == set()
    assert affected(before, before | {"published": False}) == everything
    assert affected(before, before | {"topics": before["topics"][:1]}) == {"topic:law"}
    assert affected(before, before | {"related": related[1:]}) == {"provider:p2.example"}
    renamed = before | {"provider": provider(1, "Other")}
    assert affected(before, renamed) == {"provider:p1.example"}


def test_images_of_a_provider_depend_on_the_rank_of_the_item() -> None:
    shown = item("a", provider=provider(1, images=[{"url": "/logo.png"}]))
    later = shown | {"rank": "later"}
    assert contributions(shown) != contributions(later)
