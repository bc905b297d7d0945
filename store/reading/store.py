"""The store for readers: one `Store` per process, and one `Readers` per request."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from functools import cached_property, partial
from typing import NamedTuple, Self, TypedDict

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.asynchronous.mongo_client import AsyncMongoClient
from pymongo.errors import AutoReconnect, OperationFailure

from store.audience import Audience
from store.connection import connect
from store.documents import CORPUS_ID, Document, Projection
from store.errors import Unavailable, translated
from store.indexes import INDEXES, indexes_of
from store.monitoring import Call
from store.reading.changes import Changes
from store.reading.checked_items import CheckedItems
from store.reading.checked_taxonomies import CheckedTaxonomyReader
from store.reading.damage import Damage, DamagedDocument, damaged_documents
from store.reading.document_version import DocumentVersion
from store.reading.fetches import CountBytes, Fetches
from store.reading.find_batcher import FindBatcher
from store.reading.fresh_search import FreshSearch
from store.reading.indexed_items import IndexedItems
from store.reading.items import Items
from store.reading.labels import KnownLabels, LabelReader
from store.reading.outage import Outage
from store.reading.scans import ScanQueue, Scans
from store.reading.soundness import SOUND_ENTRIES, SOUND_ITEM, SOUND_VIEWS
from store.reading.taxonomies import TaxonomyReader
from store.site_documents import fields_by_root, fields_of
from store.site_fields import SiteFields
from store.taxonomies import TAXONOMIES, Taxonomy

_NAMESPACE_NOT_FOUND = 26  # a server error code


class CorpusState(TypedDict):
    """How often loads have changed the corpus, and when one last did (None: never)."""

    version: int
    updatedDateTime: datetime | None


class SiteState(NamedTuple):
    """The site fields of the corpus, and the corpus version with which they changed last."""

    version: int
    fields: SiteFields


class _Collections(NamedTuple):
    items: AsyncCollection[Document]
    taxonomies: Mapping[Taxonomy, AsyncCollection[Document]]
    known_labels: KnownLabels
    search: FreshSearch | None = None


class Readers:
    """The readers of one request, for its audience. They share a batcher, scans and fetches."""

    def __init__(
        self,
        collections: _Collections,
        audience: Audience,
        queue: ScanQueue,
        count: CountBytes | None,
        damage: Damage | None,
    ) -> None:
        fetches = Fetches(count)
        self._items = collections.items
        self._collections = collections.taxonomies
        self._damage = damage
        self._shared = shared = audience, FindBatcher(fetches), Scans(queue), fetches
        items = (
            Items(collections.items, *shared)
            if damage is None
            else CheckedItems(collections.items, *shared, damage)
        )
        self.search = index = collections.search
        self.items = items if index is None else IndexedItems(items, index, shared[2])
        self._of: dict[Taxonomy, TaxonomyReader] = {}
        self._known_labels = collections.known_labels

    @cached_property
    def labels(self) -> LabelReader:
        """The reader of what labels stand for."""
        audience, _, scans, fetches = self._shared
        return LabelReader(self._items, audience, self._known_labels, scans, fetches)

    def of(self, taxonomy: Taxonomy) -> TaxonomyReader:
        """Return the reader of a taxonomy's documents."""
        reader = self._of.get(taxonomy)
        if reader is None:
            reader = self._of[taxonomy] = self._reader(taxonomy)
        return reader

    def _reader(self, taxonomy: Taxonomy) -> TaxonomyReader:
        collection, damage = self._collections[taxonomy], self._damage
        if damage is None:
            return TaxonomyReader(collection, *self._shared)
        return CheckedTaxonomyReader(collection, *self._shared, damage, SOUND_VIEWS[taxonomy])


