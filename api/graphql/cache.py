"""Encoded responses, kept for as long as the corpus that they were made from is current."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping

import orjson
from cachetools import LRUCache

from api.graphql.response import EncodedResult
from api.observability.metrics import CACHE_BYTES
from api.throttled import Clock, Throttled
from store.audience import Audience

# A finished load shows within a second. The version is read again after half of it; until it is
# there, requests go on with the one before rather than all at once when it arrives.
CHECK_EVERY_S = 0.5
MAX_AGE_S = 0.9
# Longer than this nobody waits for the version; the query itself will report what is wrong.
_CHECK_WITHIN_S = 0.5


class ResponseCache:
    """The most recently used responses of one worker, of at most `max_bytes` (0 keeps none).

    `read_version` returns the corpus version. All responses are dropped when it changes.
    """

    def __init__(
        self,
        max_bytes: int,
        read_version: Callable[[], Awaitable[int]],
        clock: Clock = time.monotonic,
    ) -> None:
        self._max_bytes = max_bytes
        self._read_version = read_version
        self._results: LRUCache[bytes, EncodedResult] = LRUCache(
            max_bytes, lambda result: result.size
        )
        self._making: dict[tuple[bytes, int], asyncio.Task[EncodedResult]] = {}
        self._held: int | None = None  # the version that the results belong to
        self._version = Throttled(
            self._check,
            every_s=CHECK_EVERY_S,
            within_s=_CHECK_WITHIN_S,
            max_age_s=MAX_AGE_S,
            clock=clock,
        )

    async def version(self) -> int | None:
        """Return the corpus version, less than a second old, or None if it cannot be known."""
        version = await self._version.get()
        return version if self._max_bytes else None

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

    async def _check(self) -> int:
        version = await self._read_version()
        if version != self._held:
            self._results.clear()
            CACHE_BYTES.set(0)
            self._held = version
        return version


def cache_key(
    audience: Audience,
    query: str,
    operation_name: str | None,
    variables: Mapping[str, object],
    wants_cost: bool = False,
) -> bytes | None:
    """Return the key of an operation's result, or None if its variables have no canonical form."""
    try:
        rest = orjson.dumps(
            [audience, operation_name, variables, wants_cost], option=orjson.OPT_SORT_KEYS
        )
    except orjson.JSONEncodeError:
        return None  # nested deeper than the encoder goes
    return hashlib.sha256(b"%b\0%b" % (rest, query.encode("utf-8", "surrogatepass"))).digest()
