"""/healthz: this process responds. /readyz: so does the database, and it has its indexes."""

import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.observability.middleware import NOTES
from api.throttled import Clock, Throttled
from store.errors import Outdated, Refused

# Anybody may call /readyz: the database is asked at most this often, from the start of one
# successful read to the start of the next.
_EVERY_S = 1.0
_WITHIN_S = 3.0
_HEADERS = {"cache-control": "no-store"}


def health_routes(
    check_documents: Callable[[], Awaitable[None]],
    read_missing_indexes: Callable[[], Awaitable[list[str]]],
    clock: Clock = time.monotonic,
    search_problem: Callable[[], str | None] = lambda: None,
) -> list[Route]:
    """Return the routes for liveness and readiness probes.

    `check_documents` raises Outdated if the documents are those of an older version.
    `search_problem` returns why searches are refused. All else works meanwhile, so the server is
    ready.
    """

    async def read() -> list[str]:
        await check_documents()
        return await read_missing_indexes()

    missing_indexes = Throttled(read, every_s=_EVERY_S, within_s=_WITHIN_S, clock=clock)

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_HEADERS)

    async def readyz(request: Request) -> Response:
        problem = _problem(await missing_indexes.get(), missing_indexes.failure)
        if problem is None:
            search = search_problem()
            body = {"status": "ready", **({"search": search} if search else {})}
            return JSONResponse(body, headers=_HEADERS)
        request.scope.get(NOTES, {})["why"] = problem
        return JSONResponse({"status": "waiting", "why": problem}, 503, _HEADERS)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def _problem(missing_indexes: list[str] | None, failure: Exception | None) -> str | None:
    if isinstance(failure, Refused | Outdated):
        return str(failure)
    if missing_indexes is None:
        return "The database does not respond."
    if missing_indexes:  # `newsgraph status` names them
        return "Nothing is loaded yet, or an index is missing; run `newsgraph load PATH`."
    return None
