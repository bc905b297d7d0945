"""The HTTP response that is a stream: the newest answer, whenever it is another one."""

import asyncio
import random
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.types import Receive, Scope, Send

from api.graphql.budgets import Account
from api.graphql.live.events import COMPLETE, HELLO, PING, Answer, comment
from api.graphql.live.live_query import Listener, LiveQuery
from api.observability.logs import request_id
from api.observability.metrics import STREAM_EVENTS
from api.observability.middleware import IS_STOPPING, NOTES, ON_STOP

PING_EVERY_S: Final = 15.0
MAX_S: Final = 3_600.0
"""How long a stream lasts, give or take a tenth: a balancer can then spread its clients again."""

GONE: Final = "The client has disconnected."
_STOPPING: Final = "The server is stopping; connect again."
_LASTED: Final = "The stream has reached its time limit; connect again."


@dataclass
class Stream:
    """An ASGI application that sends one listener the answers to a query.

    It holds one answer at a time, and takes the newest when the client has read the one before. It
    ends without a `complete` when the client shall connect again, and says why in a comment.
    """

    query: LiveQuery
    listener: Listener
    first: Answer
    headers: Mapping[str, str]
    held: ExitStack
    """What is given back at its end."""
    last_event_id: str = ""
    """The id of the answer that the client has."""
    account: Account | None = None
    """Who pays for all answers but the first."""
    events = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send answers until the client is gone, or something else ends the stream."""
        listener = self.listener
        scope[ON_STOP] = partial(listener.stop, _STOPPING)
        if scope.get(IS_STOPPING):
            listener.stop(_STOPPING)
        with self.held:
            gone = asyncio.create_task(_wait_for_end(receive, listener))
            lasts_s = MAX_S * random.uniform(0.9, 1.1)  # noqa: S311 - not a secret
            end = asyncio.get_running_loop().call_later(lasts_s, listener.stop, _LASTED)
            try:
                await send({"type": "http.response.start", "status": 200, "headers": self._raw()})
                await self._send_answers(send)
                await send({"type": "http.response.body"})
            finally:
                end.cancel()
                gone.cancel()
                scope[NOTES].update(events=self.events, end=listener.end or "complete")

    def _raw(self) -> list[tuple[bytes, bytes]]:
        return [(name.encode(), value.encode("latin-1")) for name, value in self.headers.items()]

    async def _send_answers(self, send: Send) -> None:
        async def write(text: bytes) -> None:
            await send({"type": "http.response.body", "body": text, "more_body": True})

        listener, answer, sent = self.listener, self.first, self.last_event_id
        await write(HELLO)
        while listener.end is None:
            if answer.id != sent:
                await write(b"")  # returns when the client has read what was written before
                if not listener.is_woken:
                    await write(answer.for_request(request_id.get()))
                    self.events += 1
                    STREAM_EVENTS.inc()
                    if self.account and self.events > 1:
                        self.account.pay(answer.used)
                    sent = answer.id
            if answer.is_last:
                await write(COMPLETE)
                return
            if not listener.is_woken:
                await listener.wait(PING_EVERY_S)
                if not listener.is_woken:
                    await write(PING)
                    continue
            if self.account and (short_s := self.account.wait_s()):
                listener.look()
                await listener.wait(short_s)
            listener.look()
            answer = self.query.answer
        if listener.end != GONE:
            await write(comment(listener.end))


async def _wait_for_end(receive: Receive, listener: Listener) -> None:
    """Wait until the client is gone; what it still sends is ignored."""
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.stop(GONE)
