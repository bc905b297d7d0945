"""Reading on all cores: batches of files go to worker processes, and come back in order."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice

from loaders.read import Result, Task, read_file

BATCH = 250
# Fewer files than this are read before a pool of processes would have started.
_ALONE = 200


def read_all(
    tasks: Iterable[Task], jobs: int, max_bytes: int, stopped: Callable[[], bool]
) -> Iterator[list[Result]]:
    """Read files in batches, a few batches ahead of who takes the results."""
    each = iter(tasks)
    few = list(islice(each, _ALONE))
    if jobs == 1 or len(few) < _ALONE:
        for batch in _batches(chain(few, each)):
            if stopped():
                return
            yield [read_file(task, max_bytes) for task in batch]
        return
    with ProcessPoolExecutor(jobs, _context(), _settle_in, (os.getpid(),)) as pool:
        ahead: deque[Future[list[Result]]] = deque()
        for batch in _batches(chain(few, each)):
            if stopped():
                break
            ahead.append(pool.submit(_read_batch, batch, max_bytes))
            if len(ahead) > jobs + 1:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _batches(tasks: Iterator[Task]) -> Iterator[list[Task]]:
    while batch := list(islice(tasks, BATCH)):
        yield batch


def _read_batch(tasks: list[Task], max_bytes: int) -> list[Result]:
    return [read_file(task, max_bytes) for task in tasks]


def _context() -> multiprocessing.context.BaseContext:
    # PyMongo's threads and locks do not survive a fork.
    return multiprocessing.get_context("spawn")


def _settle_in(parent: int) -> None:
    """Leave interrupts to the parent, which finishes what is under way, and end with it."""
    # What parsing makes has no cycles, and looking for them takes a tenth of the time.
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
