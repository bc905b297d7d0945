"""What can go wrong between newsgraph and MongoDB, in terms independent of the driver."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo import errors


class StoreError(Exception):
    """The store could not do its work; the message says what to do about it."""


class Unavailable(StoreError):
    """No server responds for now: it is down, unreachable, or electing a primary. Try again."""


class Outdated(Unavailable):
    """The documents are those of an older version. Load them again."""


class DeadlineExceeded(StoreError):
    """The server did not finish within the time limit."""


class Refused(StoreError):
    """The server rejected the request: wrong credentials, missing rights, or a bad setting."""


_TIMED_OUT = {50, 262}  # MaxTimeMSExpired, ExceededTimeLimit
# NotWritablePrimary and related codes, shutdown and network: MongoDB manual, "Retryable Reads".
_TRANSIENT = {6, 7, 89, 91, 133, 134, 189, 9001, 10107, 11600, 11602, 13435, 13436}
_NO_INDEX = 27  # IndexNotFound: the error of $text before anything was loaded
_UNAUTHORIZED = 13
_UNKNOWN_USER = {18, 8000}  # AuthenticationFailed, AtlasError


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's exceptions into this module's. Programming errors pass as they are."""
    try:
        yield
    except errors.PyMongoError as error:
        raise translate(error) from error


def translate(error: errors.PyMongoError) -> Exception:
    """Return the StoreError that a driver's exception means, or the exception itself."""
    if isinstance(error, errors.BulkWriteError) and (cause := _cause_of_bulk(error)):
        return cause
    # A paused server is a NetworkTimeout, which the driver also calls an AutoReconnect.
    if isinstance(error, errors.AutoReconnect) and not isinstance(error, errors.NetworkTimeout):
        return Unavailable("MongoDB is not responding; try again in a few seconds.")
    code = error.code if isinstance(error, errors.OperationFailure) else None
    if code in _TRANSIENT or error.has_error_label("RetryableWriteError"):
        return Unavailable("MongoDB is changing its primary; try again in a few seconds.")
    if code in _TIMED_OUT or error.timeout:
        return DeadlineExceeded("MongoDB did not respond within the time limit.")
    if code == _NO_INDEX:
        return Unavailable("The search index does not exist yet; the first load creates it.")
    if code == _UNAUTHORIZED:
        return Refused(
            "MongoDB does not permit this to the user in the URI: `newsgraph load` needs the role "
            "readWrite on the database, `newsgraph serve` the role read. Add a user if it has none."
        )
    if code in _UNKNOWN_USER:
        return Refused("MongoDB rejected the credentials; check the user and password in the URI.")
    if isinstance(error, errors.ConfigurationError):
        return invalid_uri(error)
    return error


def invalid_uri(error: Exception) -> Refused:
    """Return the error for a URI that the driver rejected with `error`."""
    return Refused(f"Invalid MongoDB URI: {error}")


def _cause_of_bulk(error: errors.BulkWriteError) -> StoreError | None:
    """Return the StoreError that one of a bulk's writes failed with, if any did."""
    details = error.details
    for failure in (*details["writeErrors"], *details["writeConcernErrors"]):
        cause = translate(errors.OperationFailure(failure["errmsg"], failure["code"]))
        if isinstance(cause, StoreError):
            return cause
    return None
