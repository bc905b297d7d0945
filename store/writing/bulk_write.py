"""Unordered bulk writes that report which of them found their id taken."""

from collections.abc import Sequence
from typing import Any

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

# Documents come as dicts or as raw BSON: nothing here looks into them.
Write = InsertOne[Any] | ReplaceOne[Any] | DeleteOne

_DUPLICATE_KEY = 11000


def write_unordered(collection: Collection[Any], writes: Sequence[Write]) -> list[int]:
    """Write in one round trip; return the positions of the writes whose id was taken.

    An upsert whose filter names more than the id is a compare-and-swap: its id counts as taken
    when the stored document does not match the filter. Raises PyMongo's errors for other failures.
    """
    if not writes:
        return []
    try:
        collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        failures = error.details["writeErrors"]
        others = [failure for failure in failures if failure["code"] != _DUPLICATE_KEY]
        if others or error.details["writeConcernErrors"]:
            raise
        return [failure["index"] for failure in failures]
    return []
