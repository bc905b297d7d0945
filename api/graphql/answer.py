"""The answer to an operation: its bytes, how it ended, and the HTTP response made of them."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from starlette.responses import Response

from api.graphql.negotiation import GRAPHQL, MediaType
from api.graphql.refusal import Refusal
from schema.errors import ErrorCode

# Below this many bytes gzip saves no packet.
_WORTH_COMPRESSING = 1400
# 28 KB of news: level 1 makes 5.2 KB in 0.10 ms, level 4 4.7 KB in 0.17, level 9 4.5 KB in 0.26.
_LEVEL = 4
_RETRY_AFTER_S = "5"  # an election takes up to 12 s; a client that waits twice has an answer
VARY = "Accept, Accept-Encoding, Authorization"


@dataclass(frozen=True)
class Answer:
    """A GraphQL response, encoded. `codes` are its errors', `executed` whether it has `data`."""

    body: bytes
    executed: bool = True
    codes: tuple[str, ...] = ()
    extra_status: int | None = None
    """The status for a request error where 400 would be wrong, whatever the media type."""
    cost: int | None = None
    """The price of the operation in objects, where it has one."""

    @property
    def outcome(self) -> str:
        """What metrics count: `ok`, or the first error's code."""
        return self.codes[0] if self.codes else "ok"

    @cached_property
    def etag(self) -> str:
        """A validator of the body; weak, because it is the same for every content coding."""
        # SHA-256, for which processors have instructions: half the time of BLAKE2.
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:24]}"'

    @cached_property
    def gzipped(self) -> bytes:
        """The body in gzip."""
        return gzip.compress(self.body, _LEVEL, mtime=0)

    @property
    def size(self) -> int:
        """About how many bytes it takes in memory, with its compressed form."""
        return len(self.body) + len(self.body) // 4 + 500

    def status(self, media_type: MediaType) -> int:
        """Give the HTTP status: GraphQL over HTTP, section "Status Codes".

        Legacy clients that take application/json have 200 for whatever is a GraphQL response,
        except when the server could not do its work: retries and load balancers go by the status.
        """
        if self.extra_status is not None:
            return self.extra_status
        return 400 if media_type == GRAPHQL and not self.executed else 200


def encode(
    data: Any,
    errors: list[dict[str, Any]],
    extensions: dict[str, Any] | None = None,
    cost: int | None = None,
) -> Answer:
    """Encode an executed operation's result."""
    if errors and (outage := _outage(data, errors)):
        return outage
    result: dict[str, Any] = {"data": data}
    if errors:
        result["errors"] = errors
    if extensions:
        result["extensions"] = extensions
    return Answer(orjson.dumps(result), codes=tuple(map(_code, errors)), cost=cost)


def encode_refusal(
    errors: list[dict[str, Any]], *, status: int | None = None, extensions: Any = None
) -> Answer:
    """Encode the errors of an operation that was not executed: the response has no `data`."""
    result: dict[str, Any] = {"errors": errors}
    if extensions:
        result["extensions"] = extensions
    return Answer(
        orjson.dumps(result), executed=False, codes=tuple(map(_code, errors)), extra_status=status
    )


def error_response(refusal: Refusal, media_type: MediaType) -> Response:
    """Give the HTTP response of a refused request."""
    error = {"message": refusal.message, "extensions": {"code": refusal.code}}
    return Response(
        orjson.dumps({"errors": [error]}),
        refusal.status,
        {"cache-control": "no-store", "vary": VARY, **refusal.headers},
        media_type=f"{media_type}; charset=utf-8",
    )


def response(
    answer: Answer, media_type: MediaType, *, cache_control: str, gzip: bool, if_none_match: str
) -> Response:
    """Give the HTTP response. Only answers without errors may be kept or answered with 304."""
    headers = {"vary": VARY, "cache-control": cache_control}
    status = answer.status(media_type)
    if answer.codes:
        headers["cache-control"] = "no-store"
        if status == 503:
            headers["retry-after"] = _RETRY_AFTER_S
    else:
        headers["etag"] = answer.etag
        if if_none_match and _matches(if_none_match, answer.etag):
            return Response(status_code=304, headers=headers)
    body = answer.body
    if gzip and len(body) >= _WORTH_COMPRESSING:
        body = answer.gzipped
        headers["content-encoding"] = "gzip"
    headers["content-type"] = f"{media_type}; charset=utf-8"
    return Response(body, status, headers)


def _outage(data: Any, errors: list[dict[str, Any]]) -> Answer | None:
    """Give the answer when nothing could be read: no data at all, rather than data full of null."""
    if isinstance(data, dict) and any(value is not None for value in data.values()):
        return None
    codes = set(map(_code, errors))
    if ErrorCode.UNAVAILABLE in codes:
        return encode_refusal(errors, status=503)
    if ErrorCode.TIMEOUT in codes:
        return encode_refusal(errors, status=504)
    return None


def _code(error: dict[str, Any]) -> str:
    code: str = error["extensions"]["code"]
    return code


def _matches(if_none_match: str, etag: str) -> bool:
    candidates = {tag.strip() for tag in if_none_match.split(",")}
    # Weak comparison (RFC 9110, section 8.8.3.2): proxies may have stripped or added the W/.
    return "*" in candidates or etag.removeprefix("W/") in {
        t.removeprefix("W/") for t in candidates
    }
