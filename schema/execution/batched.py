"""Fields resolved for a whole level of the query at once: parents in, as many results out."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import strawberry
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from schema.execution._compat import raw_info
from schema.execution.depth_first import RequestHelpers

BatchResolver = Callable[..., Awaitable[Sequence[object]] | Sequence[object]]
IdsOf = Callable[[Sequence[Any]], Iterable[str]]


class WrongNumberOfResults(Exception):
    """A batch resolver returned more or fewer results than it has parents."""


class BatchedField(StrawberryField):
    """A field with a batch resolver."""

    batch_resolver: BatchResolver | None = None
    ids_of: IdsOf | None = None
    by_id: bool = False

    def __copy__(self) -> "BatchedField":
        copied = super().__copy__()
        copied.batch_resolver = self.batch_resolver
        copied.ids_of, copied.by_id = self.ids_of, self.by_id
        return copied


def batched(
    *,
    description: str,
    name: str | None = None,
    metadata: Mapping[str, object] | None = None,
    ids_of: IdsOf | None = None,
    by_id: bool = False,
) -> Callable[[BatchResolver], Any]:
    """Declare a field whose resolver serves many parents in one call.

        provider: Provider | None = batched(description="Who published it.")(provider_of)

    The resolver is called as `resolver(parents, info, **arguments)`, may be async, and returns a
    sequence with one result for each parent, in their order. The attribute's annotation is the
    GraphQL type of one result. An Exception among the results is the error of that parent's field;
    a raised one is the error of all. An argument whose default is None has no default in GraphQL,
    and is None when the client leaves it out. Arguments are shared among requests, so a resolver
    must not change them. `metadata` becomes the Strawberry field's.

    `ids_of` returns the `_id` of all objects that the resolver may return for some parents. Those
    of their fields that are `by_id`, whose resolvers read nothing but `_id` of their parents, are
    then resolved at the same time (`early`).
    """

    def declare(resolver: BatchResolver) -> StrawberryField:
        field = BatchedField(
            python_name=None, graphql_name=name, description=description, metadata=metadata
        )
        field.batch_resolver = resolver
        field.ids_of, field.by_id = ids_of, by_id
        return field(_resolver_of_one_parent(resolver))

    return declare


def check_results(
    results: Sequence[object], parents: Sequence[object], field_name: str
) -> Sequence[object]:
    """Return the results of a batch. Raises WrongNumberOfResults."""
    if len(results) == len(parents):
        return results
    message = f"{field_name} got {len(results)} results for {len(parents)} parents."
    raise WrongNumberOfResults(message)


def _resolver_of_one_parent(resolver: BatchResolver) -> Callable[..., Awaitable[object]]:
    """Make the resolver that Strawberry and graphql-core see: it joins the batch of its path."""

    async def resolve(root: object, info: Info, **arguments: object) -> object:
        async def load(parents: list[object]) -> Sequence[object]:
            results = resolver(parents, info, **arguments)
            if inspect.isawaitable(results):
                results = await results
            return check_results(results, parents, info.field_name)

        raw = raw_info(info)
        if isinstance(raw.async_helpers, RequestHelpers):
            return await raw.async_helpers.loader(raw.path, load).load(root)
        (result,) = await load([root])  # another executor: a batch of one
        if isinstance(result, Exception):
            raise result
        return result

    # Strawberry reads the arguments and their types from the signature.
    parameters = list(inspect.signature(resolver).parameters.values())[2:]
    hints = {p.name: resolver.__annotations__[p.name] for p in parameters}
    resolve.__annotations__ = {"root": Any, "info": Info, **hints}
    resolve.__module__ = resolver.__module__
    resolve.__name__ = resolver.__name__
    resolve.__qualname__ = resolver.__qualname__
    resolve.__doc__ = resolver.__doc__
    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    resolve.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("root", keyword, annotation=Any),
            inspect.Parameter("info", keyword, annotation=Info),
            *(p.replace(default=strawberry.UNSET) if p.default is None else p for p in parameters),
        ]
    )
    return resolve
