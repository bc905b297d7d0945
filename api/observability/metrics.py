"""What /metrics tells Prometheus. Every label has few values, whatever clients send."""

import os
import re

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from starlette.responses import Response

# Clients choose operation names: this many get a series of their own, the others share one.
_MOST_OPERATIONS = 100
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
    "Seconds from a request's parameters to its answer.",
    ("operation",),
    buckets=_SECONDS,
)
OPERATION_COST = Histogram(
    "newsgraph_operation_cost_objects",
    "The price of the executed operations, in objects.",
    buckets=_OBJECTS,
)
CACHE = Counter(
    "newsgraph_cache_lookups_total", "Look-ups in the response cache: hit or miss.", ("result",)
)
DATABASE_SECONDS = Histogram(
    "newsgraph_database_command_seconds",
    "Seconds of the commands sent to MongoDB, by command and by whether it did them.",
    ("command", "outcome"),
    buckets=_SECONDS,
)
HTTP = Counter("newsgraph_http_responses_total", "HTTP responses, by status.", ("status",))


class OperationNames:
    """The operation names that have series of their own."""

    def __init__(self, most: int = _MOST_OPERATIONS) -> None:
        self._most = most
        self._names: set[str] = set()

    def label(self, name: str | None, *, executed: bool) -> str:
        """Return the label of an operation; only one that was executed gets a new series."""
        if name is None:
            return _UNNAMED
        if name in self._names:
            return name
        if not executed or len(self._names) >= self._most or not _NAME.fullmatch(name):
            return OTHER
        self._names.add(name)
        return name


def count_command(name: str, seconds: float, succeeded: bool) -> None:
    """Count a command of the database."""
    DATABASE_SECONDS.labels(name, "ok" if succeeded else "failed").observe(seconds)


def metrics_response() -> Response:
    """Give all metrics of this process, or of all workers where there are several."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        body = generate_latest(registry)
    else:
        body = generate_latest()
    return Response(
        body, headers={"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"}
    )
