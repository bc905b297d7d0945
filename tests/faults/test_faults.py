"""Faults of a replica set during queries and loads: no wrong response, and nothing lost.

Covers store/connection.py and store/errors.py, the retries of store/writing/session.py, and
api/health.py.
"""

import time

import pytest

from tests.faults.commands import start_load, stored, wait_for_items
from tests.faults.deployment import TIMEOUT_S, Deployment
from tests.faults.faults import FAULTS, FaultReport, differences
from tests.faults.traffic import CORRECT, MARGIN_S

pytestmark = pytest.mark.slow

# During these faults, a node that has the whole corpus can be reached.
UNNOTICED = {"the primary is killed", "a secondary is paused for 4 s", "the primary steps down"}
PAUSED = "the primary is paused for 13 s"


@pytest.fixture(scope="module", params=FAULTS)
def fault(request: pytest.FixtureRequest) -> str:
    """Each fault in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def report(fault: str, deployment: Deployment) -> FaultReport:
    """What clients and a load saw of the fault; the replica set is whole again."""
    return deployment.inject(fault)


def test_every_response_is_correct_or_a_timely_error(report: FaultReport) -> None:
    assert report.wrong == []
    assert report.outcomes[CORRECT] > 0
    assert report.slowest_s < TIMEOUT_S + MARGIN_S


def test_clients_notice_nothing_while_a_node_can_answer(fault: str, report: FaultReport) -> None:
    if fault in UNNOTICED:
        assert set(report.outcomes) == {CORRECT}
        assert set(report.ready) == {200}
    elif fault == PAUSED:
        # Noticed after 3.5 s, and retried on another node before the request's deadline.
        assert report.gap_s < TIMEOUT_S


def test_the_server_recovers_by_itself(report: FaultReport) -> None:
    assert report.recovered_after_s < 30
    assert report.ready[-1] == 200


def test_readyz_is_200_only_when_queries_are_answered_and_healthz_always(
    report: FaultReport,
) -> None:
    assert report.untrue == 0
    assert set(report.healthy) == {200}


def test_a_load_during_a_fault_loses_nothing(report: FaultReport) -> None:
    assert report.load_status == 0, report.load_output
    assert not any(report.lost.values()), report.lost


def test_a_load_that_gives_up_says_so_and_a_second_one_completes_it(
    deployment: Deployment,
) -> None:
    uri = f"{deployment.replica_set.uri}&serverSelectionTimeoutMS=500"
    with start_load(uri, "interrupted", deployment.folder, patient=False) as load:
        try:
            wait_for_items(uri, "interrupted", 250)
            for node in deployment.replica_set.nodes:
                node.pause()
            began = time.monotonic()
            _, errors = load.communicate(timeout=9)  # after 10 s there would be an election
        finally:
            load.kill()
            for node in deployment.replica_set.nodes:
                node.resume()
    assert load.returncode == 2, errors
    assert "Run the same load again" in errors
    assert "Traceback" not in errors
    deployment.traffic.wait_correct(time.monotonic(), within_s=30)
    outcomes = [response.outcome for response in deployment.traffic.since(began)]
    assert [outcome for outcome in outcomes if outcome.startswith("wrong")] == []
    with start_load(deployment.replica_set.uri, "interrupted", deployment.folder) as again:
        _, errors = again.communicate(timeout=60)
    assert again.returncode == 0, errors
    left = stored(deployment.replica_set.uri, "interrupted")
    assert not any(differences(deployment.undisturbed, left).values())
