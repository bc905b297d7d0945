"""From an HTTP request to the encoded result of its operation: what responses and streams share."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request

from api.graphql.authentication import Authenticator
from api.graphql.budgets import Budgets
from api.graphql.cache import ResponseCache, cache_key
from api.graphql.concurrency import ConcurrencyLimit
from api.graphql.execution import ServedContext, execute
from api.graphql.headers import Headers
from api.graphql.origins import Origins
from api.graphql.own_origin import OwnOrigin
from api.graphql.pacing import Pacing
from api.graphql.persisted import PersistedQueries
from api.graphql.places import Places
from api.graphql.refusal import Refusal
from api.graphql.request import GraphQLRequest, read_request
from api.graphql.response import EncodedResult
from api.graphql.schemas import Schemas
from api.graphql.trusted import TrustedDocuments
from api.observability import metrics
from api.observability.middleware import NOTES
from schema.errors import ErrorCode
from store.audience import Audience

_SHOWN = 100  # characters of a client's id in the log


def no_edition(_: Audience) -> str:
    """Return the edition of a server without a search index."""
    return ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that a caller may ask for, whatever it may turn out to be."""

    query: str
    parameters: GraphQLRequest
    audience: Audience
    origin: str | None
    """The origin that the caller addressed: addresses in the result may begin with it."""
    is_safe: bool
    """Whether the HTTP method is (RFC 9110, section 9.2.1)."""

    def key(self, edition: str = "") -> bytes | None:
        """Return what all its results have in common; None if its variables have no such form.

        `edition` is that of the search index that a result may be made from.
        """
        parameters = self.parameters
        return cache_key(
            self.audience,
            self.origin,
            self.query,
            parameters.operation_name,
            parameters.variables,
            parameters.wants_cost,
            edition,
        )


@dataclass(frozen=True, kw_only=True)
class Operations:
    """Admits operations and executes them, on one schema, whose extensions include the limits."""

    schemas: Schemas
    context: Callable[[Audience, str | None], ServedContext]
    """Makes the resolvers' context, of the audience and the origin that the caller addressed."""
    authenticator: Authenticator
    cache: ResponseCache
    max_body: int
    """Bytes of a request's body."""
    timeout_s: float
    """Seconds for reading a request's body, and again for executing its operation."""
    edition: Callable[[Audience], str] = no_edition
    """Returns the edition of the search index that an audience's responses are made from."""
    own_origin: OwnOrigin = field(default_factory=lambda: OwnOrigin(()))
    origins: Origins = field(default_factory=Origins)
    budgets: Budgets | None = None
    """What each caller may ask for in a minute; None: as much as it likes."""
    concurrency: ConcurrencyLimit = field(default_factory=ConcurrencyLimit)
    pacing: Pacing = field(default_factory=Pacing)
    places: Places = field(default_factory=Places)
    persisted: PersistedQueries = field(default_factory=PersistedQueries)
    trusted: TrustedDocuments = field(default_factory=TrustedDocuments)
    names: metrics.OperationNames = field(default_factory=metrics.OperationNames)

    async def read(self, request: Request, headers: Headers, audience: Audience) -> Operation:
        """Read the operation that a request of this audience asks for. Raises Refusal."""
        parameters = await read_request(
            request, headers, max_body=self.max_body, timeout_s=self.timeout_s
        )
        query = self.persisted.query_of(parameters)
        self.trusted.admit(query, parameters.operation_name, has_token="authorization" in headers)
        origin = self.own_origin.of(headers, request.scope["scheme"])
        return Operation(query, parameters, audience, origin, is_safe=request.method != "POST")

    async def answer(self, operation: Operation) -> tuple[EncodedResult, bool | None]:
        """Return an operation's result, and whether it was kept; None without a cache.

        Its internal errors have a place for the request's id. Raises Refusal.
        """
        version = self.cache.version()
        result, hit = await self.cache.get_or_make(
            operation.key(self.edition(operation.audience)),
            version,
            lambda: execute(
                self.schemas.current,
                operation.query,
                operation.parameters,
                self.context(operation.audience, operation.origin),
                self.pacing,
                self.places,
                is_safe=operation.is_safe,
                timeout_s=self.timeout_s,
            ),
        )
        if result.codes and not self.schemas.is_known:
            self._refuse_unknown(result)
        if result.has_data:
            self.persisted.remember(operation.parameters)
        return result, None if version is None else hit

    def _refuse_unknown(self, result: EncodedResult) -> None:
        """Refuse a query that is invalid perhaps only because the corpus could not be read yet."""
        if ErrorCode.GRAPHQL_VALIDATION_FAILED in result.codes:
            message = "The schema cannot be read from MongoDB; try again in a few seconds."
            raise Refusal(503, message, ErrorCode.UNAVAILABLE)

    def count(self, result: EncodedResult, *, hit: bool | None, seconds: float) -> str:
        """Record an operation's metrics, and return its label; `hit` is None without a cache."""
        name = self.names.label(result.operation_name, executed=result.has_data)
        metrics.operations(name, result.outcome).inc()
        metrics.operation_seconds(name).observe(seconds)
        if result.cost is not None and not hit:
            metrics.OPERATION_COST.observe(result.cost)
        if hit is not None:
            (metrics.CACHE_HITS if hit else metrics.CACHE_MISSES).inc()
        return name

    def note(
        self,
        request: Request,
        operation: Operation,
        result: EncodedResult,
        name: str,
        *,
        hit: bool | None,
    ) -> None:
        """Add to a request's line in the log what it asked for, and what came of it."""
        notes = request.scope[NOTES]
        notes.update(
            operation=name,
            outcome=result.outcome,
            audience=str(operation.audience),
            cached=bool(hit),
        )
        if operation.parameters.document_id is not None:
            notes["document"] = operation.parameters.document_id[:_SHOWN]
