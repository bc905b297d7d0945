"""Headers are decoded as Starlette decodes them."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from api.graphql.headers import headers_of

NAMES = st.sampled_from([b"accept", b"origin", b"host", b"x-other"])


@given(st.lists(st.tuples(NAMES, st.binary(max_size=20))))
def test_every_header_has_the_value_that_starlette_finds(raw: list[tuple[bytes, bytes]]) -> None:
    scope = {"type": "http", "headers": raw}
    expected = Headers(scope=scope)
    assert headers_of(scope) == {name: expected[name] for name in expected}
