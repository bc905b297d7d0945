"""What the faults happen to: a replica set with a corpus in it, a server before it, clients."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.faults import CORPUS, FAULTS, Account, undergo
from tests.faults.newsroom import Stored, answers, serving, start_load, stored, write_corpus
from tests.faults.replica_set import ReplicaSet, replica_set
from tests.faults.traffic import Traffic, traffic

TIMEOUT_S = 10.0  # the default


@dataclass
class Stage:
    """All of it; `undisturbed` is what a load of `folder` leaves in peace, in `load_s` seconds."""

    running: ReplicaSet
    folder: Path
    undisturbed: Stored
    load_s: float
    seen: Traffic

    def undergo(self, fault: str) -> Account:
        """Let a fault happen. The replica set is whole again after it."""
        return undergo(FAULTS[fault], self.running, self.seen, self.folder, self.undisturbed)


@contextmanager
def set_stage(folder: Path) -> Iterator[Stage]:
    """Set it all up, and clear it away at the end of the context."""
    with replica_set(folder) as running:
        corpus = folder / "corpus"
        write_corpus(corpus, CORPUS)
        began = time.monotonic()
        with start_load(running.uri, "undisturbed", corpus) as load:
            said = load.communicate(timeout=60)
        assert load.returncode == 0, said
        load_s = time.monotonic() - began
        undisturbed = stored(running.uri, "undisturbed")
        with serving(running.uri, "undisturbed", folder / "server.log") as (url, _):
            known = answers(url)
            with traffic(url, known, TIMEOUT_S) as seen:
                yield Stage(running, corpus, undisturbed, load_s, seen)
