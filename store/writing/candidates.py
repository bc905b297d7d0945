"""What a file offers to the store: documents encoded and ready, with what decides about them."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

import bson
from bson.errors import InvalidDocument
from bson.raw_bson import RawBSONDocument

MAX_BYTES = 16 * 1024 * 1024  # BSON documents: MongoDB manual, "MongoDB Limits"
_ROOM_FOR_SOURCE = 64 * 1024  # a path can have 4 KiB, and MongoDB's own limit is the last word


class Unstorable(ValueError):
    """MongoDB cannot hold a document; the message says why, `code` which of the reasons."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Candidate(NamedTuple):
    """An item that a file gives. Of all candidates for an id the one of the greatest rank is it.

    `content` is a digest of the document, `touches` what it adds to its providers and topics.
    """

    id: str
    rank: str
    content: str
    touches: frozenset[str]
    bson: bytes

    def document(self, file: str) -> RawBSONDocument:
        """Give the document as the store keeps it, with its `source`."""
        source = bson.encode({"source": {"file": file, "content": self.content}})
        body = self.bson[4:-1] + source[4:]
        return RawBSONDocument((len(body) + 4).to_bytes(4, "little") + body)


class FileChange(NamedTuple):
    """What is new about a file: all that it gives now, and the ids that it gave before.

    `definitions` describe organizations and topics. A file that is not `complete` has faults: what
    it gave before stays.
    """

    file: str
    digest: str
    is_new: bool
    candidates: list[Candidate]
    definitions: list[dict[str, Any]]
    complete: bool


def candidate(item: Mapping[str, Any]) -> Candidate:
    """Encode an item. Raises Unstorable."""
    encoded = encode(item)
    content = blake2b(encoded, digest_size=12).hexdigest()
    return Candidate(item["_id"], item["rank"], content, frozenset(touches(item)), encoded)


def encode(document: Mapping[str, Any]) -> bytes:
    """Give a document's BSON. Raises Unstorable."""
    try:
        encoded = bson.encode(document)
    except OverflowError:
        raise Unstorable("has an integer beyond 64 bits; quote it", "integer-range") from None
    except (InvalidDocument, UnicodeError, ValueError) as error:
        raise Unstorable(f"cannot be stored: {error}", "unstorable") from None
    if len(encoded) > MAX_BYTES - _ROOM_FOR_SOURCE:
        size = len(encoded) / 2**20
        message = f"makes a document of {size:.0f} MB; MongoDB's limit is 16 MB"
        raise Unstorable(message, "document-too-large")
    return encoded


def touches(item: Mapping[str, Any]) -> Iterator[str]:
    """Give all that the item adds to its providers and topics, each as `id, what`.

    Two versions of an item that add the same leave providers and topics as they are.
    """
    published = "public" if item["published"] else "editor"
    if provider := item.get("provider"):
        images = provider.get("images")
        shown = f"{item['rank']}{images}" if images else ""
        yield f"{provider['id']}\n{published}\n{provider['name']}\n{shown}"
    for topic in item["topics"]:
        yield f"{topic['id']}\n{published}\n{topic['name']}"
    mentions: dict[str, int] = {}
    for entry in item["related"]:
        if provider := entry.get("provider"):
            mention = f"{provider['id']}\n{published}\nrelated\n{provider['name']}"
            mentions[mention] = mentions.get(mention, 0) + 1
    for mention, count in mentions.items():
        yield f"{mention}\n{count}"


def touched_ids(before: frozenset[str], after: frozenset[str]) -> set[str]:
    """Give the ids of the providers and topics that must be worked out anew."""
    return {touch.partition("\n")[0] for touch in before ^ after}
