"""Documents that no load wrote: what is damaged in them, and reading them all the same."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import NamedTuple

from bson.codec_options import DatetimeConversion
from pymongo.asynchronous.collection import AsyncCollection

from store.documents import Document, Projection
from store.errors import translated
from store.reading.soundness import Soundness

MAX_DAMAGED = 20
"""Damaged documents that a request names; it leaves out all of them."""

log = logging.getLogger("newsgraph.damage")


class DamagedDocument(NamedTuple):
    """A damaged document, the path of its file as far as it is known, and what is wrong."""

    id: str
    path: str
    problem: str


class Damage:
    """Finds out which documents are damaged; `ids` are those of the first `MAX_DAMAGED`."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def spares(self, document: Document, projection: Projection, sound: Soundness) -> bool:
        """Return whether a document is sound. One that is not is logged, the first time."""
        problem = sound.problem_of(document, projection)
        if problem is None:
            return True
        id_ = str(document["_id"])
        if id_ not in self.ids and len(self.ids) < MAX_DAMAGED:
            self.ids.append(id_)
            log.error("The document %s is damaged and was left out: %s", id_, problem)
        return False

    def sound(
        self, documents: Sequence[Document], projection: Projection, sound: Soundness
    ) -> list[Document]:
        """Return the sound ones of some documents."""
        return [one for one in documents if self.spares(one, projection, sound)]

    def sound_or_none(
        self, documents: Sequence[Document | None], projection: Projection, sound: Soundness
    ) -> list[Document | None]:
        """Return documents with None instead of the damaged ones."""
        return [one if one and self.spares(one, projection, sound) else None for one in documents]


def lenient(collection: AsyncCollection[Document]) -> AsyncCollection[Document]:
    """Return a collection that reads what the driver refuses: dates beyond 9999, bad UTF-8."""
    options = collection.codec_options.with_options(
        datetime_conversion=DatetimeConversion.DATETIME_AUTO,
        unicode_decode_error_handler="replace",
    )
    return collection.with_options(codec_options=options)


async def damaged_documents(
    collections: Mapping[Soundness, AsyncCollection[Document]],
) -> AsyncIterator[DamagedDocument]:
    """Check all documents of some collections, and yield the damaged ones. Raises StoreError."""
    with translated():
        for sound, collection in collections.items():
            async for document in lenient(collection).find({}, sound.whole):
                if problem := sound.problem_of(document, sound.whole):
                    path = str(document.get("path", ""))
                    yield DamagedDocument(str(document["_id"]), path, problem)
