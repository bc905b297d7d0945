"""The guard, as an extension of a Strawberry schema."""

from collections.abc import Callable, Iterator
from typing import Protocol

from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from schema.limits.guard import CheckedQuery, QueryGuard
from schema.limits.limits import Limits


class CheckedContext(Protocol):
    """What a request's `context_value` needs to receive what the guard found out."""

    checked_query: CheckedQuery | None
    """Set before the query is executed or refused."""


class LimitsExtension(SchemaExtension):
    """Parses, prices and validates one request's query, all in Strawberry's first hook.

    Strawberry then finds a document and a list of errors, and skips its own parsing and
    validation. A second hook would cost every request more than the guard does.
    """

    def __init__(self, guard_of: Callable[[ExecutionContext], QueryGuard]) -> None:
        self._guard_of = guard_of

    def on_parse(self) -> Iterator[None]:
        """Check the query. Raises the GraphQLError of one that is refused before validation."""
        execution = self.execution_context
        if execution.query:
            # The name is the one that the request gave, as there is no document yet.
            checked = self._guard_of(execution).check(
                execution.query, execution.operation_name, execution.variables or {}
            )
            # Other schemas may have a context without it, such as Strawberry's default, a dict.
            if hasattr(execution.context, "checked_query"):
                execution.context.checked_query = checked
            if checked.node is None:
                raise checked.errors[0]
            execution.graphql_document = checked.node
            execution.pre_execution_errors = checked.errors
        yield


def limits_extension(limits: Limits) -> Callable[[], LimitsExtension]:
    """Return the entry of a schema's `extensions`; each request gets an extension of its own."""
    guard: QueryGuard | None = None

    def guard_of(execution: ExecutionContext) -> QueryGuard:
        nonlocal guard
        if guard is None:  # the schema is made after this entry of its extensions
            guard = QueryGuard(execution.schema._schema, limits, rules=execution.validation_rules)
        return guard

    return lambda: LimitsExtension(guard_of)
