"""Prometheus metrics. Every label has a bounded number of values, whatever clients send."""

import re
from functools import lru_cache

from prometheus_client import Counter, Gauge, Histogram

# Clients choose operation names: the first this many have their own series, the others share one.
_MAX_OPERATIONS = 100
OTHER = "other"
_UNNAMED = "unnamed"
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,63}")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_OBJECTS = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000)

OPERATIONS = Counter(
    "newsgraph_operations_total",
    "GraphQL operations, by name and by outcome: ok, or the first error's code.",
    ("operation", "outcome"),
)
OPERATION_SECONDS = Histogram(
    "newsgraph_operation_seconds",
    "Duration of GraphQL operations in seconds, without reading and writing HTTP.",
    ("operation",),
    buckets=_SECONDS,
)
OPERATION_COST = Histogram(
    "newsgraph_operation_cost_objects",
    "Cost of executed operations, in objects.",
    buckets=_OBJECTS,
)
CACHE = Counter(
    "newsgraph_cache_lookups_total",
    "Lookups in the response cache, by result: hit or miss.",
    ("result",),
)
CACHE_BYTES = Gauge(
    "newsgraph_cache_bytes",
    "Size of the response caches of all workers.",
    multiprocess_mode="livesum",
)
DATABASE_SECONDS = Histogram(
    "newsgraph_database_command_seconds",
    "Duration of the reads from MongoDB for requests in seconds, by command and outcome.",
    ("command", "outcome"),
    buckets=_SECONDS,
)
HTTP = Counter("newsgraph_http_responses_total", "HTTP responses, by status.", ("status",))
DROPPED = Counter(
    "newsgraph_connections_dropped_total",
    "Connections cut off because of what is held for them, by reason: slow, backlog or heads.",
    ("reason",),
)
STREAMS = Gauge(
    "newsgraph_streams",
    "Streams that all workers keep open.",
    multiprocess_mode="livesum",
)
LIVE_QUERIES = Gauge(
    "newsgraph_stream_queries",
    "Different queries that these streams are of, added up over the workers.",
    multiprocess_mode="livesum",
)
STREAM_EVENTS = Counter("newsgraph_stream_events_total", "Answers sent in streams.")
STREAM_EXECUTIONS = Counter(
    "newsgraph_stream_executions_total",
    "Executions of the queries of streams after a change.",
)

# Finding a series takes longer than counting in it.
CACHE_HITS, CACHE_MISSES = CACHE.labels("hit"), CACHE.labels("miss")
responses = lru_cache(maxsize=100)(HTTP.labels)
operations = lru_cache(maxsize=1000)(OPERATIONS.labels)
operation_seconds = lru_cache(maxsize=_MAX_OPERATIONS + 2)(OPERATION_SECONDS.labels)
_database_seconds = lru_cache(maxsize=100)(DATABASE_SECONDS.labels)


class OperationNames:
    """The operation names that have their own series."""

    def __init__(self, max_names: int = _MAX_OPERATIONS) -> None:
        self._max_names = max_names
        self._names: set[str] = set()

    def label(self, name: str | None, *, executed: bool) -> str:
        """Return the label of an operation. Only executed operations get a new series."""
        if name is None:
            return _UNNAMED
        if name in self._names:
            return name
        if not executed or len(self._names) >= self._max_names or not _NAME.fullmatch(name):
            return OTHER
        self._names.add(name)
        return name


def count_call(command: str, seconds: float, succeeded: bool) -> None:
    """Record a read from MongoDB."""
    _database_seconds(command, "ok" if succeeded else "failed").observe(seconds)
