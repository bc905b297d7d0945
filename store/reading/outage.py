"""Failing at once while MongoDB is known to be away."""

import time
from collections.abc import Callable

from pymongo.asynchronous.mongo_client import AsyncMongoClient

from store.documents import Document
from store.errors import Unavailable


class Outage:
    """Whether no node could be reached for as long as a call waits for one.

    In an election, or while a server restarts, a call waits for a node and then succeeds. Once the
    wait was in vain, it would only keep clients and their requests' memory for seconds. The driver
    looks for nodes in the background all the time, so nothing has to be tried.
    """

    def __init__(
        self, client: AsyncMongoClient[Document], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._patience_s = client.options.server_selection_timeout
        self._clock = clock
        self._since: float | None = None  # when a caller first found no node

    def check(self) -> None:
        """Raise Unavailable if waiting for a node has already been in vain."""
        topology = self._client.topology_description
        if topology.known_servers:
            self._since = None
            return
        now = self._clock()
        if self._since is None:
            self._since = now
        if now - self._since >= self._patience_s:
            causes = [node.error for node in topology.server_descriptions().values()]
            raise Unavailable("MongoDB is not responding; try again in a few seconds.") from next(
                filter(None, causes), None
            )
