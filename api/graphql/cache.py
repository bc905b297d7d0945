"""Finished answers, kept while the corpus they were made from stands."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from api.graphql.response import EncodedResult
from store.audience import Audience
from store.errors import StoreError

# A finished load shows within a second: half of it for the check, half for everything else.
CHECK_EVERY_S = 0.5
# A version that takes longer to come is not waited for; the query itself will say what is wrong.
_CHECK_WITHIN_S = 0.5


class ResponseCache:
    """The last used answers of one worker, at most `max_bytes` of them (0: none).

    `read_version` gives the corpus's version. It is read when a request comes and the last reading
    is older than half a second, once for all requests that wait for it, so that an idle server
    asks nothing and no answer outlives its corpus by more than that.
    """

    def __init__(self, max_bytes: int, read_version: Callable[[], Awaitable[int]]) -> None:
        self._max_bytes = max_bytes
        self._read_version = read_version
        self._answers: OrderedDict[bytes, EncodedResult] = OrderedDict()
        self._bytes = 0
        self._making: dict[tuple[bytes, int], asyncio.Task[EncodedResult]] = {}
        self._held: int | None = None  # the version that the answers belong to
        self._known: int | None = None  # the version at the last check, None if there was none
        self._checked = float("-inf")
        self._checking = asyncio.Lock()

    @property
    def bytes_held(self) -> int:
        """How much memory the answers take, about."""
        return self._bytes

    async def version(self) -> int | None:
        """Give the corpus's version, at most half a second old; None where it cannot be known."""
        if not self._max_bytes:
            return None
        if time.monotonic() - self._checked >= CHECK_EVERY_S:
            async with self._checking:
                if time.monotonic() - self._checked >= CHECK_EVERY_S:
                    await self._check()
        return self._known

    def get(self, key: bytes, version: int | None) -> EncodedResult | None:
        """Give the answer that was put under this key for this version."""
        if version is None or version != self._held or key not in self._answers:
            return None
        self._answers.move_to_end(key)
        return self._answers[key]

    def put(self, key: bytes, version: int | None, answer: EncodedResult) -> None:
        """Keep an answer; `version` is the corpus's before it was made. Errors are not kept."""
        if version is None or version != self._held or answer.codes or key in self._answers:
            return
        if answer.size > self._max_bytes // 4:
            return  # one giant must not drive out everything else
        self._answers[key] = answer
        self._bytes += answer.size
        while self._bytes > self._max_bytes:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= oldest.size

    async def answer(
        self, key: bytes | None, version: int | None, make: Callable[[], Awaitable[EncodedResult]]
    ) -> tuple[EncodedResult, bool]:
        """Give the answer, and whether it was already there or on its way.

        Requests for the same thing at the same version wait for one making of it: when the corpus
        changes, a popular query is executed once and not once for each client.
        """
        if key is None or version is None:
            return await make(), False
        if held := self.get(key, version):
            return held, True
        making = self._making.get((key, version))
        is_first = making is None
        if making is None:
            making = asyncio.ensure_future(self._made(key, version, make))
            self._making[key, version] = making
        # Others may wait for it too: one who goes away must not take it along.
        return await asyncio.shield(making), not is_first

    async def _made(
        self, key: bytes, version: int, make: Callable[[], Awaitable[EncodedResult]]
    ) -> EncodedResult:
        try:
            answer = await make()
            self.put(key, version, answer)
        finally:
            del self._making[key, version]
        return answer

    async def _check(self) -> None:
        began = time.monotonic()
        try:
            async with asyncio.timeout(_CHECK_WITHIN_S):
                self._known = await self._read_version()
        except (StoreError, TimeoutError):
            self._known = None
        else:
            if self._known != self._held:
                self._answers.clear()
                self._bytes = 0
                self._held = self._known
        self._checked = began if self._known is not None else time.monotonic()


def cache_key(
    audience: Audience,
    query: str,
    operation_name: str | None,
    variables: dict[str, Any],
    wants_cost: bool = False,
) -> bytes | None:
    """Give the key of an operation's answer, or None when its variables have no canonical form."""
    try:
        rest = orjson.dumps(
            [audience, operation_name, variables, wants_cost], option=orjson.OPT_SORT_KEYS
        )
    except orjson.JSONEncodeError:
        return None  # nested deeper than the encoder goes
    digest = hashlib.blake2b(rest, digest_size=24)
    digest.update(b"\0")
    digest.update(query.encode("utf-8", "surrogatepass"))
    return digest.digest()
