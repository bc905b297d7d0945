"""When two responses to a query say the same.

The specification leaves open which error is reported where several make one position null; what
graphql-core reports then depends on the timing of its resolvers.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from graphql import ExecutionResult, GraphQLError

Path = tuple[str | int, ...]
Response = dict[str, Any]


class Ask(Protocol):
    """Executes a query with both executors: the fixture `ask`."""

    def __call__(
        self, schema: object, query: str, root: object = None, **variables: object
    ) -> Response:
        """Return the response, after checking that both executors agree on it."""


def assert_agreement(found: ExecutionResult, expected: ExecutionResult) -> None:
    """Fail unless the data is equal, and the positions that errors made null, and their errors.

    Where errors below a position made it null, it is enough that both report errors.
    """
    assert found.data == expected.data
    assert repr(found.data) == repr(expected.data)  # the order of keys too
    found_errors, expected_errors = _by_null(found), _by_null(expected)
    assert found_errors.keys() == expected_errors.keys()
    for path, errors in expected_errors.items():
        if any(tuple(error.path or ()) == path for error in errors):
            assert shown(found_errors[path]) == shown(errors)


def shown(errors: Sequence[GraphQLError] | None) -> list[str]:
    """Return errors as text: message, locations, path, extensions."""
    return [repr(error.formatted) for error in errors or ()]


def _by_null(result: ExecutionResult) -> dict[Path, list[GraphQLError]]:
    """Group the errors by the path that each made null."""
    paths: dict[Path, list[GraphQLError]] = {}
    for error in result.errors or ():
        paths.setdefault(_path_of_null(error, result.data), []).append(error)
    return paths


def _path_of_null(error: GraphQLError, data: Any) -> Path:
    """Return how far an error's path can be followed in the data before there is null."""
    followed: list[str | int] = []
    for key in error.path or ():
        if data is None:
            break
        data = data[key]
        followed.append(key)
    return tuple(followed)
