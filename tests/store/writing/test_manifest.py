"""The manifest's documents, and the ways to read them."""

from typing import Any

import pytest
from pymongo.database import Database

from store.writing.manifest import LoadedFile, Manifest
from tests.store.writing.offers import ROOT, change, id_of, item, topic_definition


@pytest.fixture
def manifest(database: Database[Any]) -> Manifest:
    return Manifest(database["files"])


def test_a_file_is_recorded_with_its_items_and_definitions(manifest: Manifest) -> None:
    definition = topic_definition("AI")
    manifest.record([change("a.json", item("a"), item("b"), definition)], {})
    assert manifest.documents([id_of("a.json")]) == {
        id_of("a.json"): {
            "_id": id_of("a.json"),
            "digest": "digest of a.json",
            "ids": ["item:a", "item:b"],
            "count": 3,
            "definitions": [definition],
        }
    }


def test_a_file_replaces_what_another_load_recorded_meanwhile(manifest: Manifest) -> None:
    manifest.record([change("a.md", item("a"))], {})
    manifest.record([change("a.md", item("b"))], {})
    assert manifest.documents([id_of("a.md")])[id_of("a.md")]["ids"] == ["item:b"]


def test_a_faulty_file_keeps_what_it_gave_before_and_is_read_again(manifest: Manifest) -> None:
    ai, law = topic_definition("AI"), topic_definition("Law")
    manifest.record([change("a.json", item("a"), item("b"), ai, law)], {})
    before = manifest.documents([id_of("a.json")])
    better = topic_definition("AI", rank="2")
    manifest.record([change("a.json", item("c"), item("b"), better, state="faulty")], before)
    after = manifest.documents([id_of("a.json")])[id_of("a.json")]
    assert after["ids"] == ["item:c", "item:b", "item:a"]
    assert after["definitions"] == [better, law]
    assert (after["digest"], after["count"]) == ("", 5)


def test_of_a_stream_only_definitions_are_recorded(manifest: Manifest) -> None:
    manifest.record([change("-", item("a"), topic_definition("AI"))], {})
    assert manifest.files_after("-", None) == [LoadedFile("topic:ai", "", 1)]


def test_files_come_in_byte_order_after_a_path(manifest: Manifest) -> None:
    manifest.record([change(name, item("a")) for name in ("b.md", "a/c.md", "a.md")], {})
    paths = [file.path for file in manifest.files_after(ROOT, "a.md")]
    assert paths == ["a/c.md", "b.md"]


def test_forgotten_files_are_gone(manifest: Manifest) -> None:
    manifest.record([change("a.md", item("a")), change("b.md", item("b"))], {})
    manifest.forget([id_of("a.md")])
    assert [file.path for file in manifest.files_after(ROOT, None)] == ["b.md"]
