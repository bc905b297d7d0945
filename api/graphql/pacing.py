"""Large queries take turns, so that many new ones at once do not fill the event loop.

Parsing, checking and planning a query of the greatest length allowed keeps the loop for some 40 ms.
That happens once for each query of an application, but a hostile client can make a new query for
each request.
"""

import asyncio
from typing import Final

from cachetools import LRUCache

from api.graphql.refusal import Refusal
from schema.errors import ErrorCode
from schema.limits.guard import CheckedQuery

LARGE: Final = 1_000
"""Characters above which a query has to wait for its turn, unless it is known to be cheap."""

CHEAP_PATHS: Final = 50
"""Positions in the response that hold objects; a cheap query has no more."""

INTERVAL_S: Final = 0.1
"""Time from one turn to the next: large queries take half of a worker's time at most."""

MAX_WAIT_S: Final = 3.0
"""A query that would have to wait for longer is refused."""

_REMEMBERED: Final = 4_000


class Pacing:
    """The turns of one worker."""

    def __init__(self) -> None:
        self._next = 0.0
        # By hash, which takes no memory to speak of; strings have other hashes in each process.
        self._cheap: LRUCache[int, None] = LRUCache(_REMEMBERED)

    async def turn(self, query: str) -> None:
        """Wait for the turn of a query, if it needs one. Raises Refusal if there are too many."""
        if len(query) > LARGE and hash(query) not in self._cheap:
            await asyncio.sleep(self.wait(asyncio.get_running_loop().time()))

    def wait(self, now: float) -> float:
        """Take the next turn, and return how many seconds it is away. Raises Refusal."""
        start = max(now, self._next)
        if start - now > MAX_WAIT_S:
            raise Refusal(
                503,
                "Too many large queries at once; try again in a few seconds, or send a shorter "
                "query.",
                ErrorCode.UNAVAILABLE,
                {"retry-after": "3"},
            )
        self._next = start + INTERVAL_S
        return start - now

    def remember(self, query: str, checked: CheckedQuery | None) -> None:
        """Remember a query that turned out to be cheap: it needs no more turns."""
        cost = checked.cost if checked else None
        if len(query) > LARGE and cost and cost.paths <= CHEAP_PATHS:
            self._cheap[hash(query)] = None
