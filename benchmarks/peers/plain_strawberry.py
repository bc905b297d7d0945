"""The peer in Python: the same part of the graph in ordinary Strawberry, with DataLoaders."""

import os
from datetime import datetime
from typing import Any

import strawberry
from pymongo import AsyncMongoClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.types import Info as StrawberryInfo
from typing_extensions import override

Document = dict[str, Any]
_database = AsyncMongoClient[Document](os.environ["MONGODB_URI"], tz_aware=True)[
    os.environ["DATABASE"]
]
_LIST = {"body": 0, "extra": 0, "secured": 0, "labels": 0}


class Context(dict[str, Any]):
    """The loaders of one request."""

    def __init__(self) -> None:
        super().__init__(
            items=DataLoader(load_fn=_load_items),
            providers=DataLoader(load_fn=_load_providers),
            items_of_provider=DataLoader(load_fn=_load_items_of_providers),
        )


Info = StrawberryInfo[Context, None]


async def _load_items(ids: list[str]) -> list[Document | None]:
    cursor = _database["items"].find({"_id": {"$in": ids}, "published": True}, _LIST)
    found = {item["_id"]: item for item in await cursor.to_list()}
    return [found.get(id_) for id_ in ids]


async def _load_providers(ids: list[str]) -> list[Document | None]:
    cursor = _database["providers"].find({"_id": {"$in": ids}}, {"editor": 0})
    found = {one["_id"]: {**one, **one["public"]} for one in await cursor.to_list()}
    return [found.get(id_) for id_ in ids]


async def _load_items_of_providers(keys: list[tuple[str, int]]) -> list[list[Document]]:
    first = keys[0][1]
    pipeline = [
        {"$match": {"published": True}},
        {"$sort": {"sort.newest": 1}},
        {"$limit": first + 1},
        {"$project": _LIST},
    ]
    lookup = {
        "from": "items",
        "localField": "_id",
        "foreignField": "labels",
        "as": "found",
        "pipeline": pipeline,
    }
    cursor = await _database["providers"].aggregate(
        [
            {"$match": {"_id": {"$in": [id_ for id_, _ in keys]}}},
            {"$lookup": lookup},
            {"$project": {"found": 1}},
        ]
    )
    found = {row["_id"]: row["found"] for row in await cursor.to_list()}
    return [found.get(id_, []) for id_, _ in keys]


@strawberry.type
class Image:
    """A picture."""

    url: str
    width: int | None
    height: int | None


@strawberry.type
class PageInfo:
    """Whether another page follows."""

    has_next_page: bool


def _date(date: datetime | None) -> str | None:
    return f"{date:%Y-%m-%dT%H:%M:%SZ}" if date else None


def _images(document: Document) -> list[Image]:
    return [
        Image(url=i["url"], width=i.get("width"), height=i.get("height"))
        for i in document["images"]
    ]


@strawberry.type
class Provider:
    """A provider."""

    id: strawberry.ID
    domain: str
    name: str

    @strawberry.field
    async def items(self, info: Info, first: int = 20) -> "ItemConnection":
        """Return its newest items."""
        found = await info.context["items_of_provider"].load((str(self.id), first))
        return _connection(found, first)


async def _provider(document: Document, info: Info) -> Provider | None:
    if "provider" not in document:
        return None
    found = await info.context["providers"].load(document["provider"]["id"])
    return found and Provider(id=found["_id"], domain=found["domain"], name=found["name"])


@strawberry.type
class RelatedItem:
    """A related entry."""

    document: strawberry.Private[Document]
    title: str
    web_url: str | None
    published_date_time: str | None
    images: list[Image]

    @strawberry.field
    async def provider(self, info: Info) -> Provider | None:
        """Return its provider."""
        return await _provider(self.document, info)

    @strawberry.field
    async def item(self, info: Info) -> "Item | None":
        """Return the linked item."""
        found = await info.context["items"].load(self.document["ref"])
        return found and _item(found)


@strawberry.type
class Item:
    """An item."""

    document: strawberry.Private[Document]
    id: strawberry.ID
    title: str
    excerpt: str | None
    category: str | None
    web_url: str | None
    published_date_time: str | None
    type: str | None
    heat: int | None
    quality: int | None
    images: list[Image]

    @strawberry.field
    def body(self) -> str | None:
        """Return its text."""
        text: str | None = self.document.get("body")
        return text

    @strawberry.field
    async def provider(self, info: Info) -> Provider | None:
        """Return its provider."""
        return await _provider(self.document, info)

    @strawberry.field
    def related(self) -> list[RelatedItem]:
        """Return its related entries."""
        return [
            RelatedItem(
                document=entry,
                title=entry["title"],
                web_url=entry.get("webUrl"),
                published_date_time=_date(entry.get("publishedDateTime")),
                images=_images(entry),
            )
            for entry in self.document["related"]
        ]


@strawberry.type
class ItemConnection:
    """A page of items."""

    nodes: list[Item]
    page_info: PageInfo


@strawberry.type
class ProviderConnection:
    """A page of providers."""

    nodes: list[Provider]


def _item(document: Document) -> Item:
    return Item(
        document=document,
        id=document["_id"],
        title=document["title"],
        excerpt=document.get("excerpt"),
        category=document.get("category"),
        web_url=document.get("webUrl"),
        published_date_time=_date(document.get("publishedDateTime")),
        type=document.get("type"),
        heat=document.get("heat"),
        quality=document.get("quality"),
        images=_images(document),
    )


def _connection(found: list[Document], first: int) -> ItemConnection:
    return ItemConnection(
        nodes=[_item(document) for document in found[:first]],
        page_info=PageInfo(has_next_page=len(found) > first),
    )


@strawberry.type
class Query:
    """The root."""

    @strawberry.field
    async def item(self, id: strawberry.ID) -> Item | None:
        """Return an item by id."""
        found = await _database["items"].find_one({"_id": id, "published": True})
        return _item(found) if found else None

    @strawberry.field
    async def items(self, first: int = 20) -> ItemConnection:
        """Return the newest items."""
        cursor = _database["items"].find({"published": True, "labels": "*"}, _LIST, limit=first + 1)
        return _connection(await cursor.sort("sort.newest", 1).to_list(), first)

    @strawberry.field
    async def providers(self, first: int = 20) -> ProviderConnection:
        """Return the providers, by name."""
        cursor = _database["providers"].find({"public": {"$exists": True}}, limit=first)
        found = await cursor.sort("public.sort.name", 1).to_list()
        return ProviderConnection(
            nodes=[
                Provider(id=one["_id"], domain=one["domain"], name=one["public"]["name"])
                for one in found
            ]
        )


class App(GraphQL[Context, None]):
    """Strawberry's own ASGI application."""

    @override
    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Return new loaders for each request."""
        return Context()


app = App(strawberry.Schema(Query, extensions=[ParserCache, ValidationCache]))
