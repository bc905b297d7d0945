"""What the index holds of an item: its fields, and the document that an item becomes.

There is an index for each audience, so nothing that the public can ask for (words, counts, the
weight of a word) comes from an unpublished item.
"""

import importlib.metadata
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, Final

from tantivy import Document as IndexDocument
from tantivy import Filter, Index, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from bodies.rendering import BodyFormat
from bodies.text import rough_text
from store.audience import Audience
from store.documents import Document
from store.orders import STORED_ITEM_ORDERS, ItemOrder
from store.reading.facets import LABELS, PERIODS
from store.search.analysis import NO_LANGUAGE, language_of, terms_of, words_of
from store.taxonomies import TAXONOMIES

MAX_WORDS: Final = 50_000
"""Words of a body that are indexed, and of each other field."""

FACETS: Final[Mapping[str, str]] = {facet.name.lower(): facet.value for facet in LABELS}
"""The fields that items are counted by, and where their values are in items."""

PROJECTION: Final[Mapping[str, int]] = dict.fromkeys(
    (
        *("title", "excerpt", "body", "bodyFormat", "tags", "locale"),
        *("publishedDateTime", "published", "labels", "sort", "site"),
        *(taxonomy.field for taxonomy in TAXONOMIES),
        *(path.partition(".")[0] for path in FACETS.values()),
    ),
    1,
)
"""The fields of an item that `document_of` needs."""

GAP: Final = "|"
"""Stands between the texts of an item, so that no phrase reaches from one into the next."""

_TEXT = "text"  # the tokenizer of terms that are joined by spaces
_SEPARATOR = "\x1f"  # between a name and the id that it leads to


