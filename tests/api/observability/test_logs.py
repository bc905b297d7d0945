"""Request ids, and the lines of the log."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from api.observability.logs import (
    JsonFormatter,
    TextFormatter,
    configure_logs,
    new_request_id,
    request_id,
)


def record_of(message: str, *, fails: bool = True, **extra: object) -> logging.LogRecord:
    """Return a record, by default with the traceback of an error."""
    error = None
    if fails:
        try:
            raise ValueError("boom")
        except ValueError:
            error = sys.exc_info()
    logger = logging.getLogger("newsgraph.test")
    return logger.makeRecord("newsgraph.test", 20, "f", 1, message, (), error, extra=extra)


def test_a_request_id_that_is_harmful_to_log_is_replaced() -> None:
    assert new_request_id("abc-1") == "abc-1"
    assert new_request_id("a\nb") != "a\nb"
    assert new_request_id(None) != new_request_id(None)


def test_a_json_record_takes_one_line_with_all_fields() -> None:
    token = request_id.set("request-7")
    try:
        line = JsonFormatter().format(record_of("two\nlines", operation='a"b'))
    finally:
        request_id.reset(token)
    assert "\n" not in line
    parsed = json.loads(line)
    assert parsed["message"] == "two\nlines"
    assert parsed["operation"] == 'a"b'
    assert parsed["request"] == "request-7"
    assert parsed["level"] == "info"
    assert "ValueError: boom" in parsed["error"]
    assert "error" not in json.loads(JsonFormatter().format(record_of("fine", fails=False)))


def test_a_text_record_cannot_be_forged() -> None:
    line = TextFormatter().format(record_of("GET /a\n12:00:00 INFO forged", operation="x\ny"))
    assert "GET /a\\n12:00:00" in line
    assert "operation='x\\ny'" in line
    assert line.endswith("ValueError: boom")
    assert TextFormatter().format(record_of("fine", fails=False)).endswith("INFO    fine")


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    """The root logger, whose handlers and levels are restored after the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    names = ("uvicorn.error", "strawberry.execution")
    levels = [logging.getLogger(name).level for name in names]
    yield root
    # basicConfig(force=True) closed them; pytest opens its own again for each phase of a test.
    root.handlers[:], root.level = handlers, level
    for name, old in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(old)


@pytest.mark.parametrize(
    ("wanted", "is_terminal", "formatter"),
    [
        (None, True, TextFormatter),
        (None, False, JsonFormatter),
        ("text", False, TextFormatter),
        ("json", True, JsonFormatter),
    ],
)
def test_logs_are_text_on_a_terminal_and_json_elsewhere_unless_set(
    monkeypatch: pytest.MonkeyPatch,
    root_logger: logging.Logger,
    wanted: str | None,
    is_terminal: bool,
    formatter: type[logging.Formatter],
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    configure_logs("warning", wanted)  # type: ignore[arg-type]
    assert root_logger.level == logging.WARNING
    assert [type(handler.formatter) for handler in root_logger.handlers] == [formatter]
