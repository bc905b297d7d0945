"""A reader of the change feed: it keeps a copy of the items up to date by nothing else."""

import asyncio
from typing import Any

from store.connection import connect
from store.documents import Document
from store.reading.changes import Change, Changes, Place, PlaceGone


class Mirror:
    """A copy of the items of a database, and of what the feed returned since the last call."""

    def __init__(self, uri: str, database: str) -> None:
        self._uri = uri
        self._name = database
        self.place = Place(-1, "nowhere")
        self.items: dict[str, Document] = {}
        self.changes: list[Change] = []
        self.copies = 0

    def follow(self) -> None:
        """Read everything that follows; copy all items if the place is gone."""
        asyncio.run(self._follow())

    async def _follow(self) -> None:
        self.changes = []
        async with connect(self._uri) as client:
            database = client[self._name]
            changes = Changes(database)
            try:
                while True:
                    step = await changes.after(self.place)
                    self.changes += step.changes
                    await self._apply(database["items"], step.changes)
                    if step.place == self.place:
                        return
                    self.place = step.place
            except PlaceGone:
                self.place = await changes.latest()
                await self._copy(database["items"])

    async def _apply(self, items: Any, changes: list[Change]) -> None:
        for change in changes:
            if change.items is None:
                await self._copy(items)
                continue
            found = await items.find({"_id": {"$in": [*change.items]}}).to_list()
            self.items = {id_: self.items[id_] for id_ in self.items.keys() - change.items}
            self.items |= {item["_id"]: item for item in found}

    async def _copy(self, items: Any) -> None:
        self.copies += 1
        self.items = {item["_id"]: item async for item in items.find()}
