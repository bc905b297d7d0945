"""The `newsgraph` command as a process of its own, as people and scripts run it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import IO

from api.settings import PREFIX

NEWSGRAPH = str(Path(sys.executable).with_name("newsgraph"))
_END_WITHIN_S = 60


def environment(**settings: str) -> dict[str, str]:
    """Return this process's environment with these settings of newsgraph, and no others."""
    inherited = {name: os.environ[name] for name in os.environ if not name.startswith(PREFIX)}
    return inherited | {f"{PREFIX}{name}": value for name, value in settings.items()}


@contextmanager
def running(*command: str, cwd: Path, **settings: str) -> Iterator[str]:
    """Run `newsgraph serve` or `demo` on a free port; yields its origin.

    `cwd` is where it looks for a .env file and keeps its data.
    """
    with subprocess.Popen(
        [NEWSGRAPH, *command],
        cwd=cwd,
        env=environment(PORT="0", **settings),
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr is not None
        try:
            origin = origin_of(server.stderr)
            # Nobody reads the rest, but it must not fill the pipe.
            Thread(target=server.stderr.read, daemon=True).start()
            yield origin
        finally:
            server.terminate()
            try:
                server.wait(_END_WITHIN_S)
            finally:
                server.kill()


def origin_of(output: IO[str], lines: list[str] | None = None) -> str:
    """Read a server's log until it listens, into `lines`; return its origin."""
    lines = [] if lines is None else lines
    for line in output:
        lines.append(line)
        if found := re.search(r"is listening on (http://\S+)/graphql", line):
            return found[1]
    raise AssertionError(f"newsgraph ended before it listened: {''.join(lines)}")
