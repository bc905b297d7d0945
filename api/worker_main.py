"""The entry point of a worker process, which the supervisor starts: `python -m api.worker_main`."""

import faulthandler
import logging
import os
import socket
import sys

import orjson

from api.observability.logs import configure_logs
from api.observability.shared_metrics import name_this_process
from api.settings import Settings


def main(number: int, listener: int, pipe: int) -> None:
    """Serve as the worker of this number, on a listening socket, with a pipe to the supervisor.

    The last two are file descriptors. `api.supervised` describes the pipe and standard input.
    """
    os.set_blocking(pipe, False)  # a supervisor that does not read must not stop a worker
    faulthandler.enable(pipe)
    settings = Settings(_env_file=None, **orjson.loads(sys.stdin.buffer.readline()))
    configure_logs(settings.log_level, settings.log_format)
    name_this_process(number)
    # Only now, as it makes metrics.
    from api.worker import serve

    try:
        serve(settings, socket.socket(fileno=listener), number, pipe)
    except Exception:
        logging.getLogger("newsgraph.server").exception("Worker %d failed", number)
        sys.exit(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
