"""A process that the supervisor runs: it must go on beating, or it is ended."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

from api.settings import Settings

SHUTDOWN_S = 30  # for the requests in flight when a worker is told to stop
BEAT = b"\0"  # in no text
_KILL_AFTER_S = 2  # for writing the stack
_MAX_LAST_WORDS = 64 * 1024


class SupervisedProcess:
    """A running process: a worker, or the follower of the search index.

    It reads its settings from standard input, which ends when the supervisor does, however that
    comes about. It writes into a pipe: a zero byte for each beat, of which the first means that it
    is ready, and its stack if it crashes.
    """

    def __init__(self, name: str, process: Process, pipe: int) -> None:
        self.is_ready = False
        self.is_hung = False
        self.is_stopping = False
        self._name = name
        self._process = process
        self._pipe = pipe
        self._began = time.monotonic()
        self._silent_s = 0
        self._last_words = b""
        self._settled = asyncio.Event()
        asyncio.get_running_loop().add_reader(pipe, self._read)

    @classmethod
    async def start(
        cls,
        name: str,
        module: str,
        settings: Settings,
        arguments: Sequence[int] = (),
        inherits: Sequence[int] = (),
    ) -> Self:
        """Start a module as a process, which inherits some descriptors. `name` is for the log.

        Its last argument is the descriptor of its end of the pipe.
        """
        reads, writes = os.pipe()
        os.set_blocking(reads, False)
        process = await asyncio.create_subprocess_exec(
            # -P: a folder named `api` in the working directory must not be imported.
            *(sys.executable, "-P", "-m", module),
            *map(str, (*arguments, writes)),
            stdin=PIPE,
            pass_fds=(*inherits, writes),
            process_group=0,  # Ctrl+C reaches the supervisor only, which tells its processes
        )
        os.close(writes)
        assert process.stdin is not None  # noqa: S101 - for mypy: it is a pipe
        process.stdin.write(settings.model_dump_json().encode() + b"\n")
        return cls(name, process, reads)

    def __str__(self) -> str:
        return f"{self._name} (process {self._process.pid})"

    async def settled(self) -> None:
        """Wait until the process is ready or has ended."""
        await self._settled.wait()

    async def ended(self) -> None:
        """Wait until the process has ended."""
        await self._process.wait()

    def close(self) -> None:
        """Read the rest of what it wrote, after its end, and close the pipe."""
        self._read()
        asyncio.get_running_loop().remove_reader(self._pipe)
        os.close(self._pipe)
        self._settled.set()

    def stop(self) -> None:
        """Ask it to finish what it does and to end."""
        self.is_stopping = True
        self._silent_s = 0
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)

    def tick(self, *, start_s: int, hung_s: int, stop_s: int) -> None:
        """Count a second; end the process if it has been silent for too long.

        It has `start_s` seconds to become ready, then `hung_s` from beat to beat, and `stop_s` to
        stop.
        """
        self._silent_s += 1
        limit = stop_s if self.is_stopping else hung_s if self.is_ready else start_s
        if self._silent_s == limit:
            self.is_hung = True
            # faulthandler writes the stacks of all threads, even if the interpreter is stuck.
            self._signal(signal.SIGABRT)
        elif self._silent_s >= limit + _KILL_AFTER_S:
            self.kill()

    def age_s(self) -> float:
        """Return for how many seconds it has run."""
        return time.monotonic() - self._began

    def how_it_ended(self) -> str:
        """Return the end of a sentence about a process that has ended."""
        if self.is_hung:
            return f"did not respond for {self._silent_s} s and was ended"
        status = self._process.returncode
        if status is not None and status < 0:
            return f"was ended by {signal.Signals(-status).name}"
        return f"ended with status {status}"

    @property
    def last_words(self) -> str:
        """The stacks of its threads, if it wrote them when it crashed."""
        return self._last_words.decode("utf-8", "replace").strip()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    def _read(self) -> None:
        with suppress(BlockingIOError):
            while data := os.read(self._pipe, _MAX_LAST_WORDS):
                if BEAT in data:
                    self._silent_s = 0
                    self.is_ready = True
                    self._settled.set()
                words = self._last_words + data.replace(BEAT, b"")
                self._last_words = words[:_MAX_LAST_WORDS]
            # The end of the pipe: the process has ended, or is about to.
            asyncio.get_running_loop().remove_reader(self._pipe)
