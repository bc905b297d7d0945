"""/healthz: this process answers. /readyz: so does the database, and it has its indexes."""

import asyncio
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from store.errors import StoreError
from store.reading.store import Store

_KEPT_S = 1.0  # probes, and anybody else, cost the database at most this often
_WITHIN_S = 3.0


class Readiness:
    """Whether the store can serve; asked at most once a second."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asking = asyncio.Lock()
        self._asked = float("-inf")
        self._problem: str | None = None

    async def problem(self) -> str | None:
        """Give what is in the way, or None."""
        async with self._asking:
            if time.monotonic() - self._asked >= _KEPT_S:
                self._problem = await self._ask()
                self._asked = time.monotonic()
            return self._problem

    async def _ask(self) -> str | None:
        try:
            async with asyncio.timeout(_WITHIN_S):
                missing = await self._store.missing_indexes()
        except (StoreError, TimeoutError):
            return "The database does not answer."
        if missing:
            return "Nothing was loaded yet: run newsgraph load. Missing: " + ", ".join(missing)
        return None


def health_routes(store: Store) -> list[Route]:
    """Give the two routes."""
    readiness = Readiness(store)

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers={"cache-control": "no-store"})

    async def readyz(_: Request) -> Response:
        problem = await readiness.problem()
        body = {"status": "ready"} if problem is None else {"status": "waiting", "why": problem}
        status = 200 if problem is None else 503
        return JSONResponse(body, status, {"cache-control": "no-store"})

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
