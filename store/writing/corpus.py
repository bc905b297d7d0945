"""The corpus's document: its version, and the site fields of its roots."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo.collection import Collection

from store.site_documents import document_of, fields_by_root
from store.site_fields import SiteFields

_ID = {"_id": "corpus"}


class CorpusWriter:
    """Writes the document of the `meta` collection that readers watch."""

    def __init__(self, meta: Collection[Any]) -> None:
        self._meta = meta

    def sites(self) -> dict[str, SiteFields]:
        """Return the site fields of each root that has some."""
        found = self._meta.find_one(_ID, {"sites": 1}) or {}
        return fields_by_root(found.get("sites", ()))

    def raise_version(self, sites: Mapping[str, SiteFields]) -> None:
        """Raise the version by one, and replace the site fields of some roots in the same write."""
        now = datetime.now(UTC)
        if not sites:
            update = {"$inc": {"version": 1}, "$set": {"updatedDateTime": now}}
            self._meta.update_one(_ID, update, upsert=True)
            return
        others = {
            "input": {"$ifNull": ["$sites", []]},
            "cond": {"$not": [{"$in": ["$$this.root", [*sites]]}]},
        }
        added = [document_of(root, fields) for root, fields in sites.items() if fields]
        version = {"$add": [{"$ifNull": ["$version", 0]}, 1]}
        self._meta.update_one(
            _ID,
            [
                {
                    "$set": {
                        "version": version,
                        "siteVersion": version,
                        "updatedDateTime": now,
                        "sites": {"$concatArrays": [{"$filter": others}, {"$literal": added}]},
                    }
                }
            ],
            upsert=True,
        )
