"""The guard inside a Strawberry schema."""

import inspect
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final, NoReturn, Protocol

import graphql
import strawberry
from graphql import GraphQLError, specified_rules
from graphql.pyutils import AwaitableOrValue
from strawberry.exceptions import MissingQueryError
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.utils.operation import get_operation_type
from typing_extensions import override

from schema.limits.guard import CheckedQuery, QueryGuard
from schema.limits.limits import Limits

_ALL: Final = tuple(OperationType)
_NO_RESULT: Final = (MissingQueryError, InvalidOperationTypeError)


class CheckedContext(Protocol):
    """What a request's `context_value` needs to receive what the guard found out."""

    checked_query: CheckedQuery | None
    """Set before the query is executed or refused."""


class GuardedSchema(strawberry.Schema):
    """A schema that executes only what its guard has parsed, priced and validated.

    It takes no extensions of Strawberry's, which has a runner for their hooks: without any of them,
    that alone takes a tenth of the CPU time of a light query.
    """

    def __init__(
        self,
        *args: Any,
        limits: Limits,
        rules: tuple[type, ...] = tuple(specified_rules),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if self.extensions or self.directives:
            raise TypeError("A GuardedSchema takes no extensions and no directives of operations.")
        self._limits = limits
        self._rules = rules

    @cached_property
    def guard(self) -> QueryGuard:
        """Checks the queries; made for the first of them, as not all schemas execute any."""
        return QueryGuard(self._schema, self._limits, rules=self._rules)

    @override
    async def execute(self, *args: Any, **options: Any) -> ExecutionResult:
        """Check and execute an operation, with the arguments of Strawberry's method.

        Raises MissingQueryError, and InvalidOperationTypeError.
        """
        try:
            result = self._execute(*args, **options)
            if inspect.isawaitable(result):
                result = await result
        except _NO_RESULT:
            raise
        except Exception as error:
            return _failure(error)
        return ExecutionResult(result.data, result.errors)

    @override
    def execute_sync(self, *args: Any, **options: Any) -> ExecutionResult:
        """Check and execute an operation without async resolvers; otherwise as `execute`."""
        try:
            result = self._execute(*args, **options, sync=True)
            if not isinstance(result, graphql.ExecutionResult):
                raise TypeError("This operation has async resolvers.")
        except _NO_RESULT:
            raise
        except Exception as error:
            return _failure(error)
        return ExecutionResult(result.data, result.errors)

    @override
    async def subscribe(self, *args: Any, **options: Any) -> NoReturn:
        """Refuse: Strawberry's method does not know the guard."""
        raise NotImplementedError

    def _execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
        *,
        sync: bool = False,
    ) -> AwaitableOrValue[graphql.ExecutionResult]:
        if not query:
            raise MissingQueryError
        checked = self.guard.check(query, operation_name, variable_values or {})
        # A context may be of any type, such as Strawberry's default, a dict.
        if hasattr(context_value, "checked_query"):
            context_value.checked_query = checked
        if checked.node is None:
            return graphql.ExecutionResult(None, checked.errors)
        kind = get_operation_type(checked.node, operation_name)
        if kind not in (allowed_operation_types or _ALL):
            raise InvalidOperationTypeError(kind)
        if checked.errors:
            return graphql.ExecutionResult(None, checked.errors)
        return graphql.execute(
            self._schema,
            checked.node,
            root_value,
            context_value,
            variable_values,
            operation_name,
            executor_class=self.execution_context_class,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # as Strawberry does
            **self._get_custom_context_kwargs(operation_extensions, sync=sync),
        )


def _failure(error: Exception) -> ExecutionResult:
    if not isinstance(error, GraphQLError):
        error = GraphQLError(str(error), original_error=error)
    return ExecutionResult(None, [error])
