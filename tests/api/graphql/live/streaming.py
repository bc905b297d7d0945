"""A client of streams, which runs the application as a server does and sees each event arrive."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.applications import Starlette
from starlette.types import Message, Scope

WITHIN_S = 60
"""The longest that an event is waited for."""
QUIET_S = 0.3
"""How long nothing must come to count as nothing."""

STREAM = {"accept": "text/event-stream"}


@dataclass(frozen=True)
class Event:
    """One block of a stream: an event, or only a comment or `retry`."""

    name: str
    data: Any
    id: str
    comment: str


def events_of(text: str) -> list[Event]:
    """Return the blocks of a stream's text, which must be whole (HTML, "Server-sent events")."""
    assert text.endswith("\n\n")
    found = []
    for block in text.removesuffix("\n\n").split("\n\n"):
        fields = dict(line.partition(":")[::2] for line in block.split("\n"))
        values = {name: value.removeprefix(" ") for name, value in fields.items()}
        assert values.keys() <= {"event", "data", "id", "retry", ""}
        data = values.get("data")
        parsed = orjson.loads(data) if data else None
        name = values.get("event", "retry" if "retry" in values else "comment")
        found.append(Event(name, parsed, values.get("id", ""), values.get("", "")))
    return found


class Streaming:
    """One request for a stream, and what came of it so far."""

    def __init__(self, scope: Scope, body: bytes) -> None:
        self.scope = scope
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self.reads = asyncio.Event()
        """Cleared: the client reads nothing, and what is sent to it waits."""
        self.reads.set()
        self.waiting = 0
        self._body: bytes | None = body
        self._changed = asyncio.Event()
        self._gone = asyncio.Event()
        self.ended = False
        self._taken = 0

    async def receive(self) -> Message:
        """Return the request, and then nothing until the client leaves."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take a part of the response."""
        self.waiting += 1
        await self.reads.wait()
        self.waiting -= 1
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        else:
            self.text += message.get("body", b"").decode()
            self.ended = not message.get("more_body", False)
        self._changed.set()

    def leave(self) -> None:
        """Close the connection."""
        self._gone.set()

    @property
    def newest(self) -> Any:
        """The newest answer; None if there is none yet."""
        answers = [event.data for event in events_of(self.text) if event.name == "next"]
        return answers[-1] if answers else None

    async def next(self) -> Event:
        """Return the next event or comment; `retry` and pings are passed over."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                for event in events_of(self.text)[self._taken :] if self.text else ():
                    self._taken += 1
                    if event.name != "retry" and (event.name != "comment" or event.comment):
                        return event
                assert not self.ended, "the stream has ended"
                self._changed.clear()
                await self._changed.wait()

    async def answer(self) -> Any:
        """Return the data of the next answer, which has no errors."""
        event = await self.next()
        assert event.name == "next"
        assert "errors" not in event.data
        return event.data["data"]

    async def is_quiet(self) -> bool:
        """Return whether nothing comes for a while."""
        try:
            async with asyncio.timeout(QUIET_S):
                await self.next()
        except TimeoutError:
            return True
        return False

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds of what has come."""
        async with asyncio.timeout(WITHIN_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def end(self) -> None:
        """Wait for the end of the response."""
        await self.until(lambda: self.ended)


@asynccontextmanager
async def streaming(
    app: Starlette,
    query: str,
    *,
    method: str = "POST",
    headers: Mapping[str, str] = {},
    client: str = "192.0.2.1",
    **parameters: object,
) -> AsyncIterator[Streaming]:
    """Ask an application for a stream, and leave at the end of the context."""
    given = {"query": query, **parameters}
    url = urlencode({key: value if isinstance(value, str) else orjson.dumps(value).decode()
                     for key, value in given.items()})  # fmt: skip
    has_body = method != "GET"
    sent = {"host": "localhost:8000", "content-type": "application/json", **STREAM, **headers}
    scope: Scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": "/graphql",
        "root_path": "",
        "query_string": b"" if has_body else url.encode(),
        "headers": [(key.encode(), value.encode()) for key, value in sent.items()],
        "client": (client, 1),
        "server": ("localhost", 8000),
        "http_version": "1.1",
    }
    request = Streaming(scope, orjson.dumps(given) if has_body else b"")
    task = asyncio.create_task(app(scope, request.receive, request.send))
    started = asyncio.create_task(request.until(lambda: request.status > 0))
    await asyncio.wait((task, started), return_when=asyncio.FIRST_COMPLETED, timeout=WITHIN_S)
    started.cancel()
    try:
        yield request
    finally:
        request.leave()
        request.reads.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(WITHIN_S):
                await task
        assert task.done()
