"""A bound on the requests that one worker handles at once."""

from api.graphql.refusal import Refusal
from schema.errors import ErrorCode


class ConcurrencyLimit:
    """Admits `limit` requests at a time, including those whose bodies are still arriving.

    With the bound on a body's size it bounds memory. More would only wait for each other.
    """

    def __init__(self, limit: int = 1_000) -> None:
        self._limit = limit
        self._active = 0

    def __enter__(self) -> None:
        """Admit a request for the duration of the block. Raises Refusal if there are too many."""
        if self._active >= self._limit:
            raise Refusal(
                503,
                "Too many requests at once; try again in a second.",
                ErrorCode.UNAVAILABLE,
                {"retry-after": "1", "connection": "close"},
            )
        self._active += 1

    def __exit__(self, *_: object) -> None:
        self._active -= 1
