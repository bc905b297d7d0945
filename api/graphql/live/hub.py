"""Keeps what is listened to up to date: one execution for each distinct query and change."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from typing import Final

from api.graphql.live.events import Answer, answer_of, is_transient
from api.graphql.live.live_query import Listener, LiveQuery, State
from api.graphql.live.places import Places
from api.graphql.live.subscription import Subscriptions
from api.graphql.refusal import Refusal
from api.graphql.response import EncodedResult
from api.graphql.schemas import Schemas
from api.observability.metrics import LIVE_QUERIES, STREAM_EXECUTIONS
from schema.errors import ErrorCode
from store.audience import Audience

LOOK_EVERY_S: Final = 0.1
"""How often the hub looks for a change that nobody told it: of the search index, above all."""

SLOTS: Final = 4
"""Executions at a time. After each, its slot rests for as long as it took, so that a load leaves
time for other requests."""

MAX_REST_S: Final = 1.0
INTERVAL_S: Final = 0.2
"""The least time from one execution of a query to the next: a load changes the corpus often."""

INTERVAL_PER_OBJECT_S: Final = 0.0001
"""What each object of a query's cost adds to that: price is cost times rate."""

RETRY_S: Final = 1.0
"""From an answer that lacks something, as MongoDB was away, to the next try."""

_AT_ONCE: Final = 32  # listeners that are woken in one turn of the event loop

log = logging.getLogger("newsgraph.live")


class Hub:
    """The queries that are listened to in one worker."""

    max_queries = 1_000
    max_bytes = 64 * 1024 * 1024
    """Of the newest answers of all queries together."""

    def __init__(
        self,
        schemas: Schemas,
        edition: Callable[[Audience], str],
        reads_are_current: Callable[[], bool],
        places: Places,
    ) -> None:
        """Make a hub without queries.

        `edition` returns that of the search index for an audience. What is read while not
        `reads_are_current` may be older than the version of the corpus.
        """
        self.places = places
        self.subscriptions = Subscriptions()
        self._schemas = schemas
        self._edition = edition
        self._reads_are_current = reads_are_current
        self._queries: dict[bytes, LiveQuery] = {}
        self._bytes = 0
        self._slots = asyncio.Semaphore(SLOTS)
        self._following: asyncio.Task[None] | None = None

    def state(self, audience: Audience) -> State | None:
        """Return what answers are made from now; None while it is not known."""
        version = self._schemas.version()
        return None if version is None else State(version, self._edition(audience))

    def is_settled(self, result: EncodedResult) -> bool:
        """Return whether a result, which was just made, is right until there is a change."""
        return not is_transient(result) and self._reads_are_current()

    @contextmanager
    def listening(self, key: bytes, query: LiveQuery, listener: Listener) -> Iterator[LiveQuery]:
        """Listen for the duration of the context: to `query`, or to one of this key that there is.

        Raises Refusal if there are too many.
        """
        query = self._queries.get(key) or self._add(key, query)
        query.listeners.add(listener)
        try:
            yield query
        finally:
            query.listeners.discard(listener)
            if not query.listeners and self._queries.get(key) is query:
                self._remove(key)

    def _add(self, key: bytes, query: LiveQuery) -> LiveQuery:
        size = len(query.answer.event)
        if len(self._queries) >= self.max_queries or self._bytes + size > self.max_bytes:
            message = "Too many different streams at once; try again in a few seconds."
            raise Refusal(503, message, ErrorCode.UNAVAILABLE, {"retry-after": "10"})
        self._queries[key] = query
        self._bytes += size
        LIVE_QUERIES.inc()
        if self._following is None:
            self._following = _start(self._follow())
        return query

    def _remove(self, key: bytes) -> None:
        query = self._queries.pop(key)
        self._bytes -= len(query.answer.event)
        LIVE_QUERIES.dec()
        if query.renewal is not None:
            query.renewal.cancel()
        if not self._queries and self._following is not None:
            self._following.cancel()
            self._following = None

    async def _follow(self) -> None:
        """Renew the queries whose state is another now, until nobody listens."""
        while True:
            now = {audience: self.state(audience) for audience in Audience}
            for query in self._queries.values():
                state = now[query.audience]
                if query.renewal is None and state is not None and state != query.made_of:
                    query.renewal = _start(self._renew(query))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._schemas.turned()

    async def _renew(self, query: LiveQuery) -> None:
        """Execute a query until its answer is that of the state, or this is not known."""
        loop = asyncio.get_running_loop()
        try:
            while self.state(query.audience) not in (None, query.made_of):
                await asyncio.sleep(query.due - loop.time())
                async with self._slots:
                    began = loop.time()
                    answer = await self._execute(query)
                    took = loop.time() - began
                    if answer is not None:
                        await self._tell(query, answer)
                    await asyncio.sleep(min(took, MAX_REST_S))
        finally:
            query.renewal = None

    async def _execute(self, query: LiveQuery) -> Answer | None:
        """Execute a query, and return its answer if it is another one."""
        loop = asyncio.get_running_loop()
        state, began = self.state(query.audience), loop.time()
        STREAM_EXECUTIONS.inc()
        try:
            result = await query.make()
        except Refusal:  # too many large queries, or the schema is not known
            result = None
        except Exception:
            log.exception("The query of a stream cannot be executed; trying again")
            result = None
        if result is None or not self.is_settled(result):
            query.due = loop.time() + RETRY_S
            return None
        query.due = began + INTERVAL_S + (result.cost or 0) * INTERVAL_PER_OBJECT_S
        query.made_of = state
        answer = await answer_of(result)
        return None if answer.id == query.answer.id else answer

    async def _tell(self, query: LiveQuery, answer: Answer) -> None:
        """Send a query's new answer to its listeners, a few in each turn of the event loop."""
        self._bytes += len(answer.event) - len(query.answer.event)
        query.answer = answer
        if self._bytes > self.max_bytes:
            for listener in query.listeners:
                listener.stop("The server has no room for so many different streams.")
        for number, listener in enumerate(list(query.listeners), 1):
            listener.wake()
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)


def _start(work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    """Start a task that belongs to no request, whichever began it: not to its id, nor its span."""
    return asyncio.create_task(work, context=Context())
