"""Audiences: for the public, a corpus looks as if it had no unpublished items.

Covers `store.audience` and its use in every module of `schema` and `store.reading`.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_interface_type,
    is_leaf_type,
    parse,
    validate,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.site_file import parse_site
from schema.limits.limits import Limits
from store.audience import Audience
from store.documents import Document
from store.schedule import State, Status, with_state
from tests.schema.indexed import IndexedNewsroom, searching
from tests.schema.newsroom import DAY_ONE, Newsroom, item, link, schema_of, with_site

pytestmark = pytest.mark.anyio

MARK = "zqxsecret"
ANYTHING_GOES = Limits(
    max_cost=10**9,
    max_depth=50,
    max_paths=10**6,
    max_length=10**7,
    max_tokens=10**6,
    max_aliases=10**4,
)
SITE = parse_site("""
fields:
  price:  {type: String, filter: true}
  length: {type: "[String]", filter: true, audience: editor}
  notes:  {type: {text: String, about: Topic}, audience: editor}
  series: {type: Item}
  about:  {type: [Topic]}
  writer: {type: [Author]}
  rating: {type: [{by: Provider, text: String}]}
""").fields
DOMAINS = ("one.example", "two.example")
TOPICS = ("Tides", "Ports", "Trams")
AUTHORS = ("Ada Moor", "Li Wen")


@dataclass(frozen=True)
class Corpus:
    """Items and definitions, some of them not published."""

    items: list[Document]
    definitions: list[Document]

    def published(self) -> "Corpus":
        """Return the corpus without its unpublished parts."""
        return Corpus(
            [item for item in self.items if item["published"]],
            [definition for definition in self.definitions if definition["published"]],
        )

    def stored_in(self, newsroom: Newsroom) -> None:
        """Replace a newsroom's data with this corpus."""
        newsroom.clear()
        newsroom.site_fields = SITE
        newsroom.put(*self.items)
        newsroom.define(*self.definitions)


def _texts(published: bool) -> Any:
    """Return a strategy of words that show whether the public may see them."""
    words = ["tide", "ferry news", "the port of a coast"]
    return st.sampled_from(words if published else [f"{MARK} {word}" for word in words])


def _named(published: bool, names: tuple[str, ...], secret: str) -> Any:
    return st.sampled_from(names if published else (*names, secret))


_STATES = (
    State(Status.PUBLISHED),
    State(Status.PUBLISHED, DAY_ONE + timedelta(days=9)),
    State(Status.DRAFT),
    State(Status.SCHEDULED, DAY_ONE + timedelta(days=8)),
    State(Status.EXPIRED),
)


@st.composite
def _item(draw: Any, number: int) -> Document:
    state = draw(st.sampled_from(_STATES))
    published = state.status is Status.PUBLISHED
    text = _texts(published)
    made = item(
        f"i{number}",
        title=draw(text),
        published=published,
        provider=DOMAINS[number % 2],
        date=draw(st.none() | st.sampled_from([DAY_ONE + timedelta(days=n) for n in range(3)])),
        heat=draw(st.none() | st.integers(0, 2)),
        quality=draw(st.none() | st.integers(0, 2)),
        topics=draw(st.lists(_named(published, TOPICS, f"{MARK} topic"), max_size=2, unique=True)),
        authors=draw(st.lists(_named(published, AUTHORS, f"{MARK} hand"), max_size=2, unique=True)),
        related=draw(st.lists(_related(published), max_size=3)),
        images=draw(st.lists(_image(text), max_size=1)),
        tags=draw(st.lists(text, max_size=1)),
        secured={"ciphertext": MARK, "iv": MARK},
        extra={"note": MARK},
        path=f"_news/{MARK}.md",
        **{
            name: draw(st.none() | text)
            for name in ("excerpt", "body", "category", "type", "locale")
        },
    )
    if not published:
        made["provider"] = link(draw(_named(False, DOMAINS, f"{MARK}.example")))
        made["provider"] |= {"name": f"{MARK} press", "images": [draw(_image(text))]}
        for topic in made["topics"]:
            topic["name"] = topic["name"] if MARK in topic["name"] else f"{topic['name']}"
    whole = with_site(
        made,
        SITE,
        price=draw(st.none() | text),
        length=[MARK, f"{MARK} tide"],
        notes={"text": MARK, "about": f"topic:{MARK}-topic"},
        series=draw(st.none() | st.sampled_from([item(f"i{n}")["_id"] for n in range(8)])),
        about=["topic:tides", f"topic:{MARK}-topic"],
        writer=["author:ada-moor", f"author:{MARK}-hand"],
        rating=[{"by": f"provider:{MARK}.example", "text": draw(text)}],
    )
    return with_state(whole, state)


