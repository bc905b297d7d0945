"""A lease: one process of all does something, and another takes over if that one dies."""

from typing import Any, Final
from uuid import uuid4

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from store.documents import Document

LEASE_S: Final = 10
"""Seconds after which a lease that is not renewed is another's to take."""

_TIME_IS_UP: Final[Document] = {"$expr": {"$lt": ["$until", "$$NOW"]}}


class Lease:
    """A lease on a name, stored in a collection. All methods raise PyMongo's errors.

    Time is the server's, so that the clocks of hosts do not matter.
    """

    def __init__(self, collection: Collection[Any], name: str) -> None:
        self._collection = collection
        self._name = {"_id": name}
        self._holder = {"holder": uuid4().hex}
        until = {"$add": ["$$NOW", LEASE_S * 1000]}
        self._take = [{"$set": {**self._holder, "until": until}}]

    def take(self) -> bool:
        """Take or renew the lease; return whether it is held now."""
        try:
            self._collection.update_one(self._name | self._holder, self._take, upsert=True)
        except DuplicateKeyError:
            taken = self._collection.update_one(self._name | _TIME_IS_UP, self._take)
            return taken.matched_count == 1
        return True

    def release(self) -> None:
        """Release the lease, if it is held."""
        self._collection.delete_one(self._name | self._holder)

    def is_abandoned(self) -> bool:
        """Return whether its holder did not give it back in time, as one that was killed."""
        return self._collection.find_one(self._name | _TIME_IS_UP, {"_id": 1}) is not None
