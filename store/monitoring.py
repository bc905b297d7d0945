"""Observing the reads of requests: how long they take, for metrics, and how many there are.

The driver's listeners are not used for it: with any of them, the driver copies each command and
makes events of it, which takes 4 to 9 % of a light query's time.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType

# Called with a command's name, its duration in seconds, and whether it succeeded.
Observe = Callable[[str, float, bool], None]

_observers: list[Observe] = []


@dataclass(slots=True)
class Calls:
    """How many reads were made for one purpose."""

    number: int = 0


_CALLS: ContextVar[Calls | None] = ContextVar("calls", default=None)


class Call:
    """A read for a request, from its start until its results are here, as a context manager.

    One that is cancelled counts as failed.
    """

    __slots__ = ("_began", "_command")

    def __init__(self, command: str) -> None:
        self._command = command

    def __enter__(self) -> None:
        calls = _CALLS.get()
        if calls is not None:
            calls.number += 1
        self._began = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        seconds = time.perf_counter() - self._began
        for observe in _observers:
            observe(self._command, seconds, kind is None)


def count_calls() -> Calls:
    """Count the reads of the current task, and of those that it starts, from now on."""
    calls = Calls()
    _CALLS.set(calls)
    return calls


def observe_calls(observe: Observe) -> None:
    """Call `observe` after every read for a request in this process from now on."""
    _observers.append(observe)