@st.composite
def _related(draw: Any, published: bool) -> Document:
    number = draw(st.integers(0, 7))
    entry: Document = {"title": draw(_texts(published)), "images": []}
    entry["webUrl"] = f"https://{DOMAINS[number % 2]}/i{number}"
    if draw(st.booleans()):
        entry["provider"] = link(draw(_named(published, DOMAINS, f"{MARK}-related.example")))
    return entry


@st.composite
def _image(draw: Any, text: Any) -> Document:
    title = draw(text)
    return {
        "url": f"https://img.example/{title.replace(' ', '-')}",
        "isCached": False,
        "title": title,
    }


@st.composite
def _definition(draw: Any, name: str) -> Document:
    published = MARK not in name and draw(st.booleans())
    slug = name.lower().replace(" ", "-")
    parent = draw(st.none() | _named(published, (*TOPICS, "Roots"), f"{MARK} root"))
    made: Document = {
        "_id": f"topic:{slug}",
        "slug": slug,
        "name": name if published else f"{MARK} {name}",
        "keywords": [draw(_texts(published))],
        "published": published,
        "path": f"{MARK}.yaml",
        "rank": name,
    }
    if parent is not None and parent != name:
        made |= {"parent": f"topic:{parent.lower().replace(' ', '-')}", "parentName": parent}
    return made


@st.composite
def _organization(draw: Any, domain: str) -> Document:
    published = draw(st.booleans())
    return {
        "_id": f"provider:{domain}",
        "domain": domain,
        "name": draw(_texts(published)),
        "images": draw(st.lists(_image(_texts(published)), max_size=1)),
        "published": published,
        "path": f"{MARK}.md",
        "rank": domain,
    }


@st.composite
def corpora(draw: Any) -> Corpus:
    """Draw a corpus in which the mark is in every text that the public must not see."""
    items = [draw(_item(number)) for number in range(draw(st.integers(0, 8)))]
    definitions = [draw(_definition(name)) for name in (*TOPICS, "Roots", f"{MARK} child")]
    definitions += [draw(_organization(domain)) for domain in (*DOMAINS, "third.example")]
    return Corpus(items, [definition for definition in definitions if draw(st.booleans())])


@cache
def whole(type_name: str, depth: int) -> str:
    """Write everything there is to ask of a type, so many levels deep."""
    types = schema_of(site_fields=SITE)._schema.type_map
    return " ".join(_asked(types[type_name], depth))


def _asked(type_: GraphQLNamedType, depth: int) -> Iterator[str]:
    yield "__typename"
    if is_interface_type(type_):
        yield "id"
        for name in ("Item", "Provider", "Topic", "Author"):
            yield f"... on {name} {{ {whole(name, depth)} }}"
        return
    assert isinstance(type_, GraphQLObjectType)
    for name, field in type_.fields.items():
        below = get_named_type(field.type)
        if is_leaf_type(below):
            # Only an item may have none, so nobody may ask for all under one name.
            yield "itemSlug: slug" if (type_.name, name) == ("Item", "slug") else name
        elif name == "edges":  # as the nodes, so that the question does not double on each level
            yield "edges { cursor node { id } }"
        elif depth > 0:
            arguments = "(first: 3)" if "last" in field.args else ""
            if "search" in field.args:
                arguments = f'(search: "tide {MARK}")'
            yield f"{name}{arguments} {{ {whole(below.name, depth - 1)} }}"


