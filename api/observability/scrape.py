"""/metrics: what the workers have counted, and the state of the server at this moment."""

import asyncio
import os
import platform
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC
from importlib.metadata import version

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Metric,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from starlette.responses import Response

from api.throttled import Throttled
from store.reading.store import CorpusState
from store.search.freshness import Freshness
from store.search.status import FollowerStatus

_EVERY_S = 1.0
_WITHIN_S = 3.0


class Scrape:
    """Makes the response of /metrics, for which it asks the store at most once a second.

    `search` is that of the index of this host, if searches are answered from one.
    """

    def __init__(
        self,
        state: Callable[[], Awaitable[CorpusState]],
        missing_indexes: Callable[[], Awaitable[list[str]]],
        search: Freshness | None = None,
    ) -> None:
        self._search = search
        self._state = Throttled(state, every_s=_EVERY_S, within_s=_WITHIN_S)
        self._missing_indexes = Throttled(missing_indexes, every_s=_EVERY_S, within_s=_WITHIN_S)

    async def response(self) -> Response:
        """Return the metrics of all workers, or of this one if they share no folder."""
        state, missing = await asyncio.gather(self._state.get(), self._missing_indexes.get())
        now = CollectorRegistry()
        now.register(_Now(state, is_ready=missing == []))
        if self._search is not None:
            now.register(_SearchNow(self._search))
        counted = REGISTRY
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            counted = CollectorRegistry()
            multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        return Response(
            generate_latest(counted) + generate_latest(now),
            headers={"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"},
        )


class _SearchNow:
    """The metrics of the search index of this host."""

    def __init__(self, search: Freshness) -> None:
        self._search = search

    def collect(self) -> Iterator[Metric]:
        status = self._search.status or FollowerStatus()
        yield GaugeMetricFamily(
            "newsgraph_search_index_version",
            "The corpus version that the search index has; -1 while it has none.",
            status.version,
        )
        yield GaugeMetricFamily(
            "newsgraph_search_index_progress",
            "How much of the search index is built, from 0 to 1.",
            status.progress,
        )
        yield GaugeMetricFamily(
            "newsgraph_search_index_lag_seconds",
            "For how long the corpus has had a version that the search index does not have.",
            self._search.lag_s(status.version),
        )


class _Now:
    """The metrics that are not counted but read; those of the corpus only if it can be read."""

    def __init__(self, state: CorpusState | None, *, is_ready: bool) -> None:
        self._state = state
        self._is_ready = is_ready

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily(
            "newsgraph_build_info", "The versions, as labels.", labels=("version", "python")
        )
        build.add_metric((version("newsgraph"), platform.python_version()), 1)
        yield build
        yield GaugeMetricFamily("newsgraph_ready", "What /readyz says: 1 or 0.", self._is_ready)
        if self._state is None:
            return
        yield GaugeMetricFamily(
            "newsgraph_corpus_version",
            "How many loads have changed the corpus.",
            self._state["version"],
        )
        if changed := self._state["updatedDateTime"]:
            yield GaugeMetricFamily(
                "newsgraph_corpus_changed_timestamp_seconds",
                "When a load last changed the corpus, in Unix time.",
                changed.replace(tzinfo=UTC).timestamp(),
            )
