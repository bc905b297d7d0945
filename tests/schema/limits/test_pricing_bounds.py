"""The cost against what execution returns, for random queries; random input to the guard."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from graphql import (
    GraphQLResolveInfo,
    GraphQLSchema,
    execute_sync,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    parse,
    validate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.limits import codes
from schema.limits.guard import QueryGuard
from schema.limits.limits import Limits
from tests.schema.limits.conftest import Price

LIMITS = Limits(page_size=2, max_page_size=4)
FIELDS: Mapping[str, Mapping[str, str | None]] = {
    # type -> field -> the type below it, None for a leaf
    "Query": {"book": "Book", "thing": "Thing", "things": "Thing", "books": "Books", "few": "Book"},
    "Thing": {"id": None, "book": "Book"},
    "Book": {
        "id": None,
        "title": None,
        "tags": None,
        "book": "Book",
        "author": "Author",
        "authors": "Author",
        "grid": "Author",
        "books": "Books",
    },
    "Author": {"id": None, "name": None, "book": "Book", "few": "Book"},
    "Books": {
        "edges": "Edge",
        "nodes": "Book",
        "pageInfo": "PageInfo",
        "facets": "Facets",
        "totalCount": None,
    },
    "Edge": {"node": "Book", "cursor": None},
    "PageInfo": {"hasNextPage": None},
    "Facets": {"kinds": "Kind", "months": "Kind"},
    "Kind": {"name": None},
}
CONDITIONS = {"Thing": ("Thing", "Book", "Author"), "Book": ("Book", "Thing"), "Author": ("Thing",)}
SIZES = ("", "0", "1", "3", "4", "null", "$n", "$m", "$no")
DIRECTIVES = ("",) * 8 + (" @skip(if:$yes)", " @include(if:$yes)", " @skip(if:false)")


class Writer:
    """Writes random queries in which fields of the same response name always merge."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def some(self, choices: Sequence[str], most: int) -> list[str]:
        return self.random.choices(choices, k=self.random.randint(0, most))

    def query(self) -> str:
        text = "query($n:Int $m:Int=3 $no:Int $yes:Boolean! $ids:[ID!]!)"
        text += self.selections("Query", 4)
        for type_ in ("Book", "Author"):
            text += f"fragment {type_}1 on {type_}{self.selections(type_, 2).replace('1', '0')}"
            text += f"fragment {type_}0 on {type_}{self.selections(type_, 0)}"
        return text

    def selections(self, type_: str, depth: int) -> str:
        written = ["__typename"]
        for field in self.some(sorted(FIELDS[type_]), 4):
            below = FIELDS[type_][field]
            if depth or not below:
                inner = self.selections(below, depth - 1) if below else ""
                written.append(f"{self.call(field)}{self.random.choice(DIRECTIVES)}{inner}")
        for condition in self.some(CONDITIONS.get(type_, (type_,)), 2):
            match self.random.choice(("inline", "bare", "named")):
                case "named" if depth and condition in ("Book", "Author"):
                    written.append(f"...{condition}{self.random.randint(0, 1)}")
                case "bare":
                    written.append(f"...{{{self.call('__typename')}}}")
                case _:
                    inner = self.selections(condition, max(depth - 1, 0))
                    directive = self.random.choice(DIRECTIVES)
                    written.append(f"...on {condition}{directive}{inner}")
        return "{" + " ".join(written) + "}"

    def call(self, field: str) -> str:
        if field in ("books", "few", "kinds"):
            name = self.random.choice(("first", "last")) if field == "books" else "first"
            if size := self.random.choice(SIZES):
                return f"{field}_{name}_{size.replace('$', 'v')}:{field}({name}:{size})"
        if field == "things":
            ids = self.random.choice(('["a","b","c"]', '"a"', "$ids", "[]"))
            return f"things_{len(ids)}:things(ids:{ids})"
        return field