def questions(corpus: Corpus) -> Iterator[tuple[str, Document]]:
    """Yield queries for all data of a corpus, with their variables."""
    connection = whole("ItemConnection", 3)
    paging = "$first: Int, $after: String, $last: Int, $before: String"
    given = "first: $first, after: $after, last: $last, before: $before"
    items = f"""query ($filter: ItemFilter, $order: ItemOrder! = NEWEST, {paging}) {{
        items(filter: $filter, orderBy: $order, {given}) {{ {connection} }} }}"""
    for order in ("NEWEST", "OLDEST", "HOTTEST", "BEST", "UPDATED"):
        yield items, {"order": order, "first": 2}
        yield items, {"order": order, "last": 2}
    filters: list[Document] = [
        {"search": "tide"},
        {"search": MARK},
        {"search": f"tide -{MARK}"},
        {"search": f'"{MARK} tide"'},
        {"categories": [f"{MARK} tide", "tide"]},
        {"types": [f"{MARK} tide"]},
        {"topics": [f"{MARK} topic"]},
        {"topics": ["Tides"]},
        {"underTopics": [f"{MARK} topic", f"{MARK} root"]},
        {"underTopics": ["Tides", "Roots"]},
        {"tags": [f"{MARK} tide", "tide"]},
        {"locales": [f"{MARK} tide", "tide"]},
        {"excludeIds": [item["_id"] for item in corpus.items]},
        {"updatedAfter": "2026-01-02T00:00:00Z"},
        {"authors": [f"{MARK} hand"]},
        {"authors": ["Ada Moor"]},
        {"providers": [f"{MARK}.example", f"{MARK}-related.example"]},
        {"providers": ["one.example"]},
        {"publishedAfter": "2026-01-01T00:00:00Z"},
        {"minHeat": 1},
        {"minQuality": 1},
        {"hasImage": True},
        {"hasImage": False},
        {"published": True},
        {"published": False},
        {"statuses": ["PUBLISHED"]},
        {"statuses": ["SCHEDULED", "PUBLISHED"]},
        {"statuses": ["DRAFT", "EXPIRED"]},
        {"price": ["tide", MARK, f"{MARK} tide"]},
        {"length": [MARK]},
    ]
    for filter_ in filters:
        yield items, {"filter": filter_}
        yield items, {"filter": filter_, "order": "RELEVANCE"}
        filtered = f"nodes {{ items(filter: $filter) {{ {whole('ItemConnection', 1)} }} }}"
        nested = f"""query ($filter: ItemFilter) {{
            providers {{ {filtered} }} topics {{ {filtered} }} authors {{ {filtered} }} }}"""
        yield nested, {"filter": filter_}
    for order in ("NAME", "MOST_ITEMS"):
        for field, type_, *more in (
            ("providers", "Provider"),
            ("topics", "Topic"),
            ("topics", "Topic", "roots: true, "),
            ("authors", "Author"),
        ):
            page = f"{''.join(more)}orderBy: {order}, {given}"
            named = f"query ({paging}) {{ {field}({page}) {{ {whole(f'{type_}Connection', 3)} }} }}"
            yield named, {}
            yield named, {"first": 1}
            yield named, {"last": 1}
    ids = [document["_id"] for document in [*corpus.items, *corpus.definitions]]
    ids += [f"topic:{MARK}-topic", f"topic:{MARK}-root", f"topic:{MARK}-child", "topic:roots"]
    ids += [f"author:{MARK}-hand", "author:ada-moor", "author:li-wen"]
    ids += [f"provider:{MARK}.example", f"provider:{MARK}-related.example", f"item:{MARK}"]
    node = (
        f"query ($id: ID!) {{ node(id: $id) {{ {whole('Node', 2)} }} item(id: $id) {{ title }} }}"
    )
    yield f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {whole('Node', 3)} }} }}", {"ids": ids}
    for id_ in ids:
        yield node, {"id": id_}
        name = {"name": id_.partition(":")[2]}
        yield "query ($name: String!) { provider(domain: $name) { name itemCount } }", name
        yield "query ($name: String!) { topic(name: $name) { name itemCount } }", name
        yield "query ($name: String!) { author(name: $name) { name itemCount } }", name
    for document in corpus.items:
        url = {"url": document["webUrl"]}
        yield f"query ($url: URL) {{ item(url: $url) {{ {whole('Item', 3)} }} }}", url
    yield f"{{ corpus {{ {whole('Corpus', 0)} }} }}", {}
    suggested = whole("Suggestion", 2)
    for prefix in ("t", "the p", MARK, MARK[:3], f"tide {MARK}"):
        yield f"query ($p: String!) {{ suggest(prefix: $p) {{ {suggested} }} }}", {"p": prefix}
    # What goes wrong may not tell either.
    yield "query ($id: ID!) { item(id: $id) { nothing } }", {"id": ids[0]}
    yield items, {"after": "bm90aGluZw"}
    yield items, {"first": -1, "filter": {"published": False}}


