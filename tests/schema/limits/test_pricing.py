"""What a query costs: `pricing` of `arguments` and `sizes`, which returns a `cost`."""

import pytest
from graphql import GraphQLSchema, get_introspection_query, parse

from schema.limits.limits import LARGEST, Limits
from schema.limits.outline import read_outline
from schema.limits.pricing import FragmentCycle, Pricing, TooManySelections
from schema.limits.sizes import Sizes
from tests.schema.limits.conftest import Price


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{book{id}}", 1),
        ("{book{author{id}}}", 2),
        ("{__typename}", 0),
        ("{books{totalCount}}", 1),
        ("{books(first:3){nodes{id}}}", 1 + 3),
        ("{books(last:3){nodes{id}}}", 1 + 3),
        ("{books(first:3){edges{cursor}}}", 1 + 3),
        ("{books(first:3){edges{node{id}}}}", 1 + 3 + 3),
        ("{books(first:3){edges{node{id}} nodes{id}}}", 1 + 3 + 3 + 3),
        ("{books(first:3){pageInfo{hasNextPage}}}", 2),
        ("{books{nodes{id}}}", 1 + 20),
        ("{books(first:0){nodes{id}}}", 1),
        ("{few{id}}", 3),
        ("{few(first:5){id}}", 5),
        ("{few(first:5){tags}}", 5),
        ("{few(first:5){books(first:4){nodes{author{id}}}}}", 5 * (1 + 1 + 4 * 2)),
        ('{things(ids:["a","b"]){id}}', 2),
        ('{things(ids:"a"){id}}', 1),
        ("{things(ids:[]){id}}", 0),
        ("{book{authors{id}}}", 1 + 2),
        ("{book{readers{id}}}", 1 + 4),
        ("{book{readers(first:3){id}}}", 1 + 3),
        ("{book{readers(first:100){id}}}", 1 + 4),
        ("{book{readers(first:null){id}}}", 1 + 4),
        ("{book{grid{id}}}", 1 + 20 * 20),
        ("{books(first:3){facets{kinds{name}}}}", 1 + 1 + 10),
        ("{books(first:3){facets{months{name}}}}", 1 + 1 + 20),
        ("{a:book{id} b:book{id}}", 2),
    ],
)
def test_counts_the_objects_that_a_query_could_return(price: Price, query: str, cost: int) -> None:
    assert price(query).objects == cost


@pytest.mark.parametrize(
    ("size", "cost"),
    [
        ("-1", 0),
        ("-99999999999999999999", 100),
        ("101", 100),
        ("9" * 5000, 100),
        ("null", 20),
        ('"3"', 20),
        ("1.5", 20),
        ("true", 20),
        ("[3]", 20),
        ("{a:3}", 20),
        ("$no", 20),
    ],
)
def test_an_invalid_size_counts_within_bounds(price: Price, size: str, cost: int) -> None:
    assert price(f"{{books(first:{size}){{nodes{{id}}}}}}").objects == 1 + cost


def test_null_costs_a_page_even_where_the_default_is_smaller(price: Price) -> None:
    assert price("{few(first:null){id}}").objects == 20


def test_reads_sizes_from_variables(price: Price) -> None:
    query = "query($n:Int=7){books(first:$n){nodes{id}}}"
    assert price(query, n=3).objects == 1 + 3
    assert price(query).objects == 1 + 7
    assert price(query, n=None).objects == 1 + 20
    assert price(query, n="3").objects == 1 + 20
    assert price(query, n=True).objects == 1 + 20
    assert price(query, n=10**30).objects == 1 + 100


def test_a_list_in_a_variable_costs_its_length(price: Price) -> None:
    query = "query($ids:[ID!]!){things(ids:$ids){id}}"
    assert price(query, ids=["a"] * 1_000_000).objects == 1_000_000
    assert price(query, ids="a").objects == 1


def test_honors_skip_and_include_when_their_conditions_are_known(price: Price) -> None:
    query = "query($v:Boolean!){book@skip(if:$v){id} few@include(if:$v){id}}"
    assert price(query, v=True).objects == 3
    assert price(query, v=False).objects == 1
    assert price(query).objects == 4
    assert price("{book @skip(if:true){id} ...@include(if:false){few{id}}}").objects == 0


def test_takes_page_sizes_from_the_limits(price: Price) -> None:
    limits = Limits(page_size=5, max_page_size=50)
    assert price("{books{nodes{id}}}", limits=limits).objects == 1 + 5
    assert price("{books(first:99){nodes{id}}}", limits=limits).objects == 1 + 50


