"""The change feed: what each version of the corpus changed, in the collection `changes`.

Each version has a head, which is stored before the version is reached, and entries after it. Ids
begin with the version, so the index on `_id` reads the feed in order, from any version.

    000000000012          the head of version 12
    000000000012:4f0c…    an entry: what one batch of a load changed
"""

from typing import Final, NotRequired, TypedDict

COLLECTION: Final = "changes"

MAX_ENTRIES: Final = 20_000
"""Heads and entries that are kept, of the newest versions."""

MAX_BYTES: Final = 64 * 1024 * 1024
"""Bytes of heads and entries that are kept, of the newest versions."""

MAX_LOAD_BYTES: Final = 8 * 1024 * 1024
"""Bytes that one load may list: some 150,000 items.

Of what it changes beyond that, the feed only says that anything may have changed: reading
everything again costs less than reading that many items one by one. A document cannot be larger
than 16 MB (MongoDB manual, "MongoDB Limits").
"""

_DIGITS = 12


class HeadDocument(TypedDict):
    """The head of a version. Its random token tells versions of one number apart.

    A database that was dropped counts its versions from 1 again.
    """

    _id: str
    version: int
    token: str


class EntryDocument(TypedDict):
    """What one batch changed; an entry without `items` and `labels` means anything.

    `items` are the ids of the items that were inserted, updated or deleted, `labels` all labels
    that these had before or have now, and `taxonomies` the ids of the providers, topics and
    authors that may have changed.
    """

    _id: str
    version: int
    items: NotRequired[list[str]]
    labels: NotRequired[list[str]]
    taxonomies: list[str]


def head_id(version: int) -> str:
    """Return the id of a version's head: the ids of its entries begin with it, and sort after."""
    return f"{version:0{_DIGITS}}"
