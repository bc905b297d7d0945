"""The MongoDB of a command: the configured one, or the embedded server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.settings import Settings
from store.connection import connect
from store.embedded import embedded_mongod, has_data_in
from store.errors import StoreError


def _ignore(*_: StoreError) -> None:
    pass


@contextmanager
def running_mongodb(
    settings: Settings,
    on_loss: Callable[[StoreError], None] = _ignore,
    on_restart: Callable[[], None] = _ignore,
) -> Iterator[str]:
    """Yield the URI of MongoDB; the embedded server runs for the duration of the `with` block.

    If this process starts the embedded server again after its death, `on_restart` is called. If
    that is impossible, `on_loss` is called with the reason, and the block raises it at its end.
    Both are called in another thread. Raises StoreError, also if the URI is invalid or the embedded
    server cannot run.
    """
    if settings.mongodb_uri is None:
        with embedded_mongod(
            settings.data_dir, on_loss, on_restart, cache_mb=settings.mongodb_cache_mb
        ) as uri:
            yield uri
    else:
        connect(settings.mongodb_uri)  # fail early on an invalid URI; opens no connection
        yield settings.mongodb_uri


def has_data(settings: Settings) -> bool:
    """Return whether there may be a corpus: whether there is one in MongoDB is not known here."""
    return settings.mongodb_uri is not None or has_data_in(settings.data_dir)