def schema() -> Schema:
    """Return the fields of the index."""
    builder = SchemaBuilder()
    # What every search looks at: all texts, with positions for phrases.
    builder.add_text_field("text", tokenizer_name=_TEXT)
    # What makes a match better.
    builder.add_text_field("title", tokenizer_name=_TEXT, index_option="freq")
    builder.add_text_field("names", tokenizer_name=_TEXT, index_option="freq")
    # Words without their stems, for prefixes, typos and suggestions.
    builder.add_text_field("words", tokenizer_name=_TEXT, index_option="basic")
    builder.add_text_field("title_words", tokenizer_name=_TEXT, index_option="basic")
    builder.add_text_field("starts", tokenizer_name="raw", index_option="basic")
    for name in ("id", "labels"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    # The sort keys of MongoDB, which order lists and are ranges of them. Ids follow from them.
    for order in STORED_ITEM_ORDERS:
        stored = order is ItemOrder.NEWEST
        builder.add_text_field(
            order, tokenizer_name="raw", index_option="basic", fast=True, stored=stored
        )
    for name in (*FACETS, *(period.name.lower() for period in PERIODS), "site"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("day", fast=True)
    builder.add_bytes_field("place", stored=True)
    return builder.build()


def open_index(folder: Path, audience: Audience) -> Index:
    """Return the index of an audience, which is made if it does not exist."""
    path = folder / audience
    path.mkdir(parents=True, exist_ok=True)
    index = Index(schema(), str(path))
    words = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.custom_stopword([GAP]))
    index.register_tokenizer(_TEXT, words.build())
    return index


def digest() -> str:
    """Return what tells an index of this code from others: a folder of its own for each."""
    here = Path(__file__)
    sources = [path.read_bytes() for path in (here, here.with_name("analysis.py"))]
    versions = [importlib.metadata.version(name) for name in ("tantivy", "PyStemmer")]
    rest = repr((versions, FACETS, STORED_ITEM_ORDERS)).encode()
    return blake2b(b"\0".join([*sources, rest]), digest_size=8).hexdigest()


def document_of(item: Document) -> IndexDocument:
    """Return what the index holds of an item. Raises an Exception if the item is damaged."""
    language = language_of(item.get("locale"))
    names = list(_names(item))
    title = words_of(item["title"])[:MAX_WORDS]
    texts = [title, words_of(item.get("excerpt") or "")[:MAX_WORDS], _body_words(item)]
    texts += [words_of(name)[:MAX_WORDS] for name, _ in names]
    terms = [terms_of(words, language) for words in texts]
    document = IndexDocument()
    document.add_text("text", f" {GAP} ".join(filter(None, terms)))
    document.add_text("title", terms[0])
    document.add_text("names", " ".join(terms[3:]))
    document.add_text("words", _distinct(chain.from_iterable(texts)))
    document.add_text("title_words", _distinct(title))
    document.add_text("id", item["_id"])
    for name, values in _values(item):
        for value in values:
            document.add_text(name, value)
    if (date := item.get("publishedDateTime")) is not None:
        document.add_integer("day", date.toordinal())
    return document


def id_in(newest: str) -> str:
    """Return the id of the item with a sort key, which ends with the rest of it."""
    return f"item:{newest.rpartition(':')[2]}"


def start_of(term: str) -> str:
    """Return the id in a term of the field `starts`."""
    return term.rpartition(_SEPARATOR)[2]


def _distinct(words: Any) -> str:
    return " ".join(set(terms_of(set(words), NO_LANGUAGE).split()))


def _body_words(item: Document) -> list[str]:
    body = item.get("body")
    if not body:
        return []
    format_ = BodyFormat(item.get("bodyFormat", BodyFormat.MARKDOWN))
    return words_of(rough_text(body, format_))[:MAX_WORDS]


def _names(item: Document) -> Iterator[tuple[str, str | None]]:
    """Yield the names that an item is found by, and what they lead to."""
    for taxonomy in TAXONOMIES:
        for link in taxonomy.links(item):
            if name := link.get("name"):
                yield name, link["id"]
    for tag in item.get("tags", ()):
        yield tag, None


def _values(item: Document) -> Iterator[tuple[str, list[str]]]:
    """Yield the values of the fields that are not made of words."""
    published = "published" if item["published"] else "unpublished"
    yield "labels", [*item["labels"], published]
    for order in STORED_ITEM_ORDERS:
        yield order, [item["sort"][order]]
    for name, path in FACETS.items():
        yield name, _at(item, path)
    if (date := item.get("publishedDateTime")) is not None:
        yield from _periods(date)
    yield "site", list(_site_values(item))
    links = [(name, id_) for name, id_ in _names(item) if id_]
    yield "starts", sorted({start for name, id_ in links for start in _starts(name, id_)})


def _at(item: Document, path: str) -> list[str]:
    """Return the texts at a path; each once, as an item is counted once for a value."""
    key, _, below = path.partition(".")
    found = item.get(key)
    if below and found is not None:
        found = (
            [entry.get(below) for entry in found] if isinstance(found, list) else found.get(below)
        )
    if isinstance(found, str):
        return [found]
    return [one for one in dict.fromkeys(found or ()) if isinstance(one, str)]


def _periods(date: datetime) -> Iterator[tuple[str, list[str]]]:
    text = date.date().isoformat()
    year, week, _ = date.isocalendar()
    yield "years", [text[:4]]
    yield "months", [text[:7]]
    yield "weeks", [f"{year:04}-W{week:02}"]
    yield "days", [text]


def _site_values(item: Document) -> Iterator[str]:
    """Yield the values of the site's own fields that filter: the path, then the value as JSON."""
    filters = {label.split(":")[1] for label in item["labels"] if label.startswith("site:")}
    for name, by_digest in item.get("site", {}).items():
        if name in filters:
            for digest, value in by_digest.items():
                values = value if isinstance(value, list) else [value]
                yield from dict.fromkeys(site_value(f"site.{name}.{digest}", one) for one in values)


def site_value(path: str, value: object) -> str:
    """Return the term of a value of a site's own field."""
    return f"{path}{_SEPARATOR}{json.dumps(value)}"


def value_in(term: str) -> Any:
    """Return the value in the term of a site's own field."""
    return json.loads(term.partition(_SEPARATOR)[2])


def _starts(name: str, id_: str) -> Iterator[str]:
    """Yield a term for each word of a name, with what follows it: a prefix of it finds the id."""
    words = terms_of(words_of(name), NO_LANGUAGE).split()
    for start in range(len(words)):
        yield f"{' '.join(words[start:])}{_SEPARATOR}{id_}"
