"""Read files on all cores: batches go to worker processes and come back in order."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import TypeVar

from loaders.read import FileResult, SourceFile, read_file
from loaders.site import NO_SITE, Site
from loaders.site_rules import rules_of

T = TypeVar("T")

# Files in a batch. Processes start with the second batch: reading one takes less time than they
# take to start. The first result comes, and `stopped` is first called, when two batches are found.
BATCH = 250


def read_all(
    files: Iterable[SourceFile],
    jobs: int,
    max_bytes: int,
    stopped: Callable[[], bool],
    site: Site = NO_SITE,
) -> Iterator[list[FileResult]]:
    """Read files in batches; see `in_batches`."""
    return in_batches(files, partial(_read_batch, max_bytes=max_bytes, site=site), jobs, stopped)


def in_batches(
    files: Iterable[SourceFile],
    read: Callable[[list[SourceFile]], T],
    jobs: int,
    stopped: Callable[[], bool],
) -> Iterator[T]:
    """Yield what `read`, which runs in worker processes, returns for each batch of files.

    Reads a few batches ahead of the caller, and stops between batches; what was read ahead is then
    dropped, so that one batch at most is written after `stopped` returns true.
    """
    batches = _batches(iter(files))
    first_two = list(islice(batches, 2))
    is_single = len(first_two) < 2
    batches = chain(first_two, batches)
    del first_two  # the chain holds on to them no longer than needed
    if jobs == 1 or is_single:
        for batch in batches:
            if stopped():
                return
            yield read(batch)
        return
    with _pool(jobs) as pool:
        ahead: deque[Future[T]] = deque()
        for batch in batches:
            if stopped():
                return
            ahead.append(pool.submit(read, batch))
            if len(ahead) > jobs + 1:
                yield ahead.popleft().result()
        while ahead and not stopped():
            yield ahead.popleft().result()


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of processes that end with the block, whatever they are reading."""
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(jobs, _context(), _init_worker, (os.getpid(),))
    try:
        yield pool
    finally:
        for process in multiprocessing.active_children():
            if process not in others:
                process.kill()
        pool.shutdown(cancel_futures=True)


def _batches(files: Iterator[SourceFile]) -> Iterator[list[SourceFile]]:
    while batch := list(islice(files, BATCH)):
        yield batch


def _read_batch(files: list[SourceFile], max_bytes: int, site: Site) -> list[FileResult]:
    rules = rules_of(site)
    return [read_file(file, max_bytes, rules.with_authors(file.authors)) for file in files]


def _context() -> multiprocessing.context.BaseContext:
    # PyMongo's threads and locks do not survive a fork.
    return multiprocessing.get_context("spawn")


def _init_worker(parent: int) -> None:
    """Ignore interrupts, which the parent handles between batches, and end with the parent."""
    # Parsing makes no reference cycles, and looking for them takes a tenth of the time.
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
