"""Signals that end a command which writes."""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType


class Interrupts:
    """Whether a signal came. The first lets the load finish its batch; a second Ctrl+C ends it."""

    def __init__(self) -> None:
        self.on_first: Callable[[], None] | None = None  # called while there is work to finish
        self._set = False
        self._failure: Exception | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def is_set(self) -> bool:
        return self._set

    def fail(self, reason: Exception) -> None:
        """Raise the reason in the main thread, from another one, even while that waits."""
        self._failure = reason
        if main := threading.main_thread().ident:
            signal.pthread_kill(main, signal.SIGTERM)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._failure:
            raise self._failure
        if self._set and number == signal.SIGINT:
            raise KeyboardInterrupt
        if not self._set and self.on_first and number == signal.SIGINT:
            # A handler may interrupt a write to the same stream, which then refuses another.
            with suppress(RuntimeError):
                self.on_first()
        self._set = True
