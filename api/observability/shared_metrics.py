"""The folder in which the server's processes share their metrics, so that any of them shows all."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.embedded.locks import try_lock_exclusive

_PREFIX = "newsgraph-metrics-"
_LOCK = "in-use"  # locked while a server uses the folder

log = logging.getLogger("newsgraph.server")


@contextmanager
def shared_metrics() -> Iterator[None]:
    """Share the metrics of this process and those that it starts.

    Call it before anything imports prometheus_client, which looks for the folder then. Without a
    folder that can be written, each worker shows its own metrics.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    except OSError:  # FileNotFoundError: no temporary folder is usable
        log.warning(
            "/metrics shows one worker at a time: no temporary folder can be written. "
            "Mount one at /tmp, or name one in TMPDIR."
        )
        yield
        return
    with (folder / "starting").open("w") as lock:
        try_lock_exclusive(lock)
        (folder / "starting").rename(folder / _LOCK)  # locked from the moment it has this name
        _remove_abandoned(folder.parent)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        try:
            yield
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]
            shutil.rmtree(folder, ignore_errors=True)


def name_this_process(number: int) -> None:
    """Name this process's files by a worker's number, instead of its process id.

    A worker that replaces another one goes on with its counters, and the files stay few. Call it
    before any metric is made.
    """
    from prometheus_client import values

    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]


def _remove_abandoned(temporary: Path) -> None:
    """Remove the folders of servers that were killed. A running server holds its lock."""
    for lock in temporary.glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError):  # another user's, or just removed
            if lock.parent.is_symlink() or lock.parent.stat().st_uid != os.getuid():
                continue
            with lock.open("r+") as file:
                if try_lock_exclusive(file):
                    shutil.rmtree(lock.parent, ignore_errors=True)
