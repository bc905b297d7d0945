"""Running the follower of a folder in this process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from store.connection import connect
from store.reading.corpus_watch import CorpusWatch
from store.search.folder import SearchFolder
from store.search.follower import Follower
from store.search.interface import Writer
from store.search.status import FollowerStatus
from store.search.writer import IndexWriter, Locked

log = logging.getLogger("newsgraph.search")


async def follow(uri: str, database: str, folder: SearchFolder) -> None:
    """Keep the index in a folder in step with a database until cancelled.

    The caller has the folder's lock. Raises Refused for an unusable URI, and OSError if the folder
    cannot be made.
    """
    folder.make()
    folder.remove_others()
    watch = CorpusWatch(uri, database)
    async with connect(uri) as client, watch.running():

        def report(status: FollowerStatus) -> None:
            status.write(folder.status)

        await Follower(client[database], watch, lambda: _opened(folder), report).run()


@contextmanager
def _opened(folder: SearchFolder) -> Iterator[Writer]:
    with _writer(folder) as writer:
        yield writer


def _writer(folder: SearchFolder) -> IndexWriter:
    try:
        return IndexWriter(folder.index)
    except Locked:
        raise
    except Exception:
        # Nothing is lost: the index is derived from MongoDB.
        log.exception("The search index in %s cannot be opened; it is built again", folder.index)
        folder.remove_index()
        return IndexWriter(folder.index)
