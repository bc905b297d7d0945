"""A bound on the requests that one worker has in hand."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.graphql.refusal import Refusal
from schema.errors import ErrorCode


class ConcurrencyLimit:
    """Lets `most` requests in at a time, bodies that are still arriving included.

    With the bound on a body's size it bounds memory. More would only wait for each other.
    """

    def __init__(self, most: int = 1_000) -> None:
        self._most = most
        self._inside = 0

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Let one request in for the duration of the block. Raises Refusal when it is full."""
        if self._inside >= self._most:
            raise Refusal(
                503,
                "Too many requests at once; try again in a second.",
                ErrorCode.UNAVAILABLE,
                {"retry-after": "1", "connection": "close"},
            )
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
