"""Encoded responses, kept for as long as the corpus that they were made from is current."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping

import orjson
from cachetools import LRUCache

from api.graphql.response import EncodedResult
from api.observability.metrics import CACHE_BYTES
from store.audience import Audience


class ResponseCache:
    """The most recently used responses of one worker, of at most `max_bytes` (0 keeps none).

    `current_version` returns the corpus version, or None while it is not known; all responses are
    dropped when it changes. Responses are only kept if `reads_are_current` after they are made.
    """

    def __init__(
        self,
        max_bytes: int,
        current_version: Callable[[], int | None],
        reads_are_current: Callable[[], bool] = lambda: True,
    ) -> None:
        self._max_bytes = max_bytes
        self._current_version = current_version
        self._reads_are_current = reads_are_current
        self._results: LRUCache[bytes, EncodedResult] = LRUCache(
            max_bytes, lambda result: result.size
        )
        self._making: dict[tuple[bytes, int], asyncio.Task[EncodedResult]] = {}
        self._held: int | None = None  # the version that the results belong to

    def version(self) -> int | None:
        """Return the corpus version, or None if nothing can be cached now."""
        version = self._current_version() if self._max_bytes else None
        if version is not None and version != self._held:
            self._results.clear()
            CACHE_BYTES.set(0)
            self._held = version
        return version

    def get(self, key: bytes, version: int | None) -> EncodedResult | None:
        """Return the result that was put under this key for this version."""
        if version is None or version != self._held:
            return None
        try:
            return self._results[key]
        except KeyError:
            return None

    def put(self, key: bytes, version: int | None, result: EncodedResult) -> None:
        """Keep a result without errors; `version` was the corpus version before it was made."""
        if version is None or version != self._held or result.codes or key in self._results:
            return
        if not self._reads_are_current():
            return
        if result.size <= self._max_bytes // 4:  # one giant must not evict everything else
            self._results[key] = result
            CACHE_BYTES.set(self._results.currsize)

    async def get_or_make(
        self, key: bytes | None, version: int | None, make: Callable[[], Awaitable[EncodedResult]]
    ) -> tuple[EncodedResult, bool]:
        """Return the result, and whether it was already kept or being made.

        Concurrent requests for the same result wait for one execution: when the corpus changes, a
        popular query is executed once and not once per client.
        """
        if key is None or version is None:
            return await make(), False
        if kept := self.get(key, version):
            return kept, True
        making = self._making.get((key, version))
        is_first = making is None
        if making is None:
            making = asyncio.create_task(self._make(key, version, make))
            self._making[key, version] = making
        # A client that disconnects must not cancel the execution that others wait for.
        return await asyncio.shield(making), not is_first

    async def _make(
        self, key: bytes, version: int, make: Callable[[], Awaitable[EncodedResult]]
    ) -> EncodedResult:
        try:
            result = await make()
            self.put(key, version, result)
        finally:
            del self._making[key, version]
        return result


def cache_key(
    audience: Audience,
    origin: str | None,
    query: str,
    operation_name: str | None,
    variables: Mapping[str, object],
    wants_cost: bool = False,
    edition: str = "",
) -> bytes | None:
    """Return the key of an operation's result, or None if its variables have no canonical form.

    `origin` is the one that the caller addressed: addresses in the result may begin with it.
    `edition` is that of the search index, which the result may be made from.
    """
    try:
        rest = orjson.dumps(
            [audience, origin, operation_name, variables, wants_cost, edition],
            option=orjson.OPT_SORT_KEYS,
        )
    except orjson.JSONEncodeError:
        return None  # nested deeper than the encoder goes
    return hashlib.sha256(b"%b\0%b" % (rest, query.encode("utf-8", "surrogatepass"))).digest()
