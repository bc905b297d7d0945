"""Reading by id once for a whole request, however many places of the query ask for it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from store.documents import Document

# Gives by id those that there are. It asks for the ids as late as it can.
Read = Callable[[Callable[[], Collection[str]]], Awaitable[Mapping[str, Document]]]


class Lookup:
    """Finds documents by id for one request.

    What is asked for in the same turn of the event loop is read in one call, and what was found
    is not read again. A DataLoader does the same with a future for each id, which at hundreds of
    ids in a request costs more than the call.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._found: dict[str, Document | None] = {}
        self._wanted: set[str] = set()
        self._reading: asyncio.Task[None] | None = None

    async def get(self, ids: Sequence[str]) -> list[Document | None]:
        """Give the documents with these ids, in their order. Raises what the reader raises."""
        missing = {id_ for id_ in ids if id_ not in self._found}
        if missing:
            self._wanted |= missing
            if self._reading is None:
                self._reading = asyncio.create_task(self._read_wanted())
            await self._reading
        return [self._found[id_] for id_ in ids]

    async def _read_wanted(self) -> None:
        taken: set[str] = set()

        def take() -> set[str]:
            nonlocal taken  # whoever asks from now on needs another reading
            taken, self._wanted, self._reading = self._wanted, set(), None
            return taken

        found = await self._read(take)
        self._found.update((id_, found.get(id_)) for id_ in taken)
