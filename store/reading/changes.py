"""Reading the change feed: everything after a place in it (see `store/changes.py`).

place = await changes.latest()
…  # read whatever the reader is to keep up with
while True:
    step = await changes.after(place)  # PlaceGone: begin again
    …  # read again what step.changes name
    place = step.place
"""

from collections.abc import Iterable, Set
from typing import NamedTuple, cast

from pymongo import ReadPreference
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.read_concern import ReadConcern

from store.changes import COLLECTION, EntryDocument, HeadDocument, head_id
from store.documents import Document
from store.errors import StoreError, translated

_VERSIONS_AT_ONCE = 100


class Place(NamedTuple):
    """Where a reader is: the last version whose changes it has, with the token of its head.

    The token is empty for a version that has no head: 0, and those of earlier releases.
    """

    version: int
    token: str


class Change(NamedTuple):
    """What one batch of writes changed; None stands for any item or any label.

    `items` were inserted, updated or deleted. `labels` are all that these had before or have now.
    `taxonomies` are the ids of the providers, topics and authors that may have changed.
    """

    version: int
    items: Set[str] | None
    labels: Set[str] | None
    taxonomies: Set[str]

    def may_touch(self, labels: Iterable[str]) -> bool:
        """Return whether the list of the items that have all these labels may have changed."""
        return self.labels is None or self.labels >= {*labels}


class Step(NamedTuple):
    """The next changes, in the order of their versions, and the place after them."""

    changes: list[Change]
    place: Place


class PlaceGone(StoreError):
    """What follows a place is not in the feed, or no longer: anything may have changed."""

    def __init__(self) -> None:
        super().__init__("The change feed no longer has what follows this place; begin again.")


class Changes:
    """Reads the collection `changes`. All methods raise StoreError.

    They read from the primary: on a secondary that lags, a place looks as if it were gone.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        primary = database.with_options(read_preference=ReadPreference.PRIMARY)
        self._meta = primary["meta"]
        self._changes = primary[COLLECTION]

    async def latest(self) -> Place:
        """Return the place of the current version."""
        with translated():
            version = await self._version()
            head = await self._changes.find_one({"_id": head_id(version)}) or {}
        return Place(version, head.get("token", ""))

    async def after(self, place: Place) -> Step:
        """Return the changes that follow a place, of up to 100 versions; none if it is the latest.

        A change can be returned more than once, also with different versions. What it names has
        been written. Raises PlaceGone.
        """
        with translated():
            version = min(await self._version(), place.version + _VERSIONS_AT_ONCE)
            if version < place.version:
                return await self._before(place)
            ids = {"$gte": head_id(place.version), "$lt": head_id(version + 1)}
            found = await self._changes.find({"_id": ids}).sort("_id", 1).to_list()
            step = _step(place, version, found)
            # The feed is trimmed from its heads on: if the first of them is still there, all that
            # was read is whole.
            if found and not await self._changes.find_one({"_id": found[0]["_id"]}, {"_id": 1}):
                raise PlaceGone
        return step

    async def _before(self, place: Place) -> Step:
        """Return an empty step if the version is still to come. Raises PlaceGone.

        For a moment after an election, the new primary does not know that a majority has what it
        has; but it has it.
        """
        local = self._changes.with_options(read_concern=ReadConcern("local"))
        if await local.find_one({"_id": head_id(place.version), "token": place.token}):
            return Step([], place)
        raise PlaceGone

    async def _version(self) -> int:
        found = await self._meta.find_one({"_id": "corpus"}, {"version": 1}) or {}
        return int(found.get("version", 0))


def _step(place: Place, version: int, found: list[Document]) -> Step:
    """Return the step to a version. Raises PlaceGone if a head is missing or another one."""
    heads = [cast(HeadDocument, document) for document in found if "token" in document]
    tokens = {head["version"]: head["token"] for head in heads}
    expected = range(place.version + 1, version + 1)
    if tokens.pop(place.version, "") != place.token or [*tokens] != [*expected]:
        raise PlaceGone
    entries = [cast(EntryDocument, document) for document in found if "token" not in document]
    changes = [_change(entry) for entry in entries if entry["version"] > place.version]
    return Step(changes, Place(version, tokens[version]) if expected else place)


def _change(entry: EntryDocument) -> Change:
    items, labels = entry.get("items"), entry.get("labels")
    return Change(
        entry["version"],
        None if items is None else frozenset(items),
        None if labels is None else frozenset(labels),
        frozenset(entry["taxonomies"]),
    )
