"""Trusted documents: those that the operator knows, and what becomes of all others."""

import logging
from collections.abc import Iterable
from typing import Final

from cachetools import LRUCache

from api.documents.document import Document
from api.documents.folder import BadDocuments, read_documents
from api.graphql.refusal import Refusal
from api.setting_types import DocumentsMode
from api.settings import PREFIX, Settings, SettingsError
from schema.errors import ErrorCode

log = logging.getLogger("newsgraph.documents")

_MAX_LOGGED: Final = 1_000
"""Queries that are remembered as logged."""

_SHOWN: Final = 200
"""Characters of a query that the log shows."""


class TrustedDocuments:
    """The documents that one server knows."""

    def __init__(
        self, documents: Iterable[Document] = (), mode: DocumentsMode = DocumentsMode.OFF
    ) -> None:
        self.documents = list(documents)
        self._mode = mode
        self._by_id = {id_: one.text for one in self.documents for id_ in one.ids}
        # Editors end files with a line break that clients do not send.
        self._texts = frozenset(text.strip() for text in self._by_id.values())
        self._logged: LRUCache[int, None] = LRUCache(_MAX_LOGGED)

    @property
    def only(self) -> bool:
        """Whether all other queries are refused."""
        return self._mode is DocumentsMode.ONLY

    def find(self, id_: str) -> str | None:
        """Return the text of the document with an id, or None."""
        return self._by_id.get(id_)

    def admit(self, query: str, operation_name: str | None, *, has_token: bool) -> None:
        """Refuse or log a query that is none of the documents, as the mode says.

        Callers with a token are known: theirs are served in every mode. Raises Refusal.
        """
        if self._mode is DocumentsMode.OFF or has_token or query.strip() in self._texts:
            return
        if self.only:
            raise not_trusted()
        if hash(query) not in self._logged:
            self._logged[hash(query)] = None
            shown = " ".join(query[: 2 * _SHOWN].split())[:_SHOWN]
            name = {"operation": operation_name} if operation_name else {}
            log.warning("This query is not a trusted document: %s", shown, extra=name)


def not_trusted() -> Refusal:
    """Return the refusal of a query that is none of the documents."""
    message = "This server executes only the trusted documents of its own apps, and this is none."
    return Refusal(400, message, ErrorCode.DOCUMENT_NOT_TRUSTED)


def trusted_documents(settings: Settings) -> TrustedDocuments:
    """Return the documents of a server with these settings. Raises SettingsError."""
    mode = settings.documents_mode
    if settings.documents is None:
        if mode is not DocumentsMode.OFF:
            raise SettingsError(
                f"{PREFIX}DOCUMENTS_MODE is {mode.value}, but there are no documents: set "
                f"{PREFIX}DOCUMENTS to their folder."
            )
        return TrustedDocuments()
    try:
        return TrustedDocuments(read_documents(settings.documents), mode)
    except BadDocuments as error:
        raise SettingsError(str(error)) from None
