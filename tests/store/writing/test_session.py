"""A load's session: what it does while MongoDB is unavailable, and at the end."""

from collections.abc import Callable
from typing import Any

import pytest
from pymongo import errors
from pymongo.database import Database

from store.errors import Refused, Unavailable
from store.indexes import INDEXES, TEXT_INDEX
from store.writing import manifest
from store.writing.effects import Effects
from store.writing.intents import Intents
from store.writing.manifest import LoadedFile
from store.writing.session import Session, open_session
from store.writing.writer import Writer
from tests.store.writing.offers import ROOT, change, id_of, item, provider

NOBODY = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=20"


@pytest.fixture
def session(database: Database[Any]) -> Session:
    session = Session(database)
    session.prepare()
    return session


def version(database: Database[Any]) -> int:
    corpus = database["meta"].find_one({"_id": "corpus"})
    return 0 if corpus is None else int(corpus["version"])


def failing(*failures: Exception) -> Callable[[], str]:
    """Return an operation that fails so often, and then does not."""
    left = [*failures]

    def operation() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return operation


def test_a_session_warns_once_while_it_waits_for_a_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        pytest.raises(Unavailable, match=r"has not responded for 0 seconds.*Run the same load"),
        open_session(NOBODY, "x", retry_for_s=0.5),
    ):
        pass
    assert [record.message for record in caplog.records] == [
        "MongoDB is not responding; retrying for up to 0.5 s"
    ]


def test_an_interrupt_ends_the_wait_for_a_server() -> None:
    asked = iter([False, True])
    refused = pytest.raises(Unavailable, match="Interrupted while MongoDB was not responding")
    with refused, open_session(NOBODY, "x", stopped=lambda: next(asked)):
        pass


def test_an_operation_is_repeated_until_the_server_is_back(session: Session) -> None:
    bulk = errors.BulkWriteError(
        {"writeErrors": [{"code": 91, "errmsg": "shutting down"}], "writeConcernErrors": []}
    )
    gone = errors.AutoReconnect("gone")
    assert session.retry(failing(gone, bulk, Unavailable("away"))) == "done"


def test_an_error_that_will_not_go_away_is_raised_at_once(session: Session) -> None:
    with pytest.raises(Refused):
        session.retry(failing(errors.OperationFailure("no rights", 13)))
    bug = errors.OperationFailure("unknown operator", 2)
    with pytest.raises(errors.OperationFailure) as raised:
        session.retry(failing(bug))
    assert raised.value is bug


def test_items_get_their_indexes_after_the_first_load_only(database: Database[Any]) -> None:
    def has_item_indexes() -> bool:
        return len(database["items"].index_information()) == len(INDEXES["items"]) + 1

    first = Session(database)
    first.prepare()
    assert not has_item_indexes()
    first.apply([change("a.md", item("a"), state="new")])
    first.finish()
    assert has_item_indexes()

    database["items"].drop_indexes()
    Session(database).prepare()
    assert has_item_indexes()


@pytest.mark.parametrize("is_first", [True, False])
def test_a_load_deletes_the_text_index_where_it_is_not_wanted(
    database: Database[Any], is_first: bool
) -> None:
    def names() -> set[str]:
        return {*database["items"].index_information()}

    for text in ([] if is_first else [True]) + [False, False, True]:
        session = Session(database, text=text)
        session.prepare()
        session.apply([change("a.md", item("a"), state="known")])
        session.finish()
        assert (TEXT_INDEX in names()) == text
        assert len(names()) == len(INDEXES["items"]) + text


def test_the_version_rises_once_for_a_load_that_changes_something(
    database: Database[Any], session: Session
) -> None:
    a = change("a.md", item("a", provider=provider(1)), state="new")
    for batch in (a, change("b.md", item("b"), state="new")):
        session.apply([batch])
    session.finish()
    assert version(database) == 1
    assert database["intents"].count_documents({}) == 0
    assert [provider["_id"] for provider in database["providers"].find()] == ["provider:p1.example"]

    session.apply([change("a.md", item("a", provider=provider(1)))])
    session.finish()
    assert version(database) == 1

    session.remove([id_of("a.md")])
    session.finish()
    assert version(database) == 2
    assert list(database["providers"].find()) == []


def test_a_load_counts_the_changes_of_one_that_was_killed_once(
    database: Database[Any], session: Session
) -> None:
    Intents(database["intents"]).start().add(Effects(["provider:p1.example"]))
    session.finish()
    assert version(database) == 1
    session.finish()
    assert version(database) == 1


def test_a_load_counts_the_changes_of_one_that_was_killed_between_its_batches(
    database: Database[Any], session: Session
) -> None:
    Writer(database).apply([change("a.md", item("a"), state="new")])
    session.finish()
    session.finish()
    assert version(database) == 1


def test_the_loaded_files_of_a_root_come_in_order_however_many(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "_BATCH", 2)
    names = ["a.md", "a/b.md", "b.md", "é.md", "\uffff.md"]
    session.apply([change(name, item(name), state="new") for name in names])
    assert [file.path for file in session.loaded_files(ROOT)] == names
    assert list(session.loaded_files("/other")) == []


def test_a_file_is_found_by_its_root_and_by_its_path(session: Session) -> None:
    session.apply([change("b/a.md", item("a"), state="new")])
    assert session.files_loaded(ROOT, ["b/a.md", "c.md"]) == {
        "b/a.md": LoadedFile("b/a.md", "digest of b/a.md", 1)
    }
    assert session.roots_above(f"{ROOT}/b/c.md") == [ROOT]
    assert session.roots_above("/elsewhere/c.md") == []
    assert (session.is_loaded(ROOT), session.is_loaded(f"{ROOT}/b")) == (True, False)
