"""Logs: one line per record, as JSON for machines or as text for people."""

import logging
import random
import re
import sys
import time
from contextvars import ContextVar
from typing import Literal

import orjson

SERVER = "newsgraph.server"  # the logger of a server's life

NO_REQUEST = "-"
# The id of the current request.
request_id: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)
# The name of the field of a record that holds a stack, of several lines.
STACK = "stack"

_HARMLESS_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def new_request_id(requested: str | None) -> str:
    """Return an id for a request: the one the caller requested if it is harmless to log."""
    if requested and _HARMLESS_ID.fullmatch(requested):
        return requested
    # Nothing depends on its secrecy, and the system's random numbers cost a call of the kernel.
    return f"{random.getrandbits(64):016x}"


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
        fields = _extra(record)
        below = [str(fields.pop(STACK))] if STACK in fields else []
        if record.exc_info:
            below.append(self.formatException(record.exc_info))
        if request_id.get() != NO_REQUEST:
            fields["request"] = request_id.get()
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname:7} {message}"
        words = [line, *(f"{name}={value!r}" for name, value in fields.items())]
        return "\n".join([" ".join(words), *below])


def configure_logs(level: str, format: Literal["text", "json"] | None = None) -> None:
    """Send the logs of this process to standard error, on a terminal as text unless told otherwise.

    `level` is the name of the lowest level that is logged; the start and the end of a server are
    logged at every level.
    """
    as_text = format == "text" or (format is None and sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(TextFormatter() if as_text else JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # A server's life is a few lines, which explain all others.
    logging.getLogger(SERVER).setLevel(min(logging.INFO, logging.getLogger().level))
    # uvicorn logs connections that any scanner can cause, enough to fill a disk. Strawberry logs
    # clients' mistakes with a traceback; internal errors are logged elsewhere, once, with an id.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    logging.getLogger("strawberry.execution").setLevel(logging.CRITICAL)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD_FIELDS}
