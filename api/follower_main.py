"""The entry point of the follower, which the supervisor starts: `python -m api.follower_main`.

It is a process of its own because it analyzes texts in Python, which would delay the requests of a
worker, and because no worker that dies should end it.
"""

import asyncio
import contextlib
import faulthandler
import os
import signal
import sys

import orjson

from api.observability.logs import configure_logs
from api.settings import Settings
from api.supervised import BEAT
from store.search.folder import SearchFolder
from store.search.following import follow

_BEAT_EVERY_S = 1


def main(pipe: int) -> None:
    """Follow until SIGTERM, or until standard input ends, which it does with the supervisor.

    The pipe leads to the supervisor: `api.supervised` describes it and standard input.
    """
    os.set_blocking(pipe, False)  # a supervisor that does not read must not stop the follower
    faulthandler.enable(pipe)
    settings = Settings(_env_file=None, **orjson.loads(sys.stdin.buffer.readline()))
    configure_logs(settings.log_level, settings.log_format)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_run(settings, pipe))


async def _run(settings: Settings, pipe: int) -> None:
    if settings.mongodb_uri is None:
        raise RuntimeError("mongodb_uri is not set")
    folder = SearchFolder.of(settings.data_dir, settings.database)
    task = asyncio.ensure_future(follow(settings.mongodb_uri, settings.database, folder))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    loop.add_reader(sys.stdin, task.cancel)
    beats = asyncio.create_task(_beat(pipe))
    try:
        await task
    finally:
        beats.cancel()


async def _beat(pipe: int) -> None:
    while True:
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(pipe, BEAT)
        await asyncio.sleep(_BEAT_EVERY_S)


if __name__ == "__main__":
    main(int(sys.argv[1]))
