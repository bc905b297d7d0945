"""What other clients notice of each attack in `tests/attacks`, and what the attacker gets.

    .venv/bin/python -m benchmarks.attacks [--attack NAME] [--long-bodies 240]

Each attack goes to a fresh server with one worker, four at a time, each time in another query.
Another client asks for /healthz every 2 ms; the longest that it waits is how long the worker served
nobody. Prints Markdown.
"""

import argparse
import http.client
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.contenders import NEWSGRAPH, Contender, served
from benchmarks.stopping import until_stopped
from loaders.load import load
from loaders.options import Options
from store.embedded import embedded_mongod
from tests.attacks.corpus import ATTACKS, Attack, Content, write
from tests.conftest import EXAMPLES

AT_ONCE = 4
_GIVE_UP_S = 60
_PROBE_EVERY_S = 0.002
_SERVER = Contender("newsgraph", tuple(NEWSGRAPH), (("NEWSGRAPH_TIMEOUT_S", "10"),))
_HEAD = """\
{at_once} at a time, one worker, {long_bodies} bodies of a million characters.

| attack | times | answer | bytes | seconds | longest wait of another client ms | peak memory MB |
|---|--:|---|--:|--:|--:|--:|"""


def main() -> None:
    """Send the attacks, each to a server of its own, and print a row for each."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--attack", action="append", help="a name, or a part of it; default: all"
    )
    arguments.add_argument("--long-bodies", type=int, default=240)
    options = arguments.parse_args()
    chosen = [one for one in ATTACKS if _is_chosen(one, options.attack)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-attacks-")))
        uri = stack.enter_context(embedded_mongod(folder))
        for content in {attack.content for attack in chosen}:
            fill(uri, content, folder, options.long_bodies)
        print(_HEAD.format(at_once=AT_ONCE, long_bodies=options.long_bodies))
        for attack in chosen:
            print(row(attack, uri), flush=True)


def fill(uri: str, content: Content, folder: Path, long_bodies: int) -> None:
    """Load a content into a database of its name."""
    files = EXAMPLES
    if content is not Content.EXAMPLES:
        files = folder / content.name
        files.mkdir()
        write(content, files, long_bodies)
    load([str(files)], uri=uri, database=content.name, options=Options())


def row(attack: Attack, uri: str) -> str:
    """Send an attack to a new server and return its row of the table."""
    with served(_SERVER, uri, attack.content.name) as (port, pid):
        send(port, b'{"query": "{ items(first: 1) { nodes { id } } }"}')
        with probed(port) as longest_wait, ThreadPoolExecutor(AT_ONCE) as pool:
            began = time.monotonic()
            bodies = [attack.body(number) for number in range(attack.times)]
            answer, size = max(pool.map(lambda body: send(port, body), bodies))
            seconds = time.monotonic() - began
        peak = _peak_memory_mb(pid)
    cells = [attack.name, str(attack.times), answer, f"{size:,}", f"{seconds:.2f}"]
    return f"| {' | '.join(cells)} | {max(longest_wait) * 1000:.0f} | {peak} |"


def send(port: int, body: bytes) -> tuple[str, int]:
    """Send a body to /graphql; return the status or the error's code, and the response's size."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=_GIVE_UP_S)
    try:
        client.request("POST", "/graphql", body, {"content-type": "application/json"})
        response = client.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__, 0
    finally:
        client.close()
    return _summary(response.status, content), len(content)


def _summary(status: int, content: bytes) -> str:
    if len(content) < 1_000_000:
        with suppress(ValueError, LookupError):
            return f"{status} {json.loads(content)['errors'][0]['extensions']['code']}"
    return str(status)


@contextmanager
def probed(port: int) -> Iterator[Sequence[float]]:
    """Probe a server from another process; yields a list with the longest wait, set at the end."""
    ours, theirs = multiprocessing.Pipe()
    longest: list[float] = []
    probe = multiprocessing.Process(target=_probe, args=(port, theirs), daemon=True)
    probe.start()
    ours.recv()
    yield longest
    ours.send(None)
    longest.append(ours.recv() if ours.poll(2 * _GIVE_UP_S) else 2 * _GIVE_UP_S)
    probe.kill()


def _probe(port: int, control: Connection) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=_GIVE_UP_S)
    longest = 0.0
    control.send(None)
    while not control.poll(_PROBE_EVERY_S):
        began = time.monotonic()
        with suppress(OSError, http.client.HTTPException):
            client.request("GET", "/healthz")
            client.getresponse().read()
        longest = max(longest, time.monotonic() - began)
    control.send(longest)


def _peak_memory_mb(pid: int) -> str:
    with suppress(OSError, IndexError):
        status = Path(f"/proc/{pid}/status").read_text()
        return f"{int(status.split('VmHWM:')[1].split()[0]) / 1024:.0f}"
    return "died"


def _is_chosen(attack: Attack, wanted: Sequence[str] | None) -> bool:
    return not wanted or any(part in attack.name for part in wanted)


if __name__ == "__main__":
    with until_stopped():
        main()
