"""The text of a stream: server-sent events as graphql-sse's "distinct connections mode" has them.

See its PROTOCOL.md, and "Server-sent events" in the HTML standard for `id`, `retry` and comments.
"""

from dataclasses import dataclass
from typing import Final

from api.graphql.response import REQUEST_ID, EncodedResult
from schema.errors import ErrorCode

RETRY_MS: Final = 2_000
"""What an EventSource waits before it connects again."""

HELLO: Final = f"retry: {RETRY_MS}\n\n".encode()
PING: Final = b":\n\n"
"""A comment, which keeps proxies from ending a quiet connection, and finds those that are gone."""
COMPLETE: Final = b"event: complete\ndata:\n\n"

_TRANSIENT: Final = frozenset({ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT})


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, written as an event once for all who listen."""

    id: str
    """The same for the same result, and only then: what `Last-Event-ID` has."""
    event: bytes
    is_last: bool
    """Whether the query cannot be executed, so that nothing will follow."""
    used: int
    """What it takes out of its listener's budget, in objects."""

    def for_request(self, id_: str) -> bytes:
        """Return the event for the request of this id, which internal errors name."""
        return self.event.replace(REQUEST_ID.encode(), id_.encode())


async def answer_of(result: EncodedResult) -> Answer:
    """Return the event of a result."""
    if result.is_large:
        await result.prepare(gzip=False)
    id_ = result.etag.removeprefix("W/").strip('"')
    # JSON as it is encoded here has no line breaks, so it is one line of data.
    event = b"id: %b\nevent: next\ndata: %b\n\n" % (id_.encode(), result.body)
    is_failed = ErrorCode.INTERNAL_SERVER_ERROR in result.codes or is_transient(result)
    return Answer(id_, event, not result.has_data and not is_failed, result.used)


def is_transient(result: EncodedResult) -> bool:
    """Return whether a result lacks what could not be read in time: the next may be better."""
    return not _TRANSIENT.isdisjoint(result.codes)


def comment(text: str) -> bytes:
    """Return a comment, which people see who look at the stream."""
    return f": {text}\n\n".encode()
