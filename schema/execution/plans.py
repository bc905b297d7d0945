"""The plans that are kept: the most recently used operations of each schema."""

from typing import Any

from graphql.execution import Executor

from schema.execution.plan import OperationPlan, branch_variables
from schema.execution.recent import Recent

KEPT = "breadth-first plans"  # in the schema's extensions
OPERATIONS = 512
BRANCHES = 16  # for each operation: 2 to the number of variables would be too many


class PlannedOperation:
    """An operation's plans, one for each way its @skip and @include can turn out."""

    def __init__(self, executor: Executor[Any]) -> None:
        # Kept so that no other operation gets its id, which is what plans are found by.
        self.operation = executor.operation
        self.branch_variables = branch_variables(
            executor.operation, executor.fragment_definitions.values()
        )
        self.plans: Recent[tuple[Any, ...], OperationPlan] = Recent(BRANCHES)


def plan_of(executor: Executor[Any]) -> OperationPlan:
    """Find the plan of an executor's operation, or make it.

    Operations are told apart by identity: a parsed document that is used again has its plans
    ready, while an equal one that was parsed anew is planned anew.
    """
    # Kept by the schema that they point into, so that they go when it goes.
    operations: Recent[int, PlannedOperation] | None = executor.schema.extensions.get(KEPT)
    if operations is None:
        operations = executor.schema.extensions[KEPT] = Recent(OPERATIONS)
    planned = operations.use(id(executor.operation))
    if planned is None:
        planned = PlannedOperation(executor)
        operations.keep(id(executor.operation), planned)
    given = executor.variable_values.coerced
    branches = {name: given[name] for name in planned.branch_variables if name in given}
    key = tuple(branches.items())
    plan = planned.plans.use(key)
    if plan is None:
        plan = OperationPlan(executor, branches)
        planned.plans.keep(key, plan)
    return plan
