"""The MongoDB that a command works with: the one that is set, or the embedded one."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.settings import Settings
from store.connection import connect
from store.embedded import embedded_mongod


@contextmanager
def running_mongodb(settings: Settings) -> Iterator[str]:
    """Give its URI; the embedded one runs for as long as somebody is within.

    Raises StoreError: the URI cannot be used, or the embedded server cannot run.
    """
    if settings.mongodb_uri is None:
        with embedded_mongod(settings.data_dir) as uri:
            yield uri
    else:
        connect(settings.mongodb_uri)  # not yet: only to refuse what no worker could use
        yield settings.mongodb_uri
