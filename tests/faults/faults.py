"""The faults, and the account of what clients and a load saw of one."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.faults.newsroom import Stored, start_load, stored, wait_for_items
from tests.faults.replica_set import ReplicaSet
from tests.faults.traffic import OUTAGES, RIGHT, Answer, Traffic

CORPUS = 1_500  # items: a load of some seconds
# An election waits for 10 to 11.5 s of silence; then there is a vote.
_ELECTION_S = 13.0
_AWAY_S = 4.0
# A client that was told to wait, by a deadline or by Retry-After, asks again by then.
_KNOWN_WITHIN_S = 6.0
_READY_KEPT_S = 2.0  # /readyz asks the database once a second
_BEGUN = 300  # items that a load has stored when the fault comes
_BEFORE_S = 5.0  # answers asked so long before a fault may be touched by it


def kill_primary(running: ReplicaSet) -> None:
    """End the primary. It stays away: the others must do."""
    running.primary().kill()


def pause_secondary(running: ReplicaSet) -> None:
    """Make a secondary silent for 4 s."""
    node = running.secondary()
    node.pause()
    time.sleep(_AWAY_S)
    node.resume()


def pause_primary(running: ReplicaSet) -> None:
    """Make the primary silent for 13 s: long enough for another to be elected."""
    node = running.primary()
    node.pause()
    time.sleep(_ELECTION_S)
    node.resume()


def kill_all(running: ReplicaSet) -> None:
    """End all nodes at once, and start them again 4 s later."""
    for node in running.nodes:
        node.kill()
    time.sleep(_AWAY_S)
    for node in running.nodes:
        node.start()


def step_down(running: ReplicaSet) -> None:
    """Have the primary hand over, as before maintenance."""
    running.step_down()


FAULTS: dict[str, Callable[[ReplicaSet], None]] = {
    "the primary is killed": kill_primary,
    "a secondary is paused for 4 s": pause_secondary,
    "the primary is paused for 13 s": pause_primary,
    "all nodes are killed, and return after 4 s": kill_all,
    "the primary steps down": step_down,
}


@dataclass
class Account:
    """What came of a fault. Times are in seconds."""

    answers: list[Answer]
    right_after_s: float
    """From the fault's end to the first right answer asked after it."""
    gap_s: float
    """The longest time in which no client got a right answer."""
    ready: list[int]
    """What /readyz said, probe by probe."""
    untrue: int
    """How often it said ready and no right answer followed."""
    healthy: list[int]
    """What /healthz said."""
    load_s: float
    load_status: int
    load_said: str
    lost: dict[str, int]
    """Documents that differ from those of a load without a fault, by collection."""

    @property
    def outcomes(self) -> Counter[str]:
        """How many answers there were of each outcome."""
        return Counter(answer.outcome for answer in self.answers)

    @property
    def wrong(self) -> list[str]:
        """The answers that must not be."""
        return [one.outcome for one in self.answers if one.outcome not in (RIGHT, *OUTAGES)]

    @property
    def slowest_s(self) -> float:
        """The longest that a client waited for an answer."""
        return max(answer.seconds for answer in self.answers)


def undergo(
    fault: Callable[[ReplicaSet], None],
    running: ReplicaSet,
    seen: Traffic,
    folder: Path,
    undisturbed: Stored,
) -> Account:
    """Load a folder, with a fault on the way, while clients ask for what was loaded before."""
    database = f"load_{uuid4().hex[:8]}"
    started = time.monotonic()
    with start_load(running.uri, database, folder) as load:
        try:
            wait_for_items(running.uri, database, _BEGUN)
            began = time.monotonic()
            fault(running)
            ended = time.monotonic()
            right_after_s = seen.wait_right(ended, within_s=60)
            seen.wait_ready(ended, within_s=60)
            _, said = load.communicate(timeout=120)
        finally:
            load.kill()
    load_s = time.monotonic() - started
    for node in running.nodes:
        node.start()
    running.primary()
    answers = seen.since(began - _BEFORE_S)
    ready = seen.probes_since(began)
    return Account(
        answers=answers,
        right_after_s=right_after_s,
        gap_s=seen.longest_gap(began),
        ready=[status for _, status in ready],
        untrue=sum(
            status == 200 and at > began + _READY_KEPT_S and not _answered_after(answers, at)
            for at, status in ready
        ),
        healthy=list(seen.healthy),
        load_s=load_s,
        load_status=load.returncode,
        load_said=said,
        lost=differences(undisturbed, stored(running.uri, database)),
    )


def differences(expected: Stored, found: Stored) -> dict[str, int]:
    """Count the documents, by collection, that are missing, too many or not the same."""
    counts = {}
    for name, documents in expected.items():
        one = {document["_id"]: document for document in documents}
        other = {document["_id"]: document for document in found[name]}
        counts[name] = sum(one.get(id_) != other.get(id_) for id_ in one.keys() | other.keys())
    return counts


def _answered_after(answers: Sequence[Answer], moment: float) -> bool:
    return any(
        answer.outcome == RIGHT and moment <= answer.arrived <= moment + _KNOWN_WITHIN_S
        for answer in answers
    )
