"""What a file offers to the store: encoded documents, and what decides which of them wins."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

import bson
from bson.errors import InvalidDocument
from bson.raw_bson import RawBSONDocument

from store.schedule import scheduled
from store.taxonomies import TAXONOMIES, Link

MAX_BYTES = 16 * 1024 * 1024  # BSON documents: MongoDB manual, "MongoDB Limits"
# Room for `source` and for the keys of a queued candidate: a path can have 4 KiB.
_RESERVED = 64 * 1024


class Unstorable(ValueError):
    """MongoDB cannot hold a document; the message says why, `code` names the reason."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class ItemSource(TypedDict):
    """An item's `source`: the file that it came from, and the digest of its other fields."""

    file: str
    content: str


class StoredItem(TypedDict):
    """The fields of a stored item that decide about conflicts and contributions."""

    _id: str
    rank: str
    published: bool
    labels: list[str]
    source: ItemSource
    provider: NotRequired[Link]
    topics: list[Link]
    authors: NotRequired[list[Link]]
    related: list[dict[str, Any]]


_MENTIONED = [taxonomy for taxonomy in TAXONOMIES if taxonomy.has_mentions]

# A projection. `_id` is always returned.
STORED_ITEM_FIELDS = {
    "rank": 1,
    "published": 1,
    "labels": 1,
    "source": 1,
    **{taxonomy.field: 1 for taxonomy in TAXONOMIES},
    **{f"related.{taxonomy.field}": 1 for taxonomy in _MENTIONED},
}


class Definition(TypedDict):
    """What a file says about an organization or a topic; more fields follow the format."""

    _id: str
    name: str
    published: bool
    rank: str
    images: NotRequired[list[dict[str, object]]]
    parent: NotRequired[str]
    parentName: NotRequired[str]


class Traits(NamedTuple):
    """What decides which lists and derived documents an item affects: see `contributions`."""

    labels: tuple[str, ...]
    contributions: frozenset[str]


ABSENT = Traits((), frozenset())
"""The traits of an item that does not exist."""


class Candidate(NamedTuple):
    """An item that a file offers. Of all candidates for an id, the greatest rank becomes the item.

    `content` is a digest of the item without its `source`, and `bson` is the whole document as it
    is stored.
    """

    id: str
    file: str
    rank: str
    content: str
    traits: Traits
    bson: bytes

    @property
    def source(self) -> ItemSource:
        """The stored item's `source`."""
        return {"file": self.file, "content": self.content}

    @property
    def document(self) -> RawBSONDocument:
        """The document to store."""
        return RawBSONDocument(self.bson)


class FileChange(NamedTuple):
    """A new or changed file: everything that it offers now.

    A file that is not `complete` has problems: what it offered before stays.
    """

    file: str
    digest: str
    is_new: bool
    candidates: list[Candidate]
    definitions: list[Definition]
    complete: bool


def candidate(item: Mapping[str, Any], file: str) -> Candidate:
    """Encode an item of a file. Raises Unstorable."""
    encoded = _encode(item)
    # The digest is of the item alone: it is the same at any time, and when its file has moved.
    content = blake2b(encoded, digest_size=12).hexdigest()
    stored = scheduled(item, datetime.now(UTC))
    if stored is not item:
        encoded = bson.encode(stored)
    source: ItemSource = {"file": file, "content": content}
    document = _joined(encoded, bson.encode({"source": source}))
    return Candidate(item["_id"], file, item["rank"], content, traits(stored), document)


def storable_definition(document: Mapping[str, object]) -> Definition:
    """Check that a definition can be stored, and return it. Raises Unstorable."""
    _encode(document)
    return cast(Definition, document)


def traits(item: Mapping[str, Any]) -> Traits:
    """Return the traits of an item."""
    return Traits(tuple(item.get("labels", ())), contributions(item))


def contributions(item: Mapping[str, Any]) -> frozenset[str]:
    """Return everything that an item adds to taxonomies, each as `id, what`.

    Two versions of an item with the same contributions leave the derived documents as they are.
    """
    return frozenset(_contributions(item))


def _contributions(item: Mapping[str, Any]) -> Iterator[str]:
    published = item["published"]
    for taxonomy in TAXONOMIES:
        for link in taxonomy.links(item):
            images = link.get("images")
            shown = f"{item['rank']}{images}" if images else ""
            yield f"{link['id']}\n{published}\n{link['name']}\n{shown}"
    mentions: dict[str, int] = {}
    for entry in item["related"]:
        for taxonomy in _MENTIONED:
            for link in taxonomy.links(entry):
                mention = f"{link['id']}\n{published}\nrelated\n{link['name']}"
                mentions[mention] = mentions.get(mention, 0) + 1
    for mention, count in mentions.items():
        yield f"{mention}\n{count}"


def affected_ids(before: frozenset[str], after: frozenset[str]) -> set[str]:
    """Return the ids of the derived documents that a change of contributions makes stale."""
    return {contribution.partition("\n")[0] for contribution in before ^ after}


def _joined(first: bytes, second: bytes) -> bytes:
    """Return a BSON document with the fields of two, which takes less time than encoding all again.

    A document is its size as an int32, its fields, and a zero byte (bsonspec.org).
    """
    fields = first[4:-1] + second[4:-1]
    return (len(fields) + 5).to_bytes(4, "little") + fields + b"\0"


def _encode(document: Mapping[str, object]) -> bytes:
    try:
        encoded = bson.encode(document)
    except OverflowError:
        raise Unstorable("has an integer beyond 64 bits; quote it", "integer-range") from None
    except (InvalidDocument, UnicodeError, ValueError) as error:
        raise Unstorable(f"cannot be stored: {error}", "unstorable") from None
    if len(encoded) > MAX_BYTES - _RESERVED:
        size = len(encoded) / 2**20
        message = f"makes a document of {size:.0f} MB; MongoDB's limit is 16 MB"
        raise Unstorable(message, "document-too-large")
    return encoded
