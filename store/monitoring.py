"""Observing the commands that are sent to MongoDB, for metrics."""

from collections.abc import Callable

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


def observe_commands(observe: Observe) -> None:
    """Call `observe` after every command of the clients that this process creates from now on."""
    monitoring.register(_Listener(observe))
