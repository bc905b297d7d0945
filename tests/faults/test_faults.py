"""Faults of a replica set under query and load traffic: no wrong answer, and nothing lost."""

import time

import pytest

from tests.faults.faults import FAULTS, Account, differences
from tests.faults.newsroom import start_load, stored, wait_for_items
from tests.faults.stage import TIMEOUT_S, Stage
from tests.faults.traffic import MARGIN_S, RIGHT

pytestmark = pytest.mark.slow

# While these go on, a node that knows all that was loaded can be reached.
UNNOTICED = {"the primary is killed", "a secondary is paused for 4 s", "the primary steps down"}
PAUSED = "the primary is paused for 13 s"


@pytest.fixture(scope="module", params=FAULTS)
def fault(request: pytest.FixtureRequest) -> str:
    """Each fault in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def account(fault: str, stage: Stage) -> Account:
    """What came of the fault; the replica set is whole again."""
    return stage.undergo(fault)


def test_every_answer_is_right_or_says_in_time_that_there_is_none(account: Account) -> None:
    assert account.wrong == []
    assert account.outcomes[RIGHT] > 0
    assert account.slowest_s < TIMEOUT_S + MARGIN_S


def test_clients_notice_nothing_while_a_node_can_answer(fault: str, account: Account) -> None:
    if fault in UNNOTICED:
        assert set(account.outcomes) == {RIGHT}
        assert set(account.ready) == {200}
    elif fault == PAUSED:
        # Found out after 3.5 s, and asked of another before the request's deadline.
        assert account.gap_s < TIMEOUT_S


def test_the_server_recovers_by_itself(account: Account) -> None:
    assert account.right_after_s < 30
    assert account.ready[-1] == 200


def test_readyz_says_ready_only_when_answers_follow_and_healthz_stays_ok(
    account: Account,
) -> None:
    assert account.untrue == 0
    assert set(account.healthy) == {200}


def test_a_load_on_the_way_ends_with_nothing_lost(account: Account) -> None:
    assert account.load_status == 0, account.load_said
    assert not any(account.lost.values()), account.lost


def test_a_load_that_loses_patience_says_so_and_a_second_one_completes_it(stage: Stage) -> None:
    uri = f"{stage.running.uri}&serverSelectionTimeoutMS=500"
    with start_load(uri, "impatient", stage.folder, patient=False) as load:
        try:
            wait_for_items(uri, "impatient", 250)
            for node in stage.running.nodes:
                node.pause()
            began = time.monotonic()
            _, said = load.communicate(timeout=9)  # after 10 s there would be an election
        finally:
            load.kill()
            for node in stage.running.nodes:
                node.resume()
    assert load.returncode == 2, said
    assert "Run the same load again when MongoDB is back." in said
    assert "Traceback" not in said
    stage.seen.wait_right(time.monotonic(), within_s=30)
    assert [one.outcome for one in stage.seen.since(began) if one.outcome.startswith("wrong")] == []
    with start_load(stage.running.uri, "impatient", stage.folder) as again:
        _, said = again.communicate(timeout=60)
    assert again.returncode == 0, said
    left = stored(stage.running.uri, "impatient")
    assert not any(differences(stage.undisturbed, left).values())
