"""A newsroom: a database of handmade items, with the whole graph on top."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from pymongo import AsyncMongoClient, MongoClient, ReplaceOne
from pymongo.monitoring import CommandListener, CommandStartedEvent

from schema.context import Context
from schema.limits.limits import Limits
from schema.schema import ExecutorName, build_schema
from store.audience import Audience
from store.documents import Document, derive
from store.ids import author_id, item_id, provider_id, topic_id
from store.indexes import ensure_indexes
from store.reading.store import Store
from store.site_fields import SiteFields
from store.taxonomies import TAXONOMIES
from store.writing.candidates import affected_ids, contributions
from store.writing.taxonomies import TaxonomyWriter

DAY_ONE = datetime(2026, 1, 1, tzinfo=UTC)
EXECUTORS: tuple[ExecutorName, ...] = ("breadth-first", "graphql-core")


@cache
def schema_of(
    executor: ExecutorName = "breadth-first",
    limits: Limits | None = None,
    site_fields: SiteFields = (),
) -> Any:
    """Return the schema, built once for all tests."""
    return build_schema(executor=executor, limits=limits, site_fields=site_fields)


def item(name: str, **fields: Any) -> Document:
    """Return an item by its name; `provider`, `topics`, `authors` and `related` are names too.

    A field that is None is left out. Without a `date`, it is published at DAY_ONE.
    """
    url = f"https://{fields.get('provider', 'one.example')}/{name}"
    date = fields.pop("date", DAY_ONE)
    document: Document = {
        "_id": item_id(url),
        "title": f"Story {name}",
        "webUrl": url,
        "published": True,
        "path": f"_news/{name}.md",
        "tags": [],
        "images": [],
        "publishedDateTime": date,
        **fields,
    }
    document["topics"] = [{"id": topic_id(t), "name": t} for t in fields.get("topics", ())]
    document["authors"] = [{"id": author_id(a), "name": a} for a in fields.get("authors", ())]
    document["related"] = [related(entry) for entry in fields.get("related", ())]
    if domain := fields.get("provider"):
        document["provider"] = link(domain)
    return derive({key: value for key, value in document.items() if value is not None})


def with_site(item: Document, fields: SiteFields, **values: Any) -> Document:
    """Return an item with values of the site's own fields, as a load stores them."""
    site: Document = {}
    for field in fields:
        if (value := values.get(field.name)) is not None:
            name, digest = field.stored_at
            site[name] = {digest: value}
            if field.filter:
                of_list = value if field.type.many else [value]
                item["labels"] += [field.label(member) for member in of_list]
    return {**item, "site": site}


def link(domain: str) -> Document:
    """Return the `provider` of an item or a related entry."""
    return {"id": provider_id(domain), "name": f"The {domain}", "domain": domain}


def related(entry: Document | str) -> Document:
    """Return a related entry, from an item's name or from fields."""
    if isinstance(entry, str):
        entry = {"title": f"Story {entry}", "webUrl": f"https://one.example/{entry}"}
    made = {"images": [], **entry}
    if "webUrl" in made:
        made.setdefault("ref", item_id(made["webUrl"]))
    return made


class Commands(CommandListener):
    """Records the commands that read data."""

    def __init__(self) -> None:
        self.noted: list[Document] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in ("find", "aggregate", "count", "distinct", "getMore"):
            self.noted.append(dict(event.command))

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


class Newsroom:
    """A database of items with the graph on top."""

    def __init__(self, uri: str, name: str) -> None:
        # With w=1 a node acknowledges at once; a majority does only after journaling.
        self.blocking: MongoClient[Document] = MongoClient(uri, tz_aware=True, w=1)
        self.database = self.blocking[name]
        ensure_indexes(self.database)
        self.commands = Commands()
        self.client: AsyncMongoClient[Document] = AsyncMongoClient(
            uri, event_listeners=[self.commands]
        )
        self.store = Store(self.client, self.client[name])
        self.site_fields: SiteFields = ()

    async def close(self) -> None:
        """Close the clients."""
        self.blocking.close()
        await self.client.close()

    def put(self, *items: Document) -> None:
        """Store items, and derive the providers, topics and authors that they name."""
        self.insert(*items)
        named = (affected_ids(frozenset(), contributions(item)) for item in items)
        TaxonomyWriter(self.database).recompute(itertools.chain.from_iterable(named))

    def insert(self, *items: Document) -> None:
        """Store items without deriving providers, topics and authors."""
        if items:
            self.database["items"].bulk_write(
                [ReplaceOne({"_id": item["_id"]}, item, upsert=True) for item in items]
            )

    def define(self, *definitions: Document) -> None:
        """Store a file of organizations and topics, and derive their documents."""
        self.database["files"].insert_one({"definitions": list(definitions)})
        TaxonomyWriter(self.database).recompute(definition["_id"] for definition in definitions)

    def clear(self) -> None:
        """Delete all documents, but keep the indexes."""
        self.site_fields = ()
        self.store.known_labels.forget()
        for name in ("items", "files", "meta", *(each.collection for each in TAXONOMIES)):
            self.database[name].delete_many({})

    async def answer(
        self,
        query: str,
        audience: Audience = Audience.PUBLIC,
        *,
        executor: ExecutorName = "breadth-first",
        limits: Limits | None = None,
        **variables: Any,
    ) -> Any:
        """Execute a query and return Strawberry's result."""
        return await schema_of(executor, limits, self.site_fields).execute(
            query, variables, context_value=Context(self.store, audience)
        )

    async def ask(self, query: str, audience: Audience = Audience.PUBLIC, **given: Any) -> Any:
        """Execute a query that must succeed, and return its data."""
        result = await self.answer(query, audience, **given)
        assert not result.errors, result.errors
        return result.data

    async def refusal(self, query: str, audience: Audience = Audience.PUBLIC, **given: Any) -> Any:
        """Execute a query that must fail, and return its error's code and message."""
        result = await self.answer(query, audience, **given)
        assert result.errors, result.data
        (error,) = result.errors
        return error.extensions["code"], error.message

    @contextmanager
    def noted(self) -> Iterator[list[Document]]:
        """Yield a list that fills with the commands sent inside the block."""
        self.commands.noted = []
        yield self.commands.noted


def dated(count: int, **fields: Any) -> Sequence[Document]:
    """Return items `n000`, `n001`, … a day apart, oldest first."""
    return [
        item(f"n{number:03}", date=DAY_ONE + timedelta(days=number), **fields)
        for number in range(count)
    ]
