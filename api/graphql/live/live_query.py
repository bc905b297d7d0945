"""A query that is listened to, and one who listens."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from api.graphql.live.events import Answer
from api.graphql.response import EncodedResult
from store.audience import Audience


class State(NamedTuple):
    """What answers are made from: as long as it stays, so do they."""

    version: int
    """The version of the corpus."""
    edition: str
    """That of the search index."""


class Listener:
    """One who listens, and is woken when there is something to look at."""

    __slots__ = ("_woken", "end")

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self.end: str | None = None
        """Why it listens no longer."""

    @property
    def is_woken(self) -> bool:
        """Whether it was woken since it looked last."""
        return self._woken.is_set()

    def wake(self) -> None:
        """Wake it, as there is something to look at."""
        self._woken.set()

    def look(self) -> None:
        """Begin to look."""
        self._woken.clear()

    def stop(self, why: str) -> None:
        """End it; of several reasons, the first counts."""
        self.end = self.end or why
        self.wake()

    async def wait(self, seconds: float) -> None:
        """Wait until it is woken, and no longer than that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()


@dataclass(eq=False)
class LiveQuery:
    """An operation, its newest answer, and who listens to it."""

    make: Callable[[], Awaitable[EncodedResult]]
    audience: Audience
    answer: Answer
    made_of: State | None
    """What the answer was made from; None if that is not known, or it lacks something."""
    due: float = 0.0
    """The loop's time before which it is not executed again."""
    listeners: set[Listener] = field(default_factory=set)
    renewal: asyncio.Task[None] | None = None
