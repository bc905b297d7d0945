"""Unordered bulk writes, and which of them found that their id is taken."""

from collections.abc import Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

_DUPLICATE_KEY = 11000


def write_unordered(collection: Collection[dict[str, Any]], writes: Sequence[Any]) -> list[int]:
    """Make writes in one round trip; gives the places of those whose id was taken.

    An upsert whose filter names more than the id collides too, when the document is there and is
    not as the filter says: a compare-and-swap. Raises what else goes wrong.
    """
    if not writes:
        return []
    try:
        collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        failures = error.details["writeErrors"]
        others = [one for one in failures if one["code"] != _DUPLICATE_KEY]
        if others or error.details["writeConcernErrors"]:
            raise
        return [one["index"] for one in failures]
    return []
