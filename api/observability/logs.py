"""Logs: one line per record, as JSON for machines or as text for people."""

import logging
import re
import secrets
import sys
import time
from contextvars import ContextVar
from typing import Literal

import orjson

# The id of the current request, "-" outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="-")

_HARMLESS_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def new_request_id(requested: str | None) -> str:
    """Return an id for a request: the one the caller requested if it is harmless to log."""
    if requested and _HARMLESS_ID.fullmatch(requested):
        return requested
    return secrets.token_hex(8)


class JsonFormatter(logging.Formatter):
    """Formats a record as a JSON object with its time (UTC), request id, `extra` and traceback."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_id.get(),
            **_extra(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


class TextFormatter(logging.Formatter):
    """Formats a record for people; line breaks in a message cannot forge a second record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the traceback below it."""
        message = record.getMessage().replace("\n", "\\n").replace("\r", "\\r")
        extra = " ".join(f"{name}={value!r}" for name, value in _extra(record).items())
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname:7} {message}"
        line = f"{line} {extra}" if extra else line
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def configure_logs(level: str, format: Literal["text", "json"] | None = None) -> None:
    """Send the logs of this process to standard error, on a terminal as text unless told otherwise.

    `level` is the name of the lowest level that is logged.
    """
    as_text = format == "text" or (format is None and sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(TextFormatter() if as_text else JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # uvicorn logs connections that any scanner can cause, enough to fill a disk. Strawberry logs
    # clients' mistakes with a traceback; internal errors are logged elsewhere, once, with an id.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    logging.getLogger("strawberry.execution").setLevel(logging.CRITICAL)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD_FIELDS}
