"""Observing the commands that are sent to MongoDB, for metrics."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from pymongo import monitoring

# Called with a command's name, its duration in seconds, and whether it succeeded.
Observe = Callable[[str, float, bool], None]


class _Listener(monitoring.CommandListener):
    def __init__(self, observe: Observe) -> None:
        self._observe = observe

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        pass

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        self._observe(event.command_name, event.duration_micros / 1e6, True)

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        self._observe(event.command_name, event.duration_micros / 1e6, False)


@dataclass(slots=True)
class Calls:
    """How many commands were sent to MongoDB for one purpose."""

    number: int = 0


_CALLS: ContextVar[Calls | None] = ContextVar("calls", default=None)


# What the driver sends by itself when it opens a connection.
_GREETINGS = frozenset({"hello", "saslStart", "saslContinue", "authenticate"})


class CallCounter(monitoring.CommandListener):
    """Counts the commands of a client for the tasks that asked for it; see `count_calls`."""

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Count a command."""
        calls = _CALLS.get()
        if calls is not None and event.command_name not in _GREETINGS:
            calls.number += 1

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Do nothing."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Do nothing."""


def count_calls() -> Calls:
    """Count the commands of the current task, and of those that it starts, from now on."""
    calls = Calls()
    _CALLS.set(calls)
    return calls


def observe_commands(observe: Observe) -> None:
    """Call `observe` after every command of the clients that this process creates from now on."""
    monitoring.register(_Listener(observe))
