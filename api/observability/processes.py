"""Metrics of the server's processes: each worker keeps its own, the supervisor the replacements."""

import os
import time
from pathlib import Path
from typing import Literal, get_args

from prometheus_client import Counter, Gauge, multiprocess

Reason = Literal["died", "hung", "reload"]

_STATM = Path("/proc/self/statm")  # proc(5); elsewhere there is no metric of the memory
_PAGE = os.sysconf("SC_PAGE_SIZE")

RESTARTS = Counter(
    "newsgraph_worker_restarts_total",
    "Workers that were replaced, by reason: died, hung or reload.",
    ("reason",),
)
MONGOD_RESTARTS = Counter(
    "newsgraph_mongod_restarts_total",
    "Times that this server started the embedded MongoDB again, because it had died.",
)
MEMORY = Gauge(
    "newsgraph_worker_memory_bytes",
    "Resident memory of a worker.",
    ("worker",),
    multiprocess_mode="livesum",
)
CPU = Counter("newsgraph_worker_cpu_seconds_total", "CPU time of a worker.", ("worker",))
CONNECTIONS = Gauge(
    "newsgraph_worker_connections",
    "Open connections of clients to a worker.",
    ("worker",),
    multiprocess_mode="livesum",
)


class ProcessMetrics:
    """The metrics of this process, which is the worker of this number."""

    def __init__(self, worker: int) -> None:
        self._memory = MEMORY.labels(str(worker))
        self._cpu = CPU.labels(str(worker))
        self._connections = CONNECTIONS.labels(str(worker))
        self._counted_cpu_s = 0.0

    def update(self, connections: int) -> None:
        """Measure the process, which has so many connections."""
        self._connections.set(connections)
        cpu_s = time.process_time()
        self._cpu.inc(cpu_s - self._counted_cpu_s)
        self._counted_cpu_s = cpu_s
        if _STATM.exists():
            self._memory.set(int(_STATM.read_text().split()[1]) * _PAGE)


def show_restarts() -> None:
    """Make the series of all reasons, at zero: rates of a series need its first value."""
    for reason in get_args(Reason):
        RESTARTS.labels(reason)


def count_restart(reason: Reason) -> None:
    """Record that a worker was replaced."""
    RESTARTS.labels(reason).inc()


def count_mongod_restart() -> None:
    """Record that the embedded MongoDB was started again."""
    MONGOD_RESTARTS.inc()


def forget_worker(number: int) -> None:
    """Remove the gauges of a worker that has ended; its counters stay."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(number)  # type: ignore[no-untyped-call]
