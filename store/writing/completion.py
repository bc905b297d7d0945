"""What completes writes of items: the derived documents, the change feed, and the corpus version.

A load does this at its end. Any other writer of items does the same: it names what it will change
in an intent, writes, and completes.

    intent = Intents(database["intents"]).start()
    intent.add(effects)
    …  # the writes, each of which can be repeated
    intent.finish()
    Completion(database).complete()

If it is killed in between, the next completion, of whatever writer, completes its writes too.
"""

from collections.abc import Mapping
from typing import Any

from pymongo.database import Database

from store.site_fields import SiteFields
from store.writing.changes import ChangeWriter
from store.writing.corpus import CorpusWriter
from store.writing.intents import Intents, uncounted
from store.writing.taxonomies import TaxonomyWriter


class Completion:
    """Completes the writes of all intents, those of other writers too."""

    def __init__(self, database: Database[Any]) -> None:
        self._intents = Intents(database["intents"])
        self._taxonomies = TaxonomyWriter(database)
        self._changes = ChangeWriter(database)
        self._corpus = CorpusWriter(database["meta"])

    def complete(
        self, *, changed: bool = False, sites: Mapping[str, SiteFields] | None = None
    ) -> None:
        """Recompute the providers, topics and authors, then raise the corpus version by one.

        The version rises if an intent names writes that no version counts, if the caller has
        `changed` something else, or if there are `sites`: new site fields of roots. Can be
        repeated. Raises PyMongo's errors.
        """
        pending = self._intents.pending()
        self._taxonomies.recompute({id_ for intent in pending for id_ in intent["touched"]})
        written = [intent["_id"] for intent in uncounted(pending)]
        if written or changed or sites:
            self._raise_version(written, sites or {})
        self._intents.clear(counted=pending)

    def _raise_version(self, written: list[str], sites: Mapping[str, SiteFields]) -> None:
        """Raise the version once its changes are in the feed; repeat if another load is faster."""
        raised = False
        while not raised:
            version = self._corpus.version() + 1
            self._changes.record(version, written)
            raised = self._corpus.raise_version(version, sites)
        self._changes.trim()
