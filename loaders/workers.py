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
from itertools import chain

from loaders.read import FileResult, SourceFile, read_file

# A batch is full when it has this many files, or this many bytes that were read already.
BATCH = 250
_BATCH_BYTES = 16 * 1024 * 1024


def read_all(
    files: Iterable[SourceFile], jobs: int, max_bytes: int, stopped: Callable[[], bool]
) -> Iterator[list[FileResult]]:
    """Read files in batches, a few batches ahead of the caller. Stops between batches."""
    batches = _batches(files)
    # A single batch is read before a pool of processes would have started.
    first_two = [batch for batch in (next(batches, None), next(batches, None)) if batch]
    batches = chain(first_two, batches)
    if jobs == 1 or len(first_two) < 2:
        for batch in batches:
            if stopped():
                return
            yield _read_batch(batch, max_bytes)
        return
    with ProcessPoolExecutor(jobs, _context(), _init_worker, (os.getpid(),)) as pool:
        ahead: deque[Future[list[FileResult]]] = deque()
        for batch in batches:
            if stopped():
                break
            ahead.append(pool.submit(_read_batch, batch, max_bytes))
            if len(ahead) > jobs + 1:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _batches(files: Iterable[SourceFile]) -> Iterator[list[SourceFile]]:
    batch: list[SourceFile] = []
    size = 0
    for file in files:
        batch.append(file)
        size += len(file.content.data) if file.content else 0
        if len(batch) == BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_batch(files: list[SourceFile], max_bytes: int) -> list[FileResult]:
    return [read_file(file, max_bytes) for file in files]


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
