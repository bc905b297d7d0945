"""The executor to plug into a Strawberry schema, as its `execution_context_class`."""

from typing import Any

from graphql import ExecutionResult, OperationType
from graphql.execution import ExperimentalIncrementalExecutionResults
from graphql.pyutils import AwaitableOrValue

from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.execution import Execution
from schema.execution.plans import plan_of


class BreadthFirstExecutor(DepthFirstExecutor):
    """Executes queries level by level, and leaves to graphql-core what it does not support."""

    def execute_operation(
        self, serially: bool | None = None
    ) -> AwaitableOrValue[ExecutionResult | ExperimentalIncrementalExecutionResults]:
        """Execute the operation that this executor was built for."""
        if unsupported(self) is not None:
            return super().execute_operation(serially)
        try:
            execution = Execution(self, plan_of(self))
        except RecursionError:  # a chain of too many fragments: graphql-core words the error
            return super().execute_operation(serially)
        return execution.run()


def unsupported(executor: DepthFirstExecutor) -> str | None:
    """Say why graphql-core must execute this operation, or None: the one place that decides."""
    schema: Any = executor.schema
    middleware = executor.middleware_manager
    if executor.operation.operation is not OperationType.QUERY:
        return "only queries may resolve their fields in any order"
    if schema.query_type is None:
        return "graphql-core words the error for a schema without queries"
    if middleware is not None and middleware.middlewares:
        return "an extension or middleware wants to see each field of each object resolved"
    if schema.get_directive("defer") or schema.get_directive("stream"):
        return "incremental delivery has an order of its own"
    if not executor.error_propagation:
        return "the operation turns error propagation off"
    if any(fragment.variable_signatures for fragment in executor.fragments.values()):
        return "fragments with variables of their own are experimental"
    if executor.abort_signal is not None or executor.hooks is not None:
        return "abort signals and execution hooks are graphql-core's own"
    return None
