"""Fields resolved for a whole level of the query at once: parents in, as many results out."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import strawberry
from graphql.pyutils import Path
from strawberry.dataloader import DataLoader
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from schema.execution.depth_first import RequestHelpers

BatchResolver = Callable[..., Awaitable[Sequence[Any]] | Sequence[Any]]


class WrongNumberOfResults(Exception):
    """A batch resolver gave more or fewer results than it was given parents."""


class BatchedField(StrawberryField):
    """A field that a batch resolver serves."""

    batch_resolver: BatchResolver | None = None

    def __copy__(self) -> "BatchedField":
        copied = super().__copy__()
        copied.batch_resolver = self.batch_resolver
        return copied


def batched(
    *, description: str, name: str | None = None, metadata: Mapping[str, Any] | None = None
) -> Callable[[BatchResolver], Any]:
    """Make a field of a resolver that serves many parents in one call.

    The resolver is called as `resolver(parents, info, **arguments)`, may be async, and returns a
    sequence with one result for each parent, in their order. Its return annotation is the GraphQL
    type of one result. An Exception among the results is the error of that parent's field; an
    exception raised is the error of all. An argument whose default is None has no default in
    GraphQL, and is None when the client leaves it out. Arguments are shared among requests, so a
    resolver must not change them. `metadata` is for whoever reads the schema.
    """

    def field_of(resolver: BatchResolver) -> StrawberryField:
        field = BatchedField(
            python_name=None, graphql_name=name, description=description, metadata=metadata
        )
        field.batch_resolver = resolver
        return field(_for_one_parent(resolver))

    return field_of


def checked(results: Sequence[Any], parents: Sequence[Any], info: Info) -> Sequence[Any]:
    """Give the results of a batch, or raise WrongNumberOfResults."""
    if len(results) == len(parents):
        return results
    message = f"{info.field_name} got {len(results)} results for {len(parents)} parents."
    raise WrongNumberOfResults(message)


def _for_one_parent(resolver: BatchResolver) -> Callable[..., Any]:
    """Make the resolver that Strawberry and graphql-core see: it joins the batch of its place."""

    async def resolve(root: Any, info: Info, **arguments: Any) -> Any:
        async def load(parents: list[Any]) -> Sequence[Any]:
            results = resolver(parents, info, **arguments)
            if inspect.isawaitable(results):
                results = await results
            return checked(results, parents, info)

        helpers = info._raw_info.async_helpers
        if not isinstance(helpers, RequestHelpers):  # another executor: a batch of one
            (result,) = await load([root])
            if isinstance(result, Exception):
                raise result
            return result
        place: list[tuple[str, str | None]] = []
        path: Path | None = info.path
        while path:
            if isinstance(path.key, str):
                place.append((path.key, path.typename))
            path = path.prev
        loader = helpers.loaders.get(key := tuple(place))
        if loader is None:
            # Parents are dicts, which no cache could look up.
            loader = helpers.loaders[key] = DataLoader(load, cache=False)
        return await loader.load(root)

    given = list(inspect.signature(resolver).parameters.values())
    hints = {p.name: resolver.__annotations__[p.name] for p in given[2:]}
    hints["return"] = resolver.__annotations__["return"]
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
            *(p.replace(default=strawberry.UNSET) if p.default is None else p for p in given[2:]),
        ],
        return_annotation=resolver.__annotations__["return"],
    )
    return resolve