async def told(newsroom: Newsroom, query: str, variables: Document, audience: Audience) -> str:
    """Return all responses as text, following each page to the next."""
    answers = []
    while True:
        result = await newsroom.answer(query, audience, limits=ANYTHING_GOES, **variables)
        errors = [error.formatted for error in result.errors or ()]
        # Warnings repeat values of the query, which are no secret of the corpus.
        warnings = (result.extensions or {}).get("warnings", ())
        warned = [(warning["argument"], hash(warning["value"])) for warning in warnings]
        answer = json.dumps([result.data, errors, warned], ensure_ascii=False)
        # A correction repeats what its search leaves out.
        answers.append(re.sub(rf'("didYouMean": "[^"]*) -{MARK}', r"\1", answer))
        pages = [value for value in (result.data or {}).values() if "pageInfo" in (value or ())]
        info = pages[0]["pageInfo"] if pages else {}
        if variables.get("last") and info.get("hasPreviousPage"):
            variables = {**variables, "before": info["startCursor"]}
        elif variables.get("first") and info.get("hasNextPage"):
            variables = {**variables, "after": info["endCursor"]}
        else:
            return "\n".join(answers)


@pytest.fixture(scope="module")
async def innocent(mongod: str) -> AsyncIterator[Newsroom]:
    """A newsroom that never had anything that is not published."""
    made = Newsroom(mongod, "test_newsroom_innocent")
    yield made
    await made.close()


def examples(number: int) -> settings:
    """Return how many corpora to draw: each takes two seconds."""
    return settings(max_examples=number, deadline=None, suppress_health_check=list(HealthCheck))


@examples(2)
@given(corpus=corpora())
async def test_no_public_query_reveals_an_unpublished_item(
    newsroom: Newsroom, innocent: Newsroom, corpus: Corpus
) -> None:
    await reveals_nothing(newsroom, innocent, corpus)


@pytest.mark.slow
@examples(20)
@given(corpus=corpora())
async def test_no_public_query_of_many_corpora_reveals_an_unpublished_item(
    newsroom: Newsroom, innocent: Newsroom, corpus: Corpus
) -> None:
    await reveals_nothing(newsroom, innocent, corpus)


