"""The schema of the moment: it changes when a load changes the site fields of the corpus."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

import strawberry

from store.reading.store import SiteState
from store.site_fields import SiteFields

log = logging.getLogger("newsgraph.schema")


class Schemas(Protocol):
    """Where the endpoint finds its schema."""

    @property
    def current(self) -> strawberry.Schema:
        """The schema for requests that begin now."""

    @property
    def sdl(self) -> str:
        """It as text."""

    @property
    def is_known(self) -> bool:
        """Whether it is that of the corpus: the corpus has been read."""


class FixedSchema:
    """A schema that never changes."""

    is_known = True

    def __init__(self, schema: strawberry.Schema) -> None:
        self.current = schema
        self.sdl = schema.as_str()


class SiteSchemas:
    """Makes the schema of the corpus's site fields, and a new one when these have changed.

    The corpus version is read through it, so a response is never cached for a version whose schema
    it was not made with.
    """

    def __init__(
        self,
        make: Callable[[SiteFields], strawberry.Schema],
        read_versions: Callable[[], Awaitable[tuple[int, int]]],
        read_site: Callable[[], Awaitable[SiteState]],
        on_known: Callable[[strawberry.Schema], None] = lambda _: None,
    ) -> None:
        """Make the schema without site fields.

        `on_known` is called with the schema when the corpus was read, and with each one after it.
        """
        self._make = make
        self._read_versions = read_versions
        self._read_site = read_site
        self._on_known = on_known
        self._fields: SiteFields = ()
        self._site_version: int | None = None
        self._changing: asyncio.Task[None] | None = None
        self.current, self.sdl = self._make_ready(())

    @property
    def is_known(self) -> bool:
        """Whether the corpus has been read."""
        return self._site_version is not None

    async def version(self) -> int:
        """Return the corpus version, once `current` is its schema. Raises StoreError."""
        version, site_version = await self._read_versions()
        if site_version != self._site_version:
            if self._changing is None:
                self._changing = asyncio.create_task(self._change())
            # A reader that has no more time must not cancel what the next one needs too.
            await asyncio.shield(self._changing)
        return version

    async def _change(self) -> None:
        try:
            site = await self._read_site()
            is_new = site.fields != self._fields
            if is_new:
                # In a thread: it takes tens of milliseconds, for which no request should wait.
                made = await asyncio.to_thread(self._make_ready, site.fields)
                (self.current, self.sdl), self._fields = made, site.fields
                log.info("The schema has %d site fields now", len(site.fields))
            if is_new or not self.is_known:
                self._on_known(self.current)
            self._site_version = site.version
        finally:
            self._changing = None

    def _make_ready(self, fields: SiteFields) -> tuple[strawberry.Schema, str]:
        schema = self._make(fields)
        schema.execute_sync("{ __typename }")  # makes what the first query would wait for
        return schema, schema.as_str()
