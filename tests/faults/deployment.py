"""A replica set with a corpus in it, a server over it, and clients of the server."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.commands import Stored, responses, serving, start_load, stored, write_corpus
from tests.faults.faults import CORPUS, FAULTS, FaultReport, inject
from tests.faults.replica_set import ReplicaSet, replica_set
from tests.faults.traffic import Traffic, send_traffic

TIMEOUT_S = 10.0  # the default of NEWSGRAPH_TIMEOUT_S


@dataclass
class Deployment:
    """All of these running.

    `undisturbed` is what a load of `folder` stores without faults, in `load_s` seconds.
    """

    replica_set: ReplicaSet
    folder: Path
    undisturbed: Stored
    load_s: float
    traffic: Traffic

    def inject(self, fault: str) -> FaultReport:
        """Inject a fault by its name. The replica set is whole again afterwards."""
        return inject(FAULTS[fault], self.replica_set, self.traffic, self.folder, self.undisturbed)


@contextmanager
def deploy(folder: Path) -> Iterator[Deployment]:
    """Start all of it, for the duration of the context."""
    with replica_set(folder) as running:
        corpus = folder / "corpus"
        write_corpus(corpus, CORPUS)
        began = time.monotonic()
        with start_load(running.uri, "undisturbed", corpus) as load:
            output = load.communicate(timeout=60)
        assert load.returncode == 0, output
        load_s = time.monotonic() - began
        undisturbed = stored(running.uri, "undisturbed")
        with serving(running.uri, "undisturbed", folder) as url:
            expected = responses(url)
            with send_traffic(url, expected, TIMEOUT_S) as traffic:
                yield Deployment(running, corpus, undisturbed, load_s, traffic)