def test_fields_of_the_same_name_are_merged_before_they_are_counted(price: Price) -> None:
    query = """
    { few { id author { id } } ...A ...B ... on Query { few { author { name } } } }
    fragment A on Query { few { author { book { id } } } }
    fragment B on Query { few { author { book { title } } } }
    """
    assert price(query).objects == 3 * (1 + 1 + 1)


def test_the_costliest_of_an_objects_possible_types_counts(price: Price) -> None:
    query = "{thing{id ...on Book{author{id}} ...on Author{few{id}} ...on Kind{few{id}}}}"
    assert price(query).objects == 1 + 3


def test_measures_depth_in_levels_of_fields(price: Price) -> None:
    assert price("{book{id}}").depth == 2
    assert price("{__typename}").depth == 1
    assert price("{...{...{book{...on Book{...{id}}}}}}").depth == 2
    assert price("{books{edges{node{author{book{id}}}}} book{id}}").depth == 6


def test_counts_values_of_all_objects(price: Price) -> None:
    assert price("{books(first:3){nodes{a:id b:id author{id}}}}").values == 1 + 1 + 3 * (3 + 1)


def test_counts_the_positions_that_hold_objects(price: Price) -> None:
    assert price("{books{nodes{id author{id}}} book{id}}").paths == 4


def test_standard_introspection_costs_no_objects_and_no_depth(price: Price) -> None:
    cost = price(get_introspection_query())
    assert (cost.objects, cost.depth) == (0, 1)
    assert cost.introspection > 0


def test_a_chain_of_fragments_that_spread_the_next_twice_is_priced_in_linear_steps(
    library: GraphQLSchema,
) -> None:
    length = 25
    chain = "".join(
        f"fragment F{i} on Book{{a:book{{...F{i + 1}}} b:book{{...F{i + 1}}}}}"
        for i in range(length)
    )
    outline = read_outline(parse(f"{{book{{...F0}}}}{chain}fragment F{length} on Book{{id}}"))
    pricing = Pricing(Sizes(library, Limits()), outline, outline.operations[0], {})
    assert pricing.cost.objects == 2 ** (length + 1) - 1
    assert pricing.steps < 11 * length


def test_a_chain_that_spreads_directly_is_visited_once(library: GraphQLSchema) -> None:
    chain = "".join(f"fragment F{i} on Book{{...F{i + 1} ...F{i + 1}}}" for i in range(25))
    outline = read_outline(parse(f"{{book{{...F0}}}}{chain}fragment F25 on Book{{id}}"))
    pricing = Pricing(Sizes(library, Limits()), outline, outline.operations[0], {})
    assert (pricing.cost.objects, pricing.cost.depth) == (1, 2)
    assert pricing.steps < 200


def test_figures_stop_growing_at_the_largest(price: Price) -> None:
    chain = "".join(
        f"fragment F{i} on Book{{books(first:100){{nodes{{...F{i + 1}}}}}}}" for i in range(300)
    )
    cost = price(f"{{book{{...F0}}}}{chain}fragment F300 on Book{{id}}")
    assert (cost.objects, cost.values) == (LARGEST, LARGEST)
    assert cost.depth == 602


@pytest.mark.parametrize(
    "fragments",
    [
        "fragment A on Book{book{...A}}",
        "fragment A on Book{...B} fragment B on Book{book{author{book{...A}}}}",
    ],
)
def test_a_cycle_of_fragments_has_no_cost(price: Price, fragments: str) -> None:
    with pytest.raises(FragmentCycle):
        price(f"{{book{{...A}}}}{fragments}")


def test_pricing_gives_up_where_merging_fragments_would_explode(price: Price) -> None:
    # Each level can be reached with any subset of the fragments: 2 ** 16 scopes.
    fragments = "".join(
        f"fragment F{i}_{j} on Book{{"
        + "".join(f"a{k}:book{{...F{i + 1}_{(j + k) % 16} ...F{i + 1}_{j}}}" for k in range(8))
        + "}"
        for i in range(10)
        for j in range(16)
    )
    last = "".join(f"fragment F10_{j} on Book{{id}}" for j in range(16))
    with pytest.raises(TooManySelections):
        price(f"{{book{{...F0_0}}}}{fragments}{last}")


def test_unknown_fields_and_fragments_cost_nothing(price: Price) -> None:
    assert price("{nothing{at{all}} book{...Missing ...on Nothing{id} lost{id}}}").objects == 1
    assert price("mutation{book{id}}").objects == 0
