"""graphql-core's executor, extended by the batches of one request."""

from collections.abc import Awaitable, Callable, Sequence

from graphql.pyutils import Path
from graphql.type import GraphQLResolveInfoHelpers
from strawberry.dataloader import DataLoader

from schema.execution._compat import StrawberryExecutor

# A path in the response without its list indices: the keys, each with its parent's type.
Position = tuple[tuple[str, str | None], ...]
BatchLoader = DataLoader[object, object]
LoadBatch = Callable[[list[object]], Awaitable[Sequence[object]]]


class RequestHelpers(GraphQLResolveInfoHelpers):
    """The `async_helpers` of a resolver's info: one instance for each request."""

    loaders: dict[Position, BatchLoader]

    def loader(self, path: Path, load: LoadBatch) -> BatchLoader:
        """Return the loader that collects the parents at a path, whatever their list indices."""
        position = _position(path)
        loader = self.loaders.get(position)
        if loader is None:
            # Parents are dicts, which cannot be the keys of a cache.
            loader = self.loaders[position] = DataLoader(load, cache=False)
        return loader


class DepthFirstExecutor(StrawberryExecutor):
    """Executes object by object, as the specification words it, with batched fields batched.

    Each batched field collects its parents in a DataLoader for its path in the response, so its
    resolver is called as often as by the breadth-first executor: once for each path.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        helpers = RequestHelpers(*self.async_helpers)
        helpers.loaders = {}
        self.async_helpers = helpers


def _position(path: Path | None) -> Position:
    position: list[tuple[str, str | None]] = []
    while path:
        if isinstance(path.key, str):
            position.append((path.key, path.typename))
        path = path.prev
    return tuple(position)
