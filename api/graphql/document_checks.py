"""Checks the trusted documents whenever the schema changes, while requests are served."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Final

import strawberry

from api.documents.checking import problems_in
from api.documents.document import Document

log = logging.getLogger("newsgraph.documents")

MAX_LOGGED: Final = 20
"""Problems of one check that are logged."""

_REST: Final = 4
"""Times that a document's check took, until the next begins: a fifth of a worker's time."""


class DocumentChecks:
    """The latest check. A document that the schema refuses is logged; it is not forgotten."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._running: asyncio.Task[None] | None = None

    def start(self, schema: strawberry.Schema) -> None:
        """Begin to check all documents on a schema, in place of a check that still runs."""
        if self._running is not None:
            self._running.cancel()
        if self._documents:
            self._running = asyncio.create_task(self._check(schema))

    async def _check(self, schema: strawberry.Schema) -> None:
        problems: list[str] = []
        for document in self._documents:
            began = time.perf_counter()
            problems += await asyncio.to_thread(problems_in, document, schema._schema)
            await asyncio.sleep(_REST * (time.perf_counter() - began))
        for problem in problems[:MAX_LOGGED]:
            log.warning("The schema refuses a trusted document: %s", problem)
        if len(problems) > MAX_LOGGED:
            log.warning("… and %d more such problems", len(problems) - MAX_LOGGED)
        number = len(self._documents)
        log.info("Checked %d trusted documents on the schema", number)