@pytest.fixture
def indexes(
    newsroom: Newsroom, innocent: Newsroom, tmp_path: Path
) -> Iterator[list[IndexedNewsroom]]:
    """The search indexes of both newsrooms."""
    with ExitStack() as stack:
        made = []
        for each in (newsroom, innocent):
            made.append(stack.enter_context(searching(each, tmp_path / each.database.name)))
            # Cursors name the edition of the index, which is another one for each newsroom.
            each.store.edition = lambda audience: str(audience)  # type: ignore[method-assign]
        yield made


@examples(2)
@given(corpus=corpora())
async def test_no_public_query_of_an_index_reveals_an_unpublished_item(
    newsroom: Newsroom, innocent: Newsroom, indexes: list[IndexedNewsroom], corpus: Corpus
) -> None:
    await reveals_nothing(newsroom, innocent, corpus, indexes)


@pytest.mark.slow
@examples(20)
@given(corpus=corpora())
async def test_no_public_query_of_many_indexes_reveals_an_unpublished_item(
    newsroom: Newsroom, innocent: Newsroom, indexes: list[IndexedNewsroom], corpus: Corpus
) -> None:
    await reveals_nothing(newsroom, innocent, corpus, indexes)


async def reveals_nothing(
    newsroom: Newsroom,
    innocent: Newsroom,
    corpus: Corpus,
    indexes: Sequence[IndexedNewsroom] = (),
) -> None:
    """Ask everything of a corpus and of its published part, which have to look the same."""
    corpus.stored_in(newsroom)
    corpus.published().stored_in(innocent)
    for index in indexes:
        index.follow()
    for query, variables in questions(corpus):
        answer = await told(newsroom, query, variables, Audience.PUBLIC)
        assert MARK not in answer, (query, variables, answer)
        assert answer == await told(innocent, query, variables, Audience.PUBLIC), variables


def test_only_the_questions_that_are_meant_to_are_refused() -> None:
    schema = schema_of(site_fields=SITE)._schema
    queries = {query for query, _ in questions(Corpus([item("i0")], []))}
    (refused,) = (query for query in queries if validate(schema, parse(query)))
    assert "nothing" in refused


async def test_leak_probe_finds_every_secret_when_run_as_editor(newsroom: Newsroom) -> None:
    secret = item(
        "i0",
        title=f"{MARK} title",
        published=False,
        topics=[f"{MARK} topic"],
        authors=[f"{MARK} hand"],
        provider=f"{MARK}.example",
        category=f"{MARK} category",
        related=[{"title": f"{MARK} related", "webUrl": "https://one.example/i1"}],
        secured={"ciphertext": f"{MARK} ciphertext", "iv": "iv"},
        extra={"note": f"{MARK} extra"},
        path=f"{MARK}.md",
    )
    secret = with_site(secret, SITE, length=[f"{MARK} length"], price=f"{MARK} price")
    corpus = Corpus([secret, item("i1")], [])
    corpus.stored_in(newsroom)
    answers = "".join(
        [await told(newsroom, query, given, Audience.EDITOR) for query, given in questions(corpus)]
    )
    texts = ("title", "topic", "hand", "category", "related", "ciphertext", "extra")
    for text in (*texts, "length", "price"):
        assert f"{MARK} {text}" in answers
    assert f"{MARK}.md" in answers
    assert f"{MARK}.example" in answers


async def test_editor_fields_are_null_for_the_public(newsroom: Newsroom) -> None:
    newsroom.put(item("i", extra={"a": 1}, secured={"ciphertext": "YQ==", "iv": "Yg=="}))
    query = "{ items { nodes { path extra secured { ciphertext iv } } } }"
    public = await newsroom.ask(query)
    assert public["items"]["nodes"] == [{"path": None, "extra": None, "secured": None}]
    editor = await newsroom.ask(query, Audience.EDITOR)
    assert editor["items"]["nodes"] == [
        {
            "path": "_news/i.md",
            "extra": {"a": 1},
            "secured": {"ciphertext": "YQ==", "iv": "Yg=="},
        }
    ]
