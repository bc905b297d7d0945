"""A load's session with the store: what is said while there is none."""

import pytest

from store.errors import Unavailable
from store.writing.session import session

NOBODY = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=20"


def test_waiting_for_a_server_is_said_once_and_not_endured_in_silence(caplog):
    with (
        pytest.raises(Unavailable, match="has not answered"),
        session(NOBODY, "x", retry_for_s=0.5),
    ):
        pass
    assert [record.message for record in caplog.records] == [
        "MongoDB does not answer; waiting for it, 0.5 s at most"
    ]


def test_an_interrupt_ends_the_waiting():
    asked = iter([False, True])
    refused = pytest.raises(Unavailable, match="Interrupted while MongoDB did not answer")
    with refused, session(NOBODY, "x", stopped=lambda: next(asked)):
        pass
