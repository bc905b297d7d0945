"""Budgets: what a caller may ask for in a minute, and who counts as one caller."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from api.app import create_app
from api.graphql.budgets import Budgets, caller_of
from api.graphql.refusal import Refusal
from api.setting_types import Executor
from api.settings import Settings
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import Store
from tests.api.conftest import ClientFactory, FakeClock
from tests.api.servers import Start
from tests.conftest import EDITOR_TOKEN

PAGE = "{ items(first: 5) { nodes { title } } }"  # the connection and 5 items: 6 objects
TOKEN = {"authorization": f"Bearer {EDITOR_TOKEN}"}


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.status == 429


def test_a_bucket_is_refilled_evenly_and_a_debt_is_paid_first(clock: FakeClock) -> None:
    budgets = Budgets(60, clock)  # one a second
    headers = budgets.open("a").pay(50)
    assert headers["ratelimit-policy"] == '"objects";q=60;w=60;qu="objects"'
    assert headers["ratelimit"] == '"objects";r=10;t=50'
    assert budgets.open("a").pay(30)["ratelimit"] == '"objects";r=0;t=21'
    with refused():
        budgets.open("a")
    clock.now += 20.5
    with refused():
        budgets.open("a")
    clock.now += 0.5
    budgets.open("a")
    clock.now += 10_000
    assert budgets.open("a").pay(1)["ratelimit"] == '"objects";r=59;t=1'
    budgets.open("b")


def test_a_refusal_says_when_to_go_on(clock: FakeClock) -> None:
    budgets = Budgets(600, clock)
    budgets.open("a").pay(700)
    with pytest.raises(Refusal) as caught:
        budgets.open("a")
    refusal = caught.value
    assert refusal.code == "RATE_LIMITED"
    assert refusal.headers["retry-after"] == "11"
    assert refusal.headers["ratelimit"].endswith(";r=0;t=11")
    assert refusal.extensions == {"limit": 600, "window": 60, "retryAfter": 11}
    clock.now += 11
    budgets.open("a")


@given(
    st.integers(1, 1000),
    st.lists(st.tuples(st.floats(0, 100), st.integers(1, 500)), min_size=1, max_size=50),
)
def test_nobody_gets_more_than_a_full_bucket_and_its_refill(
    per_minute: int, steps: list[tuple[float, int]]
) -> None:
    clock = FakeClock()
    began = clock.now
    budgets = Budgets(per_minute, clock)
    paid, last = 0, 0
    for seconds, objects in steps:
        clock.now += seconds
        try:
            budgets.open("a").pay(objects)
        except Refusal as refusal:
            clock.now += int(refusal.headers["retry-after"])
            budgets.open("a").pay(objects)  # it may go on then
        paid, last = paid + objects, objects
        granted = per_minute + (clock.now - began) * per_minute / 60
        assert paid - last <= granted + 1e-6


def test_many_callers_take_bounded_memory(clock: FakeClock) -> None:
    budgets = Budgets(60, clock, max_callers=100)
    budgets.open("here").pay(100)
    for number in range(1_000):
        budgets.open(f"2001:db8::{number}").pay(1)
        with refused():  # who goes on calling is not forgotten
            budgets.open("here")
    assert len(budgets) == 100


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("/run/socket", "unknown", True),
    ],
)
def test_an_ipv6_network_is_one_caller(first: str, second: str, same: bool) -> None:
    callers = {caller_of({"type": "http", "client": (host, 1)}, {}) for host in (first, second)}
    assert len(callers) == (1 if same else 2)
    assert caller_of({"type": "http", "client": None}, {}) == ""


def test_a_token_is_one_caller_from_everywhere() -> None:
    scopes = [{"type": "http", "client": (host, 1)} for host in ("192.0.2.1", "192.0.2.2")]
    callers = {caller_of(scope, TOKEN) for scope in scopes}
    callers.add(caller_of(scopes[0], {"authorization": f"BEARER  {EDITOR_TOKEN}"}))
    assert len(callers) == 1


@pytest.mark.anyio
async def test_without_a_budget_no_response_speaks_of_one(client: ClientFactory) -> None:
    response = await client().post("/graphql", json={"query": "{ hello }"})
    assert "ratelimit" not in response.headers


@pytest.mark.anyio
async def test_an_invalid_query_is_paid_for_too(client: ClientFactory) -> None:
    http = client(objects_per_minute=2)
    statuses = [
        (await http.post("/graphql", json={"query": query})).status_code
        for query in ("{", "{ nope }", "{ hello }")
    ]
    assert statuses == [200, 200, 429]


@pytest.fixture(params=Executor)
async def app(
    mongod: str,
    content: str,
    request: pytest.FixtureRequest,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Starlette]:
    """The application, in which no time passes for budgets."""
    monkeypatch.setattr("api.app.Budgets", lambda per_minute: Budgets(per_minute, clock))
    settings = Settings(
        objects_per_minute=100, editor_tokens=(EDITOR_TOKEN,), executor=request.param
    )
    store, watch = Store.connect(mongod, content), CorpusWatch(mongod, content)
    app = create_app(settings, store, watch)
    async with app.router.lifespan_context(app):
        yield app


@pytest.mark.anyio
async def test_an_answer_costs_its_objects_whether_it_is_cached_or_not(app: Starlette) -> None:
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        left = []
        for query in (PAGE, PAGE, "{ items(first: 5) { totalCount } }"):
            body = {"query": query, "extensions": {"cost": True}}
            response = await http.post("/graphql", json=body)
            left.append(response.headers["ratelimit"].split(";")[1])
            assert response.json()["extensions"]["cost"]["used"] == (6 if query == PAGE else 51)
        assert left == ["r=94", "r=88", "r=37"]
        await http.post("/graphql", json={"query": "{ items(first: 40) { nodes { id } } }"})
        over = await http.post("/graphql", json={"query": PAGE})
        assert over.status_code == 429
        assert int(over.headers["retry-after"]) >= 1
        (error,) = over.json()["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert error["extensions"]["limit"] == 100
        assert "no-store" in over.headers["cache-control"]
        other = await http.post("/graphql", json={"query": PAGE}, headers=TOKEN)
        assert "r=94" in other.headers["ratelimit"]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_trusted_proxy_says_who_the_client_is(serve: Start, trusted: bool) -> None:
    proxies = {"NEWSGRAPH_PROXIES": "127.0.0.0/8"} if trusted else {}
    _, url = serve(
        NEWSGRAPH_OBJECTS_PER_MINUTE="3", NEWSGRAPH_AUDIENCE="public", **proxies
    )  # fmt: skip
    left = []
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.2"):
        response = httpx.post(
            f"{url}/graphql",
            json={"query": "{ __typename }"},
            headers={"x-forwarded-for": f"6.6.6.6, {address}"},
        )
        left.append(response.headers["ratelimit"].split(";")[1])
    assert left == (["r=2", "r=2", "r=1"] if trusted else ["r=2", "r=1", "r=0"])
