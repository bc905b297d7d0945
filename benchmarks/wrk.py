"""Put load on a server with `wrk` and return the figures."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.queries import Query


@dataclass
class Figures:
    """Figures of one contender, for one query at one number of connections."""

    rate: float
    """Requests per second."""
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    """CPU time of the server's process for each request."""
    memory_mb: float


# Makes all requests before the first is sent, and sends them by turns.
_SCRIPT = """\
wrk.method = "POST"
{headers}
local bodies, requests, number = {{ {bodies} }}, {{}}, 0
init = function()
  for i, body in ipairs(bodies) do requests[i] = wrk.format(nil, nil, nil, body) end
end
request = function()
  number = number % #requests + 1
  return requests[number]
end
"""


def script_of(queries: Sequence[Query]) -> str:
    """Return the Lua script with which `wrk` sends queries by turns."""
    headers = "\n".join(f'wrk.headers["{k}"] = "{v}"' for k, v in queries[0].headers.items())
    return _SCRIPT.format(
        headers=headers, bodies=", ".join(f"[==[{query.body}]==]" for query in queries)
    )


def measure(
    queries: Query | Sequence[Query], port: int, pid: int, connections: int, seconds: int
) -> Figures | None:
    """Put load on a server with `wrk`; None if it answers fewer requests than connections.

    None, too, for a worker that was so busy that its supervisor has replaced it.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(script_of([queries] if isinstance(queries, Query) else queries))
        script.flush()
        command = [
            "wrk",
            "-t1",
            "--timeout=120s",
            f"-c{connections}",
            "--latency",
            "-s",
            script.name,
        ]
        url = f"http://127.0.0.1:{port}/graphql"
        command += [f"-d{seconds}s", url]
        try:
            before = cpu_seconds(pid)
            done = subprocess.run(command, capture_output=True, check=True, text=True)
            spent = cpu_seconds(pid) - before
            wait_until_idle(pid)
        except FileNotFoundError:  # in /proc
            return None
    requests = int(_found(r"(\d+) requests in", done.stdout))
    if "Non-2xx" in done.stdout:
        raise SystemExit(done.stdout)
    if requests < connections:
        return None
    return Figures(
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", done.stdout)),
        p50_ms=_milliseconds(_found(r"\n\s+50%\s+(\S+)", done.stdout)),
        p99_ms=_milliseconds(_found(r"\n\s+99%\s+(\S+)", done.stdout)),
        cpu_ms=spent / requests * 1000,
        memory_mb=_memory_mb(pid),
    )


def wait_until_idle(pid: int) -> None:
    """Wait until a server has finished the requests that `wrk` left open at the end."""
    deadline = time.monotonic() + 120
    busy = True
    while busy and time.monotonic() < deadline:
        before = cpu_seconds(pid)
        time.sleep(0.3)
        busy = cpu_seconds(pid) - before > 0.02


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used (proc(5), `stat`)."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(text)
    return match[1]


def _milliseconds(text: str) -> float:
    number, unit = re.match(r"([\d.]+)(\w+)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(_found(r"VmRSS:\s+(\d+)", status)) / 1024
