"""What can go wrong between newsgraph and MongoDB, in terms that hold no driver's name."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo import errors


class StoreError(Exception):
    """The store could not do what was asked; the message says what to do about it."""


class Unavailable(StoreError):
    """No server answers for now: it is down, out of reach, or electing a primary. Try again."""


class DeadlineExceeded(StoreError):
    """The server did not finish in the time allowed."""


class Refused(StoreError):
    """The server answered and said no: wrong credentials, missing rights, or a bad setting."""


_TIMED_OUT = {50, 262}  # MaxTimeMSExpired, ExceededTimeLimit
# NotWritablePrimary and its kin, shutdown and network codes: MongoDB manual, "Retryable Reads".
_TRANSIENT = {6, 7, 89, 91, 133, 134, 189, 9001, 10107, 11600, 11602, 13435, 13436}
_NO_INDEX = 27  # IndexNotFound: what $text says where nothing was ever loaded
_DENIED = {13, 18, 8000}  # Unauthorized, AuthenticationFailed, AtlasError


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's exceptions into this module's. Programming errors pass as they are."""
    try:
        yield
    except errors.PyMongoError as error:
        raise translate(error) from error


def translate(error: errors.PyMongoError) -> Exception:
    """Give the StoreError that says what a driver's exception means, or the exception itself."""
    # A paused server is a NetworkTimeout, which the driver also calls an AutoReconnect.
    if isinstance(error, errors.AutoReconnect) and not isinstance(error, errors.NetworkTimeout):
        return Unavailable("MongoDB does not answer; try again in a few seconds.")
    code = error.code if isinstance(error, errors.OperationFailure) else None
    if code in _TRANSIENT or error.has_error_label("RetryableWriteError"):
        return Unavailable("MongoDB is changing its primary; try again in a few seconds.")
    if code in _TIMED_OUT or error.timeout:
        return DeadlineExceeded("MongoDB did not answer within the time allowed.")
    if code == _NO_INDEX:
        return Unavailable("The search index is not there yet; it is made with the first load.")
    if code in _DENIED:
        return Refused("MongoDB refused the credentials; check the user and password in the URI.")
    if isinstance(error, errors.ConfigurationError):
        return Refused(f"MongoDB's URI cannot be used: {error}")
    return error
