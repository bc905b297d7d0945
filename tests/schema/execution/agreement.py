"""When two responses to a query say the same.

The specification leaves open which error is reported where several make one place null; what
graphql-core reports then depends on the timing of its resolvers.
"""

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError

Place = tuple[str | int, ...]


def assert_agreement(found: Any, expected: Any) -> None:
    """Fail unless the data is equal, and the places that errors made null, and their errors.

    Where errors below made a place null, it is enough that both report some.
    """
    assert found.data == expected.data
    assert repr(found.data) == repr(expected.data)  # the order of keys too
    found_errors, expected_errors = _by_place(found), _by_place(expected)
    assert found_errors.keys() == expected_errors.keys()
    for place, errors in expected_errors.items():
        if any(tuple(error.path or ()) == place for error in errors):
            assert shown(found_errors[place]) == shown(errors)


def shown(errors: Sequence[GraphQLError] | None) -> list[str]:
    """Give errors as text: message, locations, path, extensions."""
    return [repr(error.formatted) for error in errors or ()]


def _by_place(result: Any) -> dict[Place, list[GraphQLError]]:
    places: dict[Place, list[GraphQLError]] = {}
    for error in result.errors or ():
        places.setdefault(_nulled_by(error, result.data), []).append(error)
    return places


def _nulled_by(error: GraphQLError, data: Any) -> Place:
    """Give how far an error's path can be followed in the data before there is null."""
    followed: list[str | int] = []
    for key in error.path or ():
        if data is None:
            break
        data = data[key]
        followed.append(key)
    return tuple(followed)
