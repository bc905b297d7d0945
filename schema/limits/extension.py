"""The gate, as an extension of a Strawberry schema."""

from collections.abc import Callable, Iterator
from typing import Any

from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from schema.limits.cost import DocumentCost
from schema.limits.guard import QueryGuard
from schema.limits.limits import Limits


class LimitsExtension(SchemaExtension):
    """Parses, prices and validates one request's document, all in Strawberry's first hook.

    Strawberry then finds a document and a list of errors, and does neither of its own: a hook
    more would cost every request more than the gate does. The price of an accepted query is in
    `extensions.cost` if the context's `report_cost` is true.
    """

    def __init__(self, gate_of: Callable[[ExecutionContext], QueryGuard]) -> None:
        self._gate_of = gate_of
        self._limits: Limits | None = None
        self._cost: DocumentCost | None = None

    def on_parse(self) -> Iterator[None]:
        """Admit the document. Raises the GraphQLError of one that is refused."""
        execution = self.execution_context
        if execution.query:
            gate = self._gate_of(execution)
            # The name is the one that the request gave, as there is no document yet.
            admission = gate.check(
                execution.query, execution.operation_name, execution.variables or {}
            )
            execution.graphql_document = admission.node
            execution.pre_execution_errors = admission.errors
            if not admission.errors:
                self._limits, self._cost = gate.limits, admission.cost
        yield

    def get_results(self) -> dict[str, Any]:
        """Give what goes into the response's extensions."""
        cost, limits = self._cost, self._limits
        if not cost or not limits or not getattr(self.execution_context.context, "report_cost", 0):
            return {}
        report = {"requested": cost.cost, "limit": limits.max_cost, "depth": cost.depth}
        return {"cost": report}


def limits_extension(limits: Limits) -> Callable[[], LimitsExtension]:
    """Make the entry of one schema's `extensions`; each request gets an extension of its own."""
    gate: QueryGuard | None = None

    def gate_of(execution: ExecutionContext) -> QueryGuard:
        nonlocal gate
        if gate is None:  # the schema was made after this entry of its extensions
            gate = QueryGuard(execution.schema._schema, limits, rules=execution.validation_rules)
        return gate

    return lambda: LimitsExtension(gate_of)
