"""Reading providers, topics and authors once more, without the damaged ones."""

from collections.abc import Collection, Sequence

from pymongo.asynchronous.collection import AsyncCollection
from typing_extensions import override

from store.audience import Audience
from store.documents import Document, Expression, Projection
from store.orders import TaxonomyOrder
from store.reading.damage import Damage, lenient
from store.reading.fetches import Fetches
from store.reading.find_batcher import FindBatcher
from store.reading.pages import Page, Window
from store.reading.scans import Scans
from store.reading.soundness import Soundness
from store.reading.taxonomies import TaxonomyReader


class CheckedTaxonomyReader(TaxonomyReader):
    """Reads a taxonomy like `TaxonomyReader`, and leaves out the damaged documents."""

    def __init__(
        self,
        collection: AsyncCollection[Document],
        audience: Audience,
        batcher: FindBatcher,
        scans: Scans,
        fetches: Fetches,
        damage: Damage,
        sound: Soundness,
    ) -> None:
        super().__init__(lenient(collection), audience, batcher, scans, fetches)
        self._damage = damage
        self._sound = sound

    @override
    async def get(
        self, ids: Sequence[str | None], fields: Collection[str]
    ) -> list[Document | None]:
        """Return the documents with these ids; None for those not visible or damaged."""
        found = await super().get(ids, fields)
        return self._damage.sound_or_none(found, self._as_seen(fields), self._sound)

    @override
    async def page(
        self,
        order: TaxonomyOrder,
        window: Window,
        fields: Collection[str],
        *,
        roots: bool = False,
    ) -> Page:
        """Return one page without the damaged documents, which count for its size."""
        page = await super().page(order, window, fields, roots=roots)
        key = f"sort.{order}"
        sound = self._damage.sound(page.documents, self._as_seen({*fields, key}), self._sound)
        return page.with_documents(sound, key)

    @override
    async def _find_children(self, match: Expression, projection: Projection) -> list[Document]:
        found = await super()._find_children(match, projection)
        return self._damage.sound(found, projection, self._sound)
