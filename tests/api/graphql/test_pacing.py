"""Large queries take turns; short ones, and those that are known to be cheap, do not wait."""

import pytest
from graphql import GraphQLError

from api.graphql.pacing import CHEAP_PATHS, INTERVAL_S, LARGE, MAX_WAIT_S, Pacing
from api.graphql.refusal import Refusal
from schema.limits.cost import QueryCost
from schema.limits.guard import CheckedQuery
from schema.limits.limits import Limits

QUERY = "{ corpus { version } }".ljust(LARGE + 1)


def checked(paths: int) -> CheckedQuery:
    return CheckedQuery(None, [], None, QueryCost(paths=paths), Limits())


def ends_at_once(pacing: Pacing, query: str) -> bool:
    """Return whether a query's turn comes without any wait, not even for the event loop."""
    turn = pacing.turn(query)
    try:
        turn.send(None)
    except StopIteration:
        return True
    finally:
        turn.close()
    return False


def test_large_queries_start_one_after_another() -> None:
    pacing = Pacing()
    waits = [pacing.wait(100.0) for _ in range(4)]
    assert waits == pytest.approx([n * INTERVAL_S for n in range(4)])


def test_a_large_query_does_not_wait_for_turns_that_are_over() -> None:
    pacing = Pacing()
    pacing.wait(100.0)
    assert pacing.wait(100.0 + INTERVAL_S) == 0


def test_a_query_that_would_wait_for_too_long_is_refused_and_takes_no_turn() -> None:
    pacing = Pacing()
    possible = int(MAX_WAIT_S / INTERVAL_S) + 1
    for _ in range(possible):
        pacing.wait(100.0)
    for _ in range(10):
        with pytest.raises(Refusal) as refused:
            pacing.wait(100.0)
        assert refused.value.status == 503
    assert pacing.wait(100.0 + 2 * INTERVAL_S) <= MAX_WAIT_S


@pytest.mark.anyio
async def test_short_queries_and_cheap_ones_do_not_wait() -> None:
    pacing = Pacing()
    assert not ends_at_once(pacing, QUERY)
    assert ends_at_once(pacing, QUERY[:LARGE])
    pacing.remember(QUERY, checked(CHEAP_PATHS))
    assert ends_at_once(pacing, QUERY)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "found",
    [
        None,
        checked(CHEAP_PATHS + 1),
        CheckedQuery(None, [GraphQLError("x")], None, None, Limits()),
    ],
    ids=["not checked", "wide", "refused"],
)
async def test_other_queries_wait_each_time(found: CheckedQuery | None) -> None:
    pacing = Pacing()
    pacing.remember(QUERY, found)
    assert not ends_at_once(pacing, QUERY)
