"""The encoded response to an operation, and the HTTP responses made of it."""

import asyncio
import gzip
import hashlib
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from starlette.responses import Response

from api.graphql.negotiation import GRAPHQL
from schema.errors import ErrorCode

# Below this many bytes gzip saves no packet.
_MIN_GZIP_BYTES = 1400
# 28 KB of news: level 1 makes 5.2 KB in 0.10 ms, level 4 4.7 KB in 0.17, level 9 4.5 KB in 0.26.
_GZIP_LEVEL = 4
# Up to this many bytes, gzip takes 5 to 15 ms. Larger bodies are left to threads, where digest and
# gzip run without the interpreter's lock: 16 MB take 0.9 s. The threads are few, so that a burst of
# large responses does not slow down everything else.
_MAX_INLINE_BYTES = 256 * 1024
_THREADS: Final = ThreadPoolExecutor(2, thread_name_prefix="encode")

REQUEST_ID: Final = secrets.token_hex(16)
"""Stands for the request's id in the body of a result, which several requests may share."""

_RETRY_AFTER_S = "5"  # an election takes up to 12 s: after two retries there is a primary again


@dataclass(frozen=True)
class EncodedResult:
    """The response to an operation, encoded once and cached by its operation."""

    body: bytes
    has_data: bool = True
    """False if the operation was not executed, or nothing could be read."""
    codes: tuple[str, ...] = ()
    """The codes of its errors."""
    extra_status: int | None = None
    """The status for a request error where 400 would be wrong, whatever the media type."""
    operation_name: str | None = None
    cost: int | None = None
    """The cost of the operation in objects, if it has data."""
    used: int = 1
    """What it takes out of its caller's budget, in objects."""

    def for_request(self, id_: str) -> "EncodedResult":
        """Return the result for the request with this id, which its internal errors name."""
        if ErrorCode.INTERNAL_SERVER_ERROR not in self.codes:
            return self
        return replace(self, body=self.body.replace(REQUEST_ID.encode(), id_.encode()))

    @property
    def outcome(self) -> str:
        """What metrics count: `ok`, or the first error's code."""
        return self.codes[0] if self.codes else "ok"

    @cached_property
    def etag(self) -> str:
        """A validator of the body; weak, because it is the same for every content coding."""
        return _etag(self.body)

    @cached_property
    def gzipped(self) -> bytes:
        """The body in gzip."""
        return _gzipped(self.body)

    @property
    def is_large(self) -> bool:
        """Whether `prepare` has to be called before `http_response`."""
        return len(self.body) > _MAX_INLINE_BYTES

    async def prepare(self, *, gzip: bool) -> None:
        """Compute what a response needs in a thread, once for all requests that share the body."""
        self.__dict__["etag"] = await asyncio.shield(self._digesting)
        if gzip:
            self.__dict__["gzipped"] = await asyncio.shield(self._compressing)

    @cached_property
    def _digesting(self) -> asyncio.Future[str]:
        return asyncio.get_running_loop().run_in_executor(_THREADS, _etag, self.body)

    @cached_property
    def _compressing(self) -> asyncio.Future[bytes]:
        return asyncio.get_running_loop().run_in_executor(_THREADS, _gzipped, self.body)

    @property
    def size(self) -> int:
        """The bytes that it takes in a cache, with its key and its compressed form.

        Text is compressed to less than a half.
        """
        return len(self.body) + len(self.body) // 2 + 600

    def status(self, media_type: str) -> int:
        """Return the HTTP status: GraphQL over HTTP, section "Status Codes".

        Legacy clients, which accept application/json, get 200 for every GraphQL response, except
        when the server could not do its work: retries and load balancers go by the status.
        """
        if self.extra_status is not None:
            return self.extra_status
        return 400 if media_type == GRAPHQL and not self.has_data else 200

    def http_response(
        self,
        media_type: str,
        *,
        cache_control: str,
        vary: str,
        gzip: bool,
        if_none_match: str,
    ) -> Response:
        """Return the HTTP response, which requests share.

        Only results without errors are cacheable or become a 304.
        """
        if if_none_match and not self.codes and _matches(if_none_match, self.etag):
            headers = {"vary": vary, "cache-control": cache_control, "etag": self.etag}
            return Response(status_code=304, headers=headers)
        key = media_type, cache_control, vary, gzip
        response = self._responses.get(key)
        if response is None:
            response = self._responses[key] = self._make_response(*key)
        return response

    @cached_property
    def _responses(self) -> dict[tuple[str, str, str, bool], Response]:
        """The responses with a body made so far, which requests share: settings bound them."""
        return {}

    def _make_response(
        self, media_type: str, cache_control: str, vary: str, gzip: bool
    ) -> Response:
        headers = {"vary": vary, "cache-control": cache_control}
        status = self.status(media_type)
        if self.codes:
            headers["cache-control"] = "no-store"
            if status == 503:
                headers["retry-after"] = _RETRY_AFTER_S
        else:
            headers["etag"] = self.etag
        body = self.body
        if gzip and len(body) >= _MIN_GZIP_BYTES:
            body = self.gzipped
            headers["content-encoding"] = "gzip"
        headers["content-type"] = f"{media_type}; charset=utf-8"
        return Response(body, status, headers)


def with_headers(response: Response, headers: Mapping[str, str]) -> Response:
    """Return a response with more headers; the given one stays as it is, as requests share it."""
    own = copy(response)
    own.raw_headers = [
        *response.raw_headers,
        *((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()),
    ]
    return own


def _etag(body: bytes) -> str:
    # SHA-256, for which processors have instructions: half the time of BLAKE2.
    return f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'


def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def _matches(if_none_match: str, etag: str) -> bool:
    candidates = {tag.strip() for tag in if_none_match.split(",")}
    # Weak comparison (RFC 9110, section 8.8.3.2): proxies may have stripped or added the W/.
    return "*" in candidates or etag.removeprefix("W/") in {
        candidate.removeprefix("W/") for candidate in candidates
    }
