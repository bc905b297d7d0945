"""The schema of the moment: it changes when a load changes the site fields of the corpus."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import strawberry

from store.errors import StoreError
from store.reading.corpus_watch import CorpusVersion
from store.reading.store import SiteState
from store.site_fields import SiteFields

log = logging.getLogger("newsgraph.schema")

_RETRY_S = 0.25
# Until there is a schema for a new version, and not longer, responses come from the cache for the
# version before: or all requests would be executed at once, and the schema would be late.
_ADOPT_WITHIN_S = 0.5
# Longer than this, a server that starts does not wait for the corpus.
_FIRST_WITHIN_S = 0.5


class Schemas(Protocol):
    """Where the endpoint finds its schema, and the version of the corpus that it is for."""

    @property
    def current(self) -> strawberry.Schema:
        """The schema for requests that begin now."""

    @property
    def sdl(self) -> str:
        """It as text."""

    @property
    def is_known(self) -> bool:
        """Whether it is that of the corpus: the corpus has been read."""

    def version(self) -> int | None:
        """Return the corpus version; None if it is not known, or `current` is not its schema."""

    async def turned(self) -> None:
        """Wait for the next version. What must not miss any looks at `version`, too."""


class FixedSchema:
    """A schema that never changes."""

    is_known = True

    def __init__(self, schema: strawberry.Schema, version: Callable[[], int | None]) -> None:
        self.current = schema
        self.sdl = schema.as_str()
        self.version = version

    async def turned(self) -> None:
        """Wait for ever: nobody says when `version` changes."""
        await asyncio.get_running_loop().create_future()


class Watch(Protocol):
    """What is asked of `CorpusWatch`."""

    @property
    def current(self) -> CorpusVersion | None: ...
    async def after(self, known: CorpusVersion | None) -> CorpusVersion: ...


class SiteStore(Protocol):
    """What is asked of `Store`."""

    async def prepare(self, version: int) -> None: ...
    async def site(self) -> SiteState: ...


class SiteSchemas:
    """Makes the schema of the corpus's site fields, and a new one when these have changed.

    The corpus version is read through it, so a response is never cached for a version whose schema
    it was not made with.
    """

    def __init__(
        self,
        make: Callable[[SiteFields], strawberry.Schema],
        watch: Watch,
        store: SiteStore,
        on_known: Callable[[strawberry.Schema], None] = lambda _: None,
    ) -> None:
        """Make the schema without site fields.

        `on_known` is called with the schema when the corpus was read, and with each one after it.
        """
        self._make = make
        self._watch = watch
        self._store = store
        self._on_known = on_known
        self._fields: SiteFields = ()
        self._site_version: int | None = None
        self._adopted: CorpusVersion | None = None
        self._first = asyncio.Event()
        self._turned = asyncio.Event()  # a new one for each version
        self.current, self.sdl = self._make_ready(())

    @property
    def is_known(self) -> bool:
        """Whether the corpus has been read."""
        return self._site_version is not None

    def version(self) -> int | None:
        """Return the corpus version; None if it is not known, or `current` is not its schema.

        For a moment, it is the version before.
        """
        return self._adopted.version if self._adopted and self._watch.current else None

    async def turned(self) -> None:
        """Wait for the next version."""
        await self._turned.wait()

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Follow the corpus for the duration of the context, which begins with its schema.

        If the corpus cannot be read, it begins without it.
        """
        task = asyncio.create_task(self._follow())
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_WITHIN_S):
                await self._first.wait()
        try:
            yield
        finally:
            task.cancel()

    async def _follow(self) -> None:
        loop = asyncio.get_running_loop()
        known = None
        while True:
            known = await self._watch.after(known)
            late = loop.call_later(_ADOPT_WITHIN_S, self._forget)
            while not await self._prepare_for(known):
                await asyncio.sleep(_RETRY_S)
                known = await self._watch.after(None)
            late.cancel()
            self._adopted = known
            self._first.set()
            self._turned.set()
            self._turned = asyncio.Event()

    def _forget(self) -> None:
        self._adopted = None

    async def _prepare_for(self, known: CorpusVersion) -> bool:
        """Prepare for a version; return whether that was possible."""
        try:
            await self._store.prepare(known.version)
            if known.site != self._site_version:
                await self._change()
        except StoreError:
            return False  # the requests that it concerns report it
        except Exception:
            log.exception("The schema of the corpus cannot be made; trying again")
            return False
        return known.site == self._site_version  # or it has changed once more

    async def _change(self) -> None:
        site = await self._store.site()
        is_new = site.fields != self._fields
        if is_new:
            # In a thread: it takes tens of milliseconds, for which no request should wait.
            made = await asyncio.to_thread(self._make_ready, site.fields)
            (self.current, self.sdl), self._fields = made, site.fields
            log.info("The schema has %d site fields now", len(site.fields))
        if is_new or not self.is_known:
            self._on_known(self.current)
        self._site_version = site.version

    def _make_ready(self, fields: SiteFields) -> tuple[strawberry.Schema, str]:
        schema = self._make(fields)
        schema.execute_sync("{ __typename }")  # makes what the first query would wait for
        return schema, schema.as_str()