def resolve(parent: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    """Return as much as possible: every list is as long as its query or its bound allows."""
    type_ = info.return_type
    if is_leaf_type(get_named_type(type_)):
        return ["a"] if info.field_name == "tags" else 1
    sizes = [arguments[name] for name in ("first", "last") if arguments.get(name) is not None]
    default = {"few": 3, "kinds": 10}.get(info.field_name, LIMITS.page_size)
    size = max(sizes, default=default)
    if "ids" in arguments:
        size = len(arguments["ids"])
    elif info.field_name in ("edges", "nodes"):
        size = parent["entries"]
    lists = 0
    while is_list_type(type_) or is_non_null_type(type_):
        lists += is_list_type(type_)
        type_ = type_.of_type
    result: Any = {"entries": size}
    if is_abstract_type(type_):
        result["__typename"] = ("Book", "Author")[len(info.path.as_list()) % 2]
    for _ in range(lists):
        result = [result] * size
    return result


def objects_in(data: Any) -> int:
    if isinstance(data, list):
        return sum(map(objects_in, data))
    return 1 + sum(map(objects_in, data.values())) if isinstance(data, dict) else 0


def values_in(data: Any) -> int:
    if isinstance(data, list):
        return sum(map(values_in, data))
    return len(data) + sum(map(values_in, data.values())) if isinstance(data, dict) else 0


@settings(max_examples=50, deadline=None)
@given(
    random=st.randoms(use_true_random=True),
    n=st.one_of(st.none(), st.integers(0, 4)),
    yes=st.booleans(),
    ids=st.lists(st.just("a"), max_size=3),
)
def test_no_query_returns_more_than_its_cost(
    library: GraphQLSchema,
    price: Price,
    random: Random,
    n: int | None,
    yes: bool,
    ids: list[str],
) -> None:
    query = Writer(random).query()
    document = parse(query)
    assert all("is never used" in error.message for error in validate(library, document))
    variables: dict[str, object] = {"n": n, "yes": yes, "ids": ids}
    result = execute_sync(
        library, document, variable_values=variables, field_resolver=resolve, root_value={}
    )
    assert result.errors is None
    cost = price(query, limits=LIMITS, **variables)
    assert objects_in(result.data) - 1 <= cost.objects
    assert values_in(result.data) <= cost.values
    if "thing" not in query:  # one type everywhere: nothing to guess
        assert objects_in(result.data) - 1 == cost.objects
        assert values_in(result.data) == cost.values


NAMES = st.sampled_from(["book", "books", "nodes", "few", "things", "first", "ids", "A", "B", "if"])
VALUES = st.recursive(
    st.sampled_from(["1", "-1", "null", "true", "$a", "$b", '"x"', "1e9", "EN", "9" * 20]),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda values: f"[{' '.join(values)}]")
        | inner.map(lambda value: f"{{first:{value}}}")
    ),
    max_leaves=3,
)
ARGUMENTS = st.one_of(st.just(""), st.builds("({}:{} {}:{})".format, NAMES, VALUES, NAMES, VALUES))
ANY_DIRECTIVES = st.one_of(
    st.just(""), st.builds("@{}{}".format, st.sampled_from(["skip", "include", "x"]), ARGUMENTS)
)
ANY_SELECTIONS = st.recursive(
    st.builds("{}{}{}".format, NAMES, ARGUMENTS, ANY_DIRECTIVES)
    | st.builds("...{}{}".format, st.sampled_from(["A", "B"]), ANY_DIRECTIVES),
    lambda inner: (
        st.builds("{}:{}{}{{{} {}}}".format, NAMES, NAMES, ARGUMENTS, inner, inner)
        | st.builds(
            "...{}{}{{{}}}".format,
            st.sampled_from(["", " on Book", " on Thing", " on Lost"]),
            ANY_DIRECTIVES,
            inner,
        )
    ),
    max_leaves=12,
)


def error_codes(guard: QueryGuard, text: str, variables: Mapping[str, object]) -> set[str]:
    """Return the codes of a query's errors, with those of a second, cached check."""
    return {
        (error.extensions or {})["code"]
        for _ in range(2)
        for error in guard.check(text, None, variables).errors
    }


@settings(deadline=None)
@given(
    query=st.builds(
        "query Q($a:Int=3 $b:[ID!]){{{}}}fragment A on Book{{{}}}fragment B on Query{{{}}}".format,
        ANY_SELECTIONS,
        ANY_SELECTIONS,
        ANY_SELECTIONS,
    ),
    variables=st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.one_of(st.none(), st.integers(), st.booleans(), st.text(), st.lists(st.text())),
    ),
)
def test_any_query_is_accepted_or_refused_with_a_code(
    library: GraphQLSchema, query: str, variables: Mapping[str, object]
) -> None:
    assert error_codes(QueryGuard(library, Limits(max_cost=50, max_depth=5)), query, variables) <= {
        codes.GRAPHQL_PARSE_FAILED,
        codes.GRAPHQL_VALIDATION_FAILED,
        codes.QUERY_TOO_EXPENSIVE,
    }


@settings(deadline=None)
@given(text=st.text(alphabet='{}()[]:$@.!="#\\\n a1b\ud800é'))
def test_any_text_is_accepted_or_refused_with_a_code(library: GraphQLSchema, text: str) -> None:
    assert error_codes(QueryGuard(library, Limits()), text, {}) <= {
        codes.BAD_USER_INPUT,  # several operations
        codes.GRAPHQL_PARSE_FAILED,
        codes.GRAPHQL_VALIDATION_FAILED,
    }
