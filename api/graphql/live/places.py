"""How many streams one worker keeps open."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from api.graphql.refusal import Refusal
from api.observability.metrics import STREAMS
from schema.errors import ErrorCode

_RETRY_AFTER = {"retry-after": "10"}


class Places:
    """Places for streams: so many in all, and so many for each caller."""

    def __init__(self, in_all: int, per_caller: int) -> None:
        self._in_all = in_all
        self._per_caller = per_caller
        self._callers: Counter[str] = Counter()
        self._taken = 0

    @contextmanager
    def taken(self, caller: str) -> Iterator[None]:
        """Take a place for the duration of the context. Raises Refusal if there is none."""
        if self._callers[caller] >= self._per_caller:
            message = (
                f"You have reached the limit of {self._per_caller:,} open streams for each caller. "
                "Close one, or request more in one query."
            )
            raise Refusal(429, message, ErrorCode.RATE_LIMITED, _RETRY_AFTER)
        if self._taken >= self._in_all:
            message = "Too many streams at once; try again in a few seconds."
            raise Refusal(503, message, ErrorCode.UNAVAILABLE, _RETRY_AFTER)
        self._callers[caller] += 1
        self._taken += 1
        STREAMS.inc()
        try:
            yield
        finally:
            STREAMS.dec()
            self._taken -= 1
            self._callers[caller] -= 1
            if not self._callers[caller]:
                del self._callers[caller]
