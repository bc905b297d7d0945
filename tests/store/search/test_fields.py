"""What the index holds of an item."""

from datetime import UTC, datetime
from pathlib import Path

from tantivy import Query

from store.audience import Audience
from store.search.fields import document_of, id_in, open_index, value_in
from tests.schema.newsroom import item


def test_an_item_becomes_a_document() -> None:
    story = item(
        "a",
        title="The ports of <b>Spain</b>",
        excerpt="Running",
        body="# Harbours\n\n[cranes](https://x.example/notthis)",
        bodyFormat="markdown",
        category="news",
        topics=["Open Sea"],
        tags=["Fish", "Fish"],
        authors=["Ada Moor"],
        provider="one.example",
        locale="en-gb",
        date=datetime(2021, 1, 3, tzinfo=UTC),
    )
    story["site"] = {"price": {"ab12": [5, "5", 5]}, "length": {"cd34": {"not": "a filter"}}}
    story["labels"].append("site:price:5")
    document = document_of(story).to_dict()
    assert document["text"] == [
        "the port of b spain b | run | harbour crane"
        " | the one exampl | open sea | ada moor | fish | fish"
    ]
    assert document["title"] == ["the port of b spain b"]
    assert sorted(document["title_words"][0].split()) == ["b", "of", "ports", "spain", "the"]
    assert "harbours" in document["words"][0].split()
    assert document["starts"] == [
        "ada moor\x1fauthor:ada-moor",
        "example\x1fprovider:one.example",
        "moor\x1fauthor:ada-moor",
        "one example\x1fprovider:one.example",
        "open sea\x1ftopic:open-sea",
        "sea\x1ftopic:open-sea",
        "the one example\x1fprovider:one.example",
    ]
    assert document["labels"] == [*story["labels"], "published"]
    assert document["newest"] == [story["sort"]["newest"]]
    assert id_in(document["newest"][0]) == story["_id"]
    assert [document[name] for name in ("topics", "authors", "providers")] == [
        *(["topic:open-sea"], ["author:ada-moor"], ["provider:one.example"])
    ]
    assert [document[name] for name in ("years", "months", "weeks", "days")] == [
        *(["2021"], ["2021-01"], ["2020-W53"], ["2021-01-03"])
    ]
    assert document["site"] == ["site.price.ab12\x1f5", 'site.price.ab12\x1f"5"']
    assert [value_in(term) for term in document["site"]] == [5, "5"]


def test_fields_that_an_item_does_not_have_are_not_in_the_index() -> None:
    plain = document_of(item("a", date=None)).to_dict()
    assert {name for name, values in plain.items() if any(values)} == {
        *("text", "title", "words", "title_words", "id", "labels"),
        *("newest", "oldest", "hottest", "best", "updated"),
    }


def test_no_phrase_reaches_from_one_text_into_the_next(tmp_path: Path) -> None:
    index = open_index(tmp_path, Audience.PUBLIC)
    writer = index.writer(15_000_000, 1)
    writer.add_document(document_of(item("a", title="One two", excerpt="three", body="four")))
    writer.commit()
    index.reload()

    def count(*words: str) -> int:
        query = Query.phrase_query(index.schema, "text", [*words])
        return len(index.searcher().search(query).hits)

    assert (count("one", "two"), count("two", "three"), count("three", "four")) == (1, 0, 0)
