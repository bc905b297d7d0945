"""A lease has one holder, until it gives the lease back or its time is up."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.database import Database

from store.writing.lease import Lease


def test_one_holds_it_until_it_gives_it_back(database: Database[Any]) -> None:
    one, other = (Lease(database["meta"], "clock") for _ in range(2))
    assert (one.take(), other.take(), one.take()) == (True, False, True)
    other.release()
    assert not other.take()
    one.release()
    assert (other.take(), one.take()) == (True, False)
    assert not one.is_abandoned()


def test_another_takes_it_when_the_time_is_up(database: Database[Any]) -> None:
    killed, other = Lease(database["meta"], "clock"), Lease(database["meta"], "clock")
    assert killed.take()
    assert not other.is_abandoned()
    past = datetime.now(UTC) - timedelta(seconds=1)
    database["meta"].update_one({"_id": "clock"}, {"$set": {"until": past}})
    assert other.is_abandoned()
    assert (other.take(), killed.take()) == (True, False)
    killed.release()
    assert not killed.take()


def test_leases_of_other_names_do_not_matter(database: Database[Any]) -> None:
    assert Lease(database["meta"], "clock").take()
    assert Lease(database["meta"], "other").take()
