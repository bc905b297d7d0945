"""Builds the schema from its types, an executor and the limits."""

from functools import partial
from typing import Any, Final, Literal

import strawberry
from graphql import specified_rules
from graphql.validation import NoSchemaIntrospectionCustomRule
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from typing_extensions import override

from schema.damage import without_damage
from schema.errors import public_errors
from schema.execution.budget import WorkLimits
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.executor import BreadthFirstExecutor
from schema.limits.guarded_schema import GuardedSchema
from schema.limits.limits import Limits
from schema.limits.parsing import MAX_ERRORS
from schema.query import Query
from schema.scalars import SCALARS
from schema.site_types import SiteTypes
from schema.subscription import Subscription
from schema.suggestions import fix_suggestions
from store.site_fields import SiteFields

ExecutorName = Literal["breadth-first", "graphql-core"]

_EXECUTORS = {"breadth-first": BreadthFirstExecutor, "graphql-core": DepthFirstExecutor}


DESCRIPTION: Final = (
    "News items, with their providers, topics and authors. Lists are Relay connections: `first` "
    "and `after` page forward, `last` and `before` backward. What is read by itself can be null, "
    "and `errors` then says why. The public sees published items; editors, who send "
    "`Authorization: Bearer TOKEN`, all. A query has a price in objects, which `first` lowers."
)


class PublicSchema(GuardedSchema):
    """A schema whose clients get a code with every error, and no internals."""

    introspection = True
    """Whether clients may learn names of the schema from it."""

    def __init__(self, *args: Any, site_fields: SiteFields, **options: Any) -> None:
        # The types are made while Strawberry's own `__init__` runs.
        self.site_fields = site_fields
        self._site_types = SiteTypes(site_fields)
        super().__init__(*args, **options)
        self._schema.description = DESCRIPTION  # Strawberry takes none

    @override
    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """Return the fields of a type, with those that the site adds to it."""
        own = super().get_fields(type_definition)
        return [*own, *self._site_types.added_to(type_definition.name)]

    @override
    def _get_custom_context_kwargs(
        self, operation_extensions: dict[str, Any] | None = None, *, sync: bool = False
    ) -> dict[str, Any]:
        """Add to the arguments of graphql-core's `execute`: Strawberry passes these on."""
        return {
            **super()._get_custom_context_kwargs(operation_extensions, sync=sync),
            "max_coercion_errors": MAX_ERRORS,
            "hide_suggestions": not self.introspection,
        }

    @override
    async def execute(self, *args: Any, **options: Any) -> ExecutionResult:
        """Execute an operation. Damaged items cost their own places; see `schema.damage`."""
        result = await super().execute(*args, **options)
        if result.errors:
            again = partial(super().execute, *args, **options)
            result = await without_damage(result, again, options.get("context_value"))
            result.errors = public_errors(result.errors or ())
        if warnings := getattr(options.get("context_value"), "warnings", None):
            result.extensions = {**(result.extensions or {}), "warnings": [*warnings]}
        return result

    @override
    def execute_sync(self, *args: Any, **options: Any) -> ExecutionResult:
        """Execute an operation that reads nothing."""
        result = super().execute_sync(*args, **options)
        if result.errors:
            result.errors = public_errors(result.errors)
        return result


def build_schema(
    *,
    executor: ExecutorName = "breadth-first",
    limits: Limits | None = None,
    introspection: bool = True,
    site_fields: SiteFields = (),
) -> strawberry.Schema:
    """Return the schema, with the fields that a site declares.

    A request's `context_value` is a `schema.context.Context`.

    Both executors return the same responses. Without `introspection`, clients cannot query the
    schema itself.
    """
    fix_suggestions()
    limits = limits or Limits()
    rules: tuple[type, ...] = tuple(specified_rules)
    if not introspection:
        rules = (NoSchemaIntrospectionCustomRule, *rules)
    schema = PublicSchema(
        Query,
        subscription=Subscription,
        limits=limits,
        rules=rules,
        execution_context_class=_EXECUTORS[executor].within(
            WorkLimits(limits.max_cost, limits.max_response)
        ),
        config=StrawberryConfig(scalar_map=SCALARS),
        site_fields=site_fields,
    )
    schema.introspection = introspection
    return schema
