"""The server's log: its size, and its first error."""

import os
import time
from pathlib import Path

import pytest

from store.embedded import embedded_mongod
from store.embedded.log import cause_of_death, first_error


def test_a_log_that_has_grown_is_rotated_and_one_old_one_is_kept(tmp_path: Path) -> None:
    log, old = tmp_path / "mongodb/mongod.log", tmp_path / "mongodb/mongod.log.1"
    log.parent.mkdir()
    log.write_text("of an earlier start")
    with embedded_mongod(tmp_path):
        assert old.read_text() == "of an earlier start"
        os.truncate(log, 17 * 1024 * 1024)
        with embedded_mongod(tmp_path):
            while not log.exists():
                time.sleep(0.01)  # until the server has handled the signal
        assert log.stat().st_size < 1024 * 1024 < old.stat().st_size
    assert set(log.parent.glob("*.log*")) == {log, old}


@pytest.mark.parametrize(
    ("attr", "error"),
    [
        ('{"error": "Location1: of mongod"}', "It broke: Location1: of mongod"),
        ('{"message": "of the storage engine", "error": "1"}', "It broke: of the storage engine"),
        ('{"error": {"errmsg": "of a command."}}', "It broke: of a command"),
        ('{"message": {"error_str": "of a system call"}}', "It broke: of a system call"),
        ('{"message": {"msg": "words"}}', "It broke: words"),
        ('{"other": 1, "error": 2}', "It broke"),
    ],
)
def test_the_first_error_is_one_phrase(tmp_path: Path, attr: str, error: str) -> None:
    log = tmp_path / "mongod.log"
    log.write_text(
        '{"s": "I", "msg": "Fine"}\nnot JSON\n'
        f'{{"s": "E", "msg": "It broke", "attr": {attr}}}\n'
        '{"s": "F", "msg": "A consequence"}\n'
    )
    assert first_error(log) == error


def test_a_log_without_errors_or_a_missing_one_has_no_first_error(tmp_path: Path) -> None:
    log = tmp_path / "mongod.log"
    assert first_error(log) == ""
    log.write_text('{"s": "I", "msg": "Fine"}\n')
    assert first_error(log) == ""


@pytest.mark.parametrize(
    ("last", "cause"),
    [
        ('{"s": "I", "msg": "Fine"}', "it was killed, as the system does when memory runs out"),
        ('{"s": "E", "msg": "Survived"}', "it was killed, as the system does when memory runs out"),
        ('{"s": "I", "msg": "Shutting down"}', "it was told to stop"),
        (
            '{"s": "F", "msg": "Fatal", "attr": {"message": "Got signal: 6"}}',
            "Fatal: Got signal: 6",
        ),
        ('{"s": "E", "msg": "First"}\n{"s": "F", "msg": "Second"}', "First"),
        ('["s"]\n3', "it was killed, as the system does when memory runs out"),
    ],
)
def test_the_end_of_the_log_shows_why_the_server_died(
    tmp_path: Path, last: str, cause: str
) -> None:
    log = tmp_path / "mongod.log"
    old = '{"s": "E", "msg": "Long ago"}\n' + '{"s": "I", "msg": "Since then"}\n' * 3000
    log.write_text(f"{old}{last}\n")
    assert cause_of_death(log) == cause
