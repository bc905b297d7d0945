"""A load's session with the store: what is said while there is none."""

import pytest

from store.errors import Unavailable
from store.session import session


def test_waiting_for_a_server_is_said_once_and_not_endured_in_silence(caplog):
    nobody = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=20"
    with pytest.raises(Unavailable, match="has not answered"), session(nobody, "x", patience_s=0.5):
        pass
    assert [record.message for record in caplog.records] == [
        "MongoDB does not answer; waiting for it, 0.5 s at most"
    ]
