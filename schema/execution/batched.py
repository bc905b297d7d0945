"""Fields resolved for a whole level of the query at once: a list of parents in, a list of results out."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import strawberry
from strawberry.types import Info
from strawberry.types.field import StrawberryField

BatchResolver = Callable[..., Awaitable[Sequence[Any]] | Sequence[Any]]


def batched(*, description: str) -> Callable[[BatchResolver], Any]:
    """Make a field of a resolver that serves many parents in one call."""

    def field_of(resolver: BatchResolver) -> StrawberryField:
        signature = inspect.signature(resolver)
        arguments = list(signature.parameters.values())[2:]

        async def resolve_one(root: Any, info: Info, **kwargs: Any) -> Any:
            results = resolver([root], info, **kwargs)
            if inspect.isawaitable(results):
                results = await results
            (result,) = results
            if isinstance(result, Exception):
                raise result
            return result

        hints = dict(resolver.__annotations__)
        first, *_ = signature.parameters
        hints.pop(first, None)
        resolve_one.__annotations__ = {**hints, "root": Any, "info": Info}
        resolve_one.__module__ = resolver.__module__
        resolve_one.__name__ = resolver.__name__
        resolve_one.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Any),
                inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info),
                *(
                    p.replace(default=strawberry.UNSET) if p.default is None else p
                    for p in arguments
                ),
            ],
            return_annotation=signature.return_annotation,
        )
        field: StrawberryField = strawberry.field(resolver=resolve_one, description=description)
        return field

    return field_of
