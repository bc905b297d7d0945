"""Budgets: how many objects a caller may ask for in a minute.

Each caller has a bucket, which is refilled evenly and holds a minute's objects. An answer is paid
for when it is known what it took, so a bucket can be overdrawn; its caller then waits until the
debt is paid. Every worker has buckets of its own.

`limits`, the usual library for this, keeps every caller until a thread that looks at all of them
finds the entry expired: an attacker with many addresses fills the memory. An LRU cache does not.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from cachetools import LRUCache
from starlette.types import Scope

from api.graphql.headers import Headers
from api.graphql.refusal import Refusal
from schema.errors import ErrorCode

WINDOW_S: Final = 60

MAX_CALLERS: Final = 20_000
"""Callers whose buckets a worker keeps, at some 300 bytes; whoever was away longest has a full one
again."""

_ENOUGH: Final = 1 - 1e-6
"""Objects for one more answer, where rounding may have taken a bit of one."""

_HOST_BITS: Final = 64
"""Of an IPv6 address: a customer gets at least a /64, and may change these at will (RFC 6177)."""


@dataclass(frozen=True, slots=True)
class _Bucket:
    objects: float
    at: float


class Budgets:
    """The buckets of one worker, of `per_minute` objects each."""

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        max_callers: int = MAX_CALLERS,
    ) -> None:
        self._per_minute = per_minute
        self._rate = per_minute / WINDOW_S
        self._clock = clock
        self._buckets: LRUCache[str, _Bucket] = LRUCache(max_callers)
        # draft-ietf-httpapi-ratelimit-headers-10, section 3.
        self._policy = f'"objects";q={per_minute};w={WINDOW_S};qu="objects"'

    def __len__(self) -> int:
        return len(self._buckets)

    def open(self, caller: str) -> "Account":
        """Return a caller's account. Raises Refusal if the bucket is empty."""
        bucket = self._filled(caller)
        if bucket.objects < _ENOUGH:
            raise self._refusal(bucket)
        return Account(self, caller)

    def pay(self, caller: str, objects: int) -> Mapping[str, str]:
        """Take objects out of a caller's bucket; return the headers that say what is left."""
        bucket = self._filled(caller)
        bucket = self._buckets[caller] = replace(bucket, objects=bucket.objects - objects)
        return self._headers(bucket)

    def wait_s(self, caller: str) -> float:
        """Return after how many seconds a caller may go on; 0 if at once."""
        objects = self._filled(caller).objects
        return 0.0 if objects >= _ENOUGH else (1 - objects) / self._rate

    def _filled(self, caller: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(caller)
        if bucket is None:
            return _Bucket(self._per_minute, now)
        objects = min(bucket.objects + (now - bucket.at) * self._rate, self._per_minute)
        return _Bucket(objects, now)

    def _headers(self, bucket: _Bucket) -> dict[str, str]:
        left = max(0, math.floor(bucket.objects))
        full_in_s = math.ceil((self._per_minute - bucket.objects) / self._rate)
        return {
            "ratelimit-policy": self._policy,
            "ratelimit": f'"objects";r={left};t={full_in_s if left else self._wait_s(bucket)}',
        }

    def _wait_s(self, bucket: _Bucket) -> int:
        return max(1, math.ceil((1 - bucket.objects) / self._rate))

    def _refusal(self, bucket: _Bucket) -> Refusal:
        wait_s = self._wait_s(bucket)
        return Refusal(
            429,
            f"You have requested more than {self._per_minute:,} objects in a minute. "
            f"Try again in {wait_s} s, and request less at once.",
            ErrorCode.RATE_LIMITED,
            {**self._headers(bucket), "retry-after": str(wait_s)},
            {"limit": self._per_minute, "window": WINDOW_S, "retryAfter": wait_s},
        )


@dataclass(frozen=True, slots=True)
class Account:
    """The account of the caller of one request or stream."""

    _budgets: Budgets
    _caller: str

    def pay(self, objects: int) -> Mapping[str, str]:
        """Pay for an answer; return the headers that say what is left."""
        return self._budgets.pay(self._caller, objects)

    def wait_s(self) -> float:
        """Return after how many seconds there is something in it; 0 if there is now."""
        return self._budgets.wait_s(self._caller)


def caller_of(scope: Scope, headers: Headers) -> str:
    """Return who pays for a request whose token, if it has one, is valid.

    That is its token, or else its address: one for all of an IPv6 network that one customer gets.
    """
    authorization = headers.get("authorization")
    if authorization is not None:
        return f"token {authorization.partition(' ')[2].strip()}"
    client = scope.get("client")
    return _network(client[0]) if client else ""


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""  # a socket, or what a proxy says
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return f"network {int(parsed) >> _HOST_BITS:x}"
        parsed = parsed.ipv4_mapped
    return str(parsed)
