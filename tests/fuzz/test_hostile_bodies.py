"""Bodies that are not JSON, JSON that is not a GraphQL request, and texts that are not GraphQL."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.audience import Audience
from tests.fuzz.conftest import AskSafely

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SEARCH = b'{"query": "query ($v: String) {items(filter: {search: $v}) {totalCount}}", "variables": '
BODIES = {
    "nothing": b"",
    "one byte": b"\x00",
    "a byte order mark": b'\xef\xbb\xbf{"query": "{__typename}"}',
    "UTF-16": '{"query": "{__typename}"}'.encode("utf-16"),
    "Latin-1": '{"query": "{__typename} # é"}'.encode("latin-1"),
    "half a surrogate pair": SEARCH + rb'{"v": "\ud83d"}}',
    "a surrogate in UTF-8": SEARCH + b'{"v": "\xed\xa0\xbd"}}',
    "an overlong encoding": SEARCH + b'{"v": "\xc0\xae"}}',
    "NUL in a string": SEARCH + rb'{"v": "a\u0000b"}}',
    "a raw NUL": SEARCH + b'{"v": "a\x00b"}}',
    "NaN": SEARCH + b'{"v": NaN}}',
    "infinity": SEARCH + b'{"v": 1e999}}',
    "5,000 digits": SEARCH + b'{"v": ' + b"9" * 5_000 + b"}}",
    "50,000 brackets": SEARCH + b"[" * 50_000,
    "25,000 brackets that are closed": SEARCH + b"[" * 25_000 + b"]" * 25_000 + b"}",
    "1,000 objects in each other": SEARCH + b'{"v": ' + b'{"a": ' * 1000 + b"1" + b"}" * 1002,
    "a key twice": b'{"query": "{__typename}", "query": {"$gt": ""}}',
    "a hundred thousand keys": b"{" + b'"": 1,' * 16_000 + b'"query": "{__typename}"}',
    "more than is read": b'{"query": "' + b" " * 200_000 + b'{__typename}"}',
    "brackets in the query": json.dumps({"query": "{a" * 20_000}).encode(),
    "a deep list in the query": json.dumps(
        {"query": f"{{items(filter: {{topics: {'[' * 30_000}{']' * 30_000}}}) {{totalCount}}}}"}
    ).encode(),
    "a list of requests": b'[{"query": "{__typename}"}]',
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
async def test_a_hostile_body_causes_no_fault(ask_safely: AskSafely, name: str) -> None:
    await ask_safely(Audience.PUBLIC, BODIES[name])


_QUERY = "query A($value: ID) {item(id: $value) {id}} query B {corpus {itemCount}}"
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(_QUERY),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.just("$gt"), inner, max_size=3)
    ),
    max_leaves=8,
)
_PERSISTED = st.fixed_dictionaries(
    {"persistedQuery": _JSON | st.fixed_dictionaries({"version": _JSON, "sha256Hash": _JSON})}
)
_REQUEST = st.fixed_dictionaries(
    {},
    optional={
        "query": st.just(_QUERY) | _JSON,
        "operationName": st.sampled_from(["A", "B", "C", ""]) | _JSON,
        "variables": st.fixed_dictionaries({"value": _JSON}) | _JSON,
        "extensions": _PERSISTED | _JSON,
    },
)


MANY = settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@MANY
@given(body=_REQUEST | _JSON, audience=st.sampled_from(Audience))
async def test_any_json_causes_no_fault(
    ask_safely: AskSafely, body: object, audience: Audience
) -> None:
    await ask_safely(audience, json.dumps(body).encode())


@MANY
@given(
    text=st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet='{}()[]:!@$#"\\ \n.,a1'),
    audience=st.sampled_from(Audience),
)
async def test_any_text_as_a_query_causes_no_fault(
    ask_safely: AskSafely, text: str, audience: Audience
) -> None:
    await ask_safely(audience, json.dumps({"query": f"{{ {text} }}"}).encode())
