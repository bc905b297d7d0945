"""The executor to plug into a Strawberry schema, as its `execution_context_class`."""

import logging
from typing import Any

from graphql import ExecutionResult, OperationType
from graphql.execution import Executor, ExperimentalIncrementalExecutionResults
from graphql.pyutils import AwaitableOrValue

from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.planner import plan_of
from schema.execution.run import QueryRun

log = logging.getLogger("newsgraph.execution")

_LOGGED = "reasons for graphql-core's executor that were logged"  # in the schema's extensions


class BreadthFirstExecutor(DepthFirstExecutor):
    """Executes queries level by level, and leaves to graphql-core what it does not support."""

    def execute_operation(
        self, serially: bool | None = None
    ) -> AwaitableOrValue[ExecutionResult | ExperimentalIncrementalExecutionResults]:
        """Execute the operation that this executor was built for."""
        reason = unsupported(self)
        if reason:
            self._log_once(reason)
            return super().execute_operation(serially)
        try:
            run = QueryRun(self, plan_of(self))
        except RecursionError:  # a long chain of fragments: graphql-core has the error for it
            return super().execute_operation(serially)
        return run.execute()

    def _log_once(self, reason: str) -> None:
        """Log a reason once for each schema: slow execution should not go unnoticed."""
        logged: set[str] = self.schema.extensions.setdefault(_LOGGED, set())
        if reason not in logged:
            logged.add(reason)
            log.info("graphql-core's slower executor runs operations where %s.", reason)


def unsupported(executor: Executor[Any]) -> str | None:
    """Return why graphql-core must execute this operation, or None: the one rule for it."""
    schema = executor.schema
    middleware = executor.middleware_manager
    if executor.operation.operation is not OperationType.QUERY:
        return "the operation is not a query"
    if schema.query_type is None:
        return "the schema has no queries"
    if middleware is not None and middleware.middlewares:
        return "an extension or middleware hooks into each field"
    if schema.get_directive("defer") or schema.get_directive("stream"):
        return "the schema has @defer or @stream"
    if not executor.error_propagation:
        return "error propagation is turned off"
    if any(fragment.variable_signatures for fragment in executor.fragments.values()):
        return "a fragment declares variables"
    if executor.abort_signal is not None or executor.hooks is not None:
        return "an abort signal or execution hooks are set"
    return None
