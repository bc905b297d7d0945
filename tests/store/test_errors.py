"""The driver's errors, translated at the store's border."""

from typing import Any

import pytest
from pymongo import MongoClient, errors

from store.errors import DeadlineExceeded, Refused, Unavailable, translate, translated


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (errors.ServerSelectionTimeoutError("no server"), Unavailable),
        (errors.AutoReconnect("connection closed"), Unavailable),
        (errors.NotPrimaryError("not primary"), Unavailable),
        (errors.OperationFailure("not primary", 10107), Unavailable),
        (errors.OperationFailure("shutting down", 91), Unavailable),
        (errors.OperationFailure("stepped down", 189), Unavailable),
        (errors.OperationFailure("text index required for $text query", 27), Unavailable),
        (errors.NetworkTimeout("timed out"), DeadlineExceeded),
        (errors.ExecutionTimeout("operation exceeded time limit", 50), DeadlineExceeded),
        (errors.WaitQueueTimeoutError("no connection in time"), DeadlineExceeded),
        (errors.OperationFailure("authentication failed", 18), Refused),
        (errors.OperationFailure("not authorized", 13), Refused),
        (errors.ConfigurationError("no such option"), Refused),
    ],
)
def test_an_error_of_the_driver_becomes_one_of_the_store(
    error: errors.PyMongoError, meaning: type[Exception]
) -> None:
    assert type(translate(error)) is meaning


@pytest.mark.parametrize("key", ["writeErrors", "writeConcernErrors"])
def test_a_bulk_write_fails_with_the_error_of_one_of_its_writes(key: str) -> None:
    failures = [{"code": 11000, "errmsg": "duplicate"}, {"code": 91, "errmsg": "shutting down"}]
    details = {"writeErrors": [], "writeConcernErrors": [], key: failures}
    assert type(translate(errors.BulkWriteError(details))) is Unavailable


def test_a_bulk_write_that_broke_no_connection_keeps_its_error() -> None:
    failures = [{"code": 11000, "errmsg": "duplicate"}]
    error = errors.BulkWriteError({"writeErrors": failures, "writeConcernErrors": []})
    assert translate(error) is error


def test_a_programming_error_is_not_translated() -> None:
    error = errors.OperationFailure("unknown operator", 2)
    with pytest.raises(errors.OperationFailure) as raised, translated():
        raise error
    assert raised.value is error


def test_a_query_that_the_server_stops_has_exceeded_its_deadline(
    mongod: str, database_name: str
) -> None:
    with MongoClient[dict[str, Any]](mongod) as client:
        items = client[database_name]["items"]
        items.insert_one({})
        with pytest.raises(DeadlineExceeded), translated():
            items.find({"$where": "sleep(2000) || true"}).max_time_ms(20).to_list()


def test_wrong_credentials_are_refused(mongod: str) -> None:
    host = mongod.partition("@")[2]
    with (
        MongoClient[dict[str, Any]](f"mongodb://nobody:wrong@{host}") as client,
        pytest.raises(Refused),
        translated(),
    ):
        client["newsgraph"]["items"].find_one()