class Store:
    """Reads one database, for one event loop. Its methods raise StoreError.

    `text` says whether its items are to have a text index.
    """

    def __init__(
        self,
        client: AsyncMongoClient[Document],
        database: AsyncDatabase[Document],
        *,
        text: bool = True,
    ) -> None:
        self._client = client
        self._text = text
        self._database = database
        self._outage = Outage(client)
        self._documents = DocumentVersion(database["items"])
        # Made once, because every request needs them and making them takes 10 µs.
        self.known_labels = KnownLabels()
        self._collections = _Collections(
            database["items"],
            {taxonomy: database[taxonomy.collection] for taxonomy in TAXONOMIES},
            self.known_labels,
        )
        self._queue = ScanQueue()
        self.changes = Changes(database)
        self.is_current = True
        """Whether the items that should be published are; false until a server has caught up."""

    @classmethod
    def connect(
        cls, uri: str, database: str, *, timeout_s: float | None = None, text: bool = True
    ) -> Self:
        """Return the store of a database; it connects with the first call.

        No call takes longer than `timeout_s` seconds. Raises Refused for an unusable URI.
        """
        client = connect(uri, timeout_s=timeout_s)
        return cls(client, client[database], text=text)

    def search_with(self, index: FreshSearch) -> None:
        """Use the index for searches, counts, facets and lists, as far as it can answer them."""
        self._collections = self._collections._replace(search=index)

    def edition(self, audience: Audience) -> str:
        """Return what identifies the state of the search index; empty if there is none."""
        index = self._collections.search
        return "" if index is None else index.edition(audience)

    def readers(
        self,
        audience: Audience,
        count: CountBytes | None = None,
        damage: Damage | None = None,
    ) -> Readers:
        """Return new readers for one request; `count` is told the bytes of what they read.

        With `damage`, they leave damaged documents out. Raises Unavailable while MongoDB is away,
        or the corpus is not current, and Outdated if `prepare` did.
        """
        self._outage.check()
        self._documents.check()
        if not self.is_current:
            raise Unavailable("Items are being published; try again in a second.")
        return Readers(self._collections, audience, self._queue, count, damage)

    def damaged_documents(self) -> AsyncIterator[DamagedDocument]:
        """Check all documents, and yield the damaged ones, in no order."""
        collections = {SOUND_ENTRIES[one]: of for one, of in self._collections.taxonomies.items()}
        return damaged_documents({SOUND_ITEM: self._collections.items, **collections})

    async def close(self) -> None:
        """Close the client; calls in progress fail."""
        await self._client.close()

    async def state(self) -> CorpusState:
        """Return the corpus's state.

        Its version changes when, and only when, a load changes data.
        """
        self._outage.check()
        with translated():
            found = await self._corpus({"version": 1, "updatedDateTime": 1})
        return {
            "version": found.get("version", 0),
            "updatedDateTime": found.get("updatedDateTime"),
        }

    async def site(self) -> SiteState:
        """Return the site fields of the corpus."""
        self._outage.check()
        with translated():
            found = await self._corpus({"siteVersion": 1, "sites": 1})
        by_root = fields_by_root(found.get("sites", ()))
        return SiteState(found.get("siteVersion", 0), fields_of(by_root))

    @property
    def has_primary(self) -> bool:
        """Whether reads go to the primary. A secondary may return data older than the corpus."""
        return self._client.topology_description.has_writable_server()

    async def prepare(self, version: int) -> None:
        """Prepare for reads of this version of the corpus.

        Raises Outdated for a corpus of an older version of newsgraph.
        """
        self._outage.check()
        await self._documents.check_at(version)
        self.known_labels.at(version)

    async def check_documents(self) -> None:
        """Raise Outdated for a corpus of an older version of newsgraph."""
        await self._documents.check_at((await self.state())["version"])

    async def _corpus(self, projection: Projection) -> Document:
        with Call("find"):
            return await self._database["meta"].find_one({"_id": CORPUS_ID}, projection) or {}

    async def server_version(self) -> str:
        """Return the version of the MongoDB server."""
        with translated():
            info = await self._client.server_info()
        return str(info["version"])

    async def missing_indexes(self) -> list[str]:
        """Return the indexes that a load would create, as `collection.index`."""
        # While a replica set starts, listIndexes succeeds before reads do: read first.
        await self.state()
        missing = []
        for collection in INDEXES:
            present = await self._index_names(collection)
            wanted = indexes_of(collection, text=self._text)
            names = (index.document["name"] for index in wanted)
            missing += [f"{collection}.{name}" for name in names if name not in present]
        return missing

    async def _index_names(self, collection: str) -> set[str]:
        try:
            with translated():
                found = await self._list_indexes(collection)
        except OperationFailure as error:
            if error.code != _NAMESPACE_NOT_FOUND:
                raise
            return set()
        return {index["name"] for index in found["cursor"]["firstBatch"]}

    async def _list_indexes(self, collection: str) -> Document:
        # Not the driver's `list_indexes`, which needs a primary: readers do not.
        list_indexes = partial(
            self._database.command,
            "listIndexes",
            collection,
            read_preference=self._database.read_preference,
        )
        try:
            return await list_indexes()
        except AutoReconnect:
            # The driver retries its own reads on another node, but no commands.
            return await list_indexes()
