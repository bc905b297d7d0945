"""The corpus's document: its version, and the site fields of its roots."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from store.documents import CORPUS_ID
from store.site_documents import document_of, fields_by_root
from store.site_fields import SiteFields

_ID = {"_id": CORPUS_ID}


class CorpusWriter:
    """Writes the document of the `meta` collection that readers watch."""

    def __init__(self, meta: Collection[Any]) -> None:
        self._meta = meta

    def version(self) -> int:
        """Return the version; it is 0 before the first load."""
        found = self._meta.find_one(_ID, {"version": 1}) or {}
        return int(found.get("version", 0))

    def sites(self) -> dict[str, SiteFields]:
        """Return the site fields of each root that has some."""
        found = self._meta.find_one(_ID, {"sites": 1}) or {}
        return fields_by_root(found.get("sites", ()))

    def raise_version(self, version: int, sites: Mapping[str, SiteFields]) -> bool:
        """Raise the version by one to `version`, and replace the site fields of some roots.

        Both are one write. Return whether the version was raised: it is not if another load has
        raised it meanwhile.
        """
        update = {"version": version, "updatedDateTime": datetime.now(UTC)}
        if sites:
            update |= {"siteVersion": version, "sites": _with(sites)}
        try:
            done = self._meta.update_one(
                _ID | {"version": version - 1}, [{"$set": update}], upsert=version == 1
            )
        except DuplicateKeyError:
            return False
        return bool(done.matched_count or done.upserted_id)


def _with(sites: Mapping[str, SiteFields]) -> dict[str, object]:
    """Return the expression for the stored sites with those of some roots replaced."""
    others = {
        "input": {"$ifNull": ["$sites", []]},
        "cond": {"$not": [{"$in": ["$$this.root", [*sites]]}]},
    }
    added = [document_of(root, fields) for root, fields in sites.items() if fields]
    return {"$concatArrays": [{"$filter": others}, {"$literal": added}]}
