"""What counts and searches cost, beside the objects of a query."""

import pytest
from graphql import GraphQLSchema

from schema.limits.guard import QueryGuard
from schema.limits.limits import LARGEST, Limits
from tests.schema.limits.conftest import COUNT, SEARCH, Price

FILTER = "query($f: Filter) { found(filter: $f) { totalCount } }"
TEXT = "query($t: String) { found(filter: {search: $t}) { totalCount } }"


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{books{nodes{id}}}", 0),
        ("{books{totalCount}}", COUNT),
        ("{books{totalCount again:totalCount}}", 2 * COUNT),
        ("{a:books{totalCount} b:books{totalCount}}", 2 * COUNT),
        ("{few(first:5){books{totalCount}}}", 5 * COUNT),
        ("{books(first:5){nodes{books{totalCount}}}}", 5 * COUNT),
        ("{found{pageInfo{hasNextPage}}}", 0),
        ('{found(filter:{kinds:["a"]}){pageInfo{hasNextPage}}}', 0),
        ('{found(filter:{search:"a"}){pageInfo{hasNextPage}}}', SEARCH),
        ('{found(filter:{search:"a"}){totalCount}}', SEARCH + COUNT),
        ("{found(filter:{search:null}){totalCount}}", COUNT),
        ("{found(filter:null){totalCount}}", COUNT),
        ("{found(filter:7){totalCount}}", COUNT),
        ("{found(unknown:{search:1}){totalCount}}", COUNT),
        ("{__typename unknown(filter:{search:1})}", 0),
    ],
)
def test_a_scan_costs_what_is_declared_once_for_each_parent(
    price: Price, query: str, cost: int
) -> None:
    assert price(query).scans == cost


def test_a_search_is_found_in_variables(price: Price) -> None:
    assert price(FILTER, f={"search": "a"}).scans == SEARCH + COUNT
    assert price(FILTER, f={"search": None}).scans == COUNT
    assert price(FILTER, f={"search": ""}).scans == COUNT
    assert price(FILTER, f={"kinds": ["a"]}).scans == COUNT
    assert price(FILTER, f=["search"]).scans == COUNT
    assert price(FILTER).scans == COUNT
    assert price(TEXT, t="a").scans == SEARCH + COUNT
    assert price(TEXT, t=None).scans == COUNT
    assert price(TEXT).scans == COUNT
    default = FILTER.replace("Filter)", 'Filter = {search: "a"})')
    assert price(default).scans == SEARCH + COUNT
    assert price(default, f=None).scans == COUNT


def test_scans_and_objects_share_one_limit(library: GraphQLSchema) -> None:
    guard = QueryGuard(library, Limits(max_cost=200))
    assert not guard.check("{a:books{totalCount} b:books{totalCount}}", None, {}).errors
    fields = " ".join(f"a{n}:books{{totalCount}}" for n in range(4))
    (error,) = guard.check(f"{{{fields}}}", None, {}).errors
    assert error.message == (
        "This query costs as much as 204 objects, with its counts, facets and searches; "
        "200 are allowed. Request fewer of these at once."
    )
    assert error.extensions == {"code": "QUERY_TOO_EXPENSIVE", "requested": 204, "limit": 200}


def test_the_costliest_scans_are_pointed_at(library: GraphQLSchema) -> None:
    query = "{few{id} book{title} found(first:1){nodes{books{edges{cursor} totalCount}}}}"
    (error,) = QueryGuard(library, Limits(max_cost=60)).check(query, None, {}).errors
    assert [node.loc and query[node.loc.start :][:5] for node in error.nodes or ()] == [
        "found",
        "books",
        "total",
    ]


def test_a_cached_query_is_priced_again_for_a_search_in_its_variables(
    library: GraphQLSchema,
) -> None:
    guard = QueryGuard(library, Limits(max_cost=500))
    for query, absent, given in (
        (FILTER, {"f": {"kinds": ["a"]}}, {"f": {"search": "a"}}),
        (TEXT, {"t": None}, {"t": "a"}),
    ):
        assert not guard.check(query, None, absent).errors
        assert guard.check(query, None, given).errors
        assert not guard.check(query, None, absent).errors


def test_scans_stop_growing(price: Price) -> None:
    query = "totalCount"
    for _ in range(12):
        query = f"nodes{{books(first:100){{{query}}}}}"
    cost = price(f"{{books{{{query}}}}}")
    assert cost.scans == cost.total == LARGEST
