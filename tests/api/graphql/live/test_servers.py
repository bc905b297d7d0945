"""Streams of real servers: stopping, reloading, workers that die, and the clock."""

import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from loaders.load import load
from loaders.options import Options
from tests.api.graphql.live.streaming import STREAM, WITHIN_S, Event, events_of
from tests.api.servers import Start, until, workers_of
from tests.loaders.conftest import write

QUERY = '{ corpus { itemCount } items { totalCount nodes { title } } item(slug: "a") { title } }'
PUBLIC = {"NEWSGRAPH_AUDIENCE": "public"}


class Reader:
    """Reads a stream in a thread; `next` returns what comes, with the time at which it came."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._events: queue.SimpleQueue[tuple[datetime, Event] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        text = ""
        try:
            for piece in self.response.iter_text():
                text += piece
                whole, separator, text = text.rpartition("\n\n")
                for event in events_of(whole + separator) if separator else ():
                    if event.name != "retry":
                        self._events.put((datetime.now(UTC), event))
        except httpx.TransportError:
            pass
        self._events.put(None)

    def next(self) -> tuple[datetime, Event] | None:
        """Return the next event; None at the end."""
        return self._events.get(timeout=WITHIN_S)


@contextmanager
def reading(url: str, query: str = QUERY, last_event_id: str = "") -> Iterator[Reader]:
    """Open a stream."""
    headers = {**STREAM, "last-event-id": last_event_id}
    request = httpx.stream(
        "GET", f"{url}/graphql", params={"query": query}, headers=headers, timeout=WITHIN_S
    )
    with request as response:
        assert response.status_code == 200
        yield Reader(response)


def item_count(reader: Reader) -> tuple[datetime, int]:
    """Return the number of items in the next answer, and when it came."""
    found = reader.next()
    assert found
    when, event = found
    return when, event.data["data"]["corpus"]["itemCount"]


@pytest.fixture
def load_item(tmp_path: Path, mongod: str, database_name: str) -> Callable[..., None]:
    """Load an item."""

    def load_one(name: str, **fields: datetime) -> None:
        lines = [f"{key}: {value.isoformat()}" for key, value in fields.items()]
        write(tmp_path / f"{name}.md", "\n".join(["---", f"title: {name}", *lines, "---", ""]))
        load([str(tmp_path)], uri=mongod, database=database_name, options=Options(jobs=1))

    return load_one


def announced(reader: Reader) -> None:
    """Check that the stream ends, and says why."""
    found = reader.next()
    assert found
    assert "connect again" in found[1].comment
    assert reader.next() is None


def test_a_load_reaches_all_streams_and_a_reload_and_a_stop_are_announced(
    serve: Start, load_item: Callable[..., None]
) -> None:
    load_item("a")
    process, url = serve("--workers", "2", **PUBLIC)
    old = workers_of(process)
    with reading(url) as one, reading(url) as two, reading(url) as three:
        readers = (one, two, three)
        assert [item_count(reader)[1] for reader in readers] == [1, 1, 1]
        load_item("b")
        found = [reader.next() for reader in readers]
        (last,) = {event.id for _, event in filter(None, found)}
        process.send_signal(signal.SIGHUP)
        for reader in readers:
            announced(reader)
    load_item("c")
    until(lambda: not {*workers_of(process)} & {*old} and httpx.get(f"{url}/readyz").is_success)
    with reading(url, last_event_id=last) as reader:  # what it missed comes at once
        assert item_count(reader)[1] == 3
        process.send_signal(signal.SIGTERM)
        announced(reader)
    assert process.wait(WITHIN_S) == 0


@pytest.mark.slow
def test_a_killed_worker_loses_no_last_state(serve: Start, load_item: Callable[..., None]) -> None:
    load_item("a0")
    process, url = serve("--workers", "2", **PUBLIC)
    last = ""
    for number in range(1, 6):
        with reading(url, last_event_id=last) as reader:
            load_item(f"a{number}")
            while (found := reader.next()) and found[1].data:
                last = found[1].id
                if found[1].data["data"]["corpus"]["itemCount"] == number + 1:
                    break
            assert found
            for pid in workers_of(process):
                os.kill(pid, signal.SIGKILL)
            assert reader.next() is None
        until(lambda: httpx.get(f"{url}/readyz").is_success)
    with reading(url, last_event_id="another") as reader:
        assert item_count(reader)[1] == 6


@pytest.mark.slow
def test_an_embargo_ends_in_streams_at_its_second_and_not_before(
    serve: Start, load_item: Callable[..., None]
) -> None:
    load_item("b")
    _, url = serve("--workers", "2", **PUBLIC)
    start = datetime.now(UTC) + timedelta(seconds=5)  # it is loaded by then
    end = start + timedelta(seconds=5)  # and has been seen by then
    with reading(url) as one, reading(url) as two:
        for reader in (one, two):
            assert item_count(reader)[1] == 1
        load_item("a", date=start, expiryDate=end)
        for reader in (one, two):
            came, count = item_count(reader)
            assert count == 2
            assert came >= start
            gone, count = item_count(reader)
            assert count == 1
            assert gone >= end
