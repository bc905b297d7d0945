"""Logs: one line for each record, as JSON for machines or as text for people."""

import logging
import re
import secrets
import sys
import time
from contextvars import ContextVar
from typing import Any

import orjson

from api.settings import Settings

# The request that is being answered; "-" outside of any.
request_id: ContextVar[str] = ContextVar("request_id", default="-")

_GIVEN_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_NOT_OURS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def new_request_id(given: str | None) -> str:
    """Give the id for a request: the caller's own where it is harmless to log."""
    return given if given and _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)


class JsonFormatter(logging.Formatter):
    """A record as one JSON object: time (UTC), level, logger, message, request, `extra`, error."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        line: dict[str, Any] = {
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
    """A record as a person reads it; line breaks from outside cannot forge a second one."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, with the traceback below it."""
        message = record.getMessage().replace("\n", "\\n").replace("\r", "\\r")
        extra = " ".join(f"{name}={value!r}" for name, value in _extra(record).items())
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname:7} {message}"
        line = f"{line} {extra}" if extra else line
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def configure_logs(settings: Settings) -> None:
    """Send the logs of this process to standard error."""
    as_text = settings.log_format == "text" or (settings.log_format is None and sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(TextFormatter() if as_text else JsonFormatter())
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    # The server's own account of connections that any scanner can cause would fill a disk, and
    # Strawberry logs every client's mistake with a traceback: ours are logged once, with an id.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    logging.getLogger("strawberry.execution").setLevel(logging.CRITICAL)


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _NOT_OURS}
