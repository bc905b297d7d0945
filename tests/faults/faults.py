"""The faults, and a report of what clients and a load see of each."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.faults.commands import Stored, start_load, stored, wait_for_items
from tests.faults.replica_set import ReplicaSet
from tests.faults.traffic import CORRECT, OUTAGES, Response, Traffic

CORPUS = 1_500  # items: a load of some seconds
# An election waits for 10 to 11.5 s of silence, then votes.
_ELECTION_S = 13.0
_AWAY_S = 4.0
# A client that waits, for a deadline or as Retry-After says, has sent another request by then.
_RETRIED_WITHIN_S = 6.0
_READY_CACHED_S = 2.0  # /readyz queries the database once a second
_STORED_BEFORE = 300  # items that a load has stored when the fault is injected
_BEFORE_S = 5.0  # a fault may affect requests sent this long before it


def kill_primary(replica_set: ReplicaSet) -> None:
    """Kill the primary. It does not return during the fault."""
    replica_set.primary().kill()


def pause_secondary(replica_set: ReplicaSet) -> None:
    """Pause a secondary for 4 s."""
    node = replica_set.secondary()
    node.pause()
    time.sleep(_AWAY_S)
    node.resume()


def pause_primary(replica_set: ReplicaSet) -> None:
    """Pause the primary for 13 s: long enough for the election of another."""
    node = replica_set.primary()
    node.pause()
    time.sleep(_ELECTION_S)
    node.resume()


def kill_all(replica_set: ReplicaSet) -> None:
    """Kill all nodes at once, and start them again 4 s later."""
    for node in replica_set.nodes:
        node.kill()
    time.sleep(_AWAY_S)
    for node in replica_set.nodes:
        node.start()


def step_down(replica_set: ReplicaSet) -> None:
    """Make the primary step down, as before maintenance."""
    replica_set.step_down()


FAULTS: dict[str, Callable[[ReplicaSet], None]] = {
    "the primary is killed": kill_primary,
    "a secondary is paused for 4 s": pause_secondary,
    "the primary is paused for 13 s": pause_primary,
    "all nodes are killed, and return after 4 s": kill_all,
    "the primary steps down": step_down,
}


@dataclass
class FaultReport:
    """What clients and a load saw of a fault. Times are in seconds."""

    responses: list[Response]
    recovered_after_s: float
    """From the fault's end to the first correct response sent after it."""
    gap_s: float
    """The longest time in which no client got a correct response."""
    ready: list[int]
    """The statuses of /readyz, in order."""
    untrue: int
    """How often /readyz returned 200 and no correct response followed."""
    healthy: list[int]
    """The statuses of /healthz."""
    load_s: float
    load_status: int
    load_output: str
    lost: dict[str, int]
    """Documents that differ from those of a load without a fault, by collection."""

    @property
    def outcomes(self) -> Counter[str]:
        """The number of responses by outcome."""
        return Counter(response.outcome for response in self.responses)

    @property
    def wrong(self) -> list[str]:
        """The outcomes that must not occur."""
        return [
            outcome for outcome in self.outcomes.elements() if outcome not in (CORRECT, *OUTAGES)
        ]

    @property
    def slowest_s(self) -> float:
        """The longest that a client waited for a response."""
        return max(response.seconds for response in self.responses)


def inject(
    fault: Callable[[ReplicaSet], None],
    replica_set: ReplicaSet,
    traffic: Traffic,
    folder: Path,
    undisturbed: Stored,
) -> FaultReport:
    """Load a folder, with a fault in between, while clients query what was loaded before."""
    database = f"load_{uuid4().hex[:8]}"
    started = time.monotonic()
    with start_load(replica_set.uri, database, folder) as load:
        try:
            wait_for_items(replica_set.uri, database, _STORED_BEFORE)
            began = time.monotonic()
            fault(replica_set)
            ended = time.monotonic()
            recovered_after_s = traffic.wait_correct(ended, within_s=60)
            traffic.wait_ready(ended, within_s=60)
            _, errors = load.communicate(timeout=120)
        finally:
            load.kill()
    load_s = time.monotonic() - started
    for node in replica_set.nodes:
        node.start()
    replica_set.primary()
    responses = traffic.since(began - _BEFORE_S)
    ready = traffic.probes_since(began)
    return FaultReport(
        responses=responses,
        recovered_after_s=recovered_after_s,
        gap_s=traffic.longest_gap(began),
        ready=[status for _, status in ready],
        untrue=sum(
            status == 200 and at > began + _READY_CACHED_S and not _correct_after(responses, at)
            for at, status in ready
        ),
        healthy=list(traffic.healthy),
        load_s=load_s,
        load_status=load.returncode,
        load_output=errors,
        lost=differences(undisturbed, stored(replica_set.uri, database)),
    )


def differences(expected: Stored, found: Stored) -> dict[str, int]:
    """Count the documents of each collection that are missing, additional or different."""
    counts = {}
    for name, documents in expected.items():
        left = {document["_id"]: document for document in documents}
        right = {document["_id"]: document for document in found[name]}
        counts[name] = sum(left.get(id_) != right.get(id_) for id_ in left.keys() | right.keys())
    return counts


def _correct_after(responses: Sequence[Response], moment: float) -> bool:
    return any(
        response.outcome == CORRECT and moment <= response.received <= moment + _RETRIED_WITHIN_S
        for response in responses
    )
