"""The floor: the same responses from the same database calls, assembled by hand for each query.

No GraphQL at all: the name of the operation chooses the query. This is the work that any server in
Python with this driver and this HTTP stack has to do.
"""

import os
from typing import Any

import orjson
from pymongo import AsyncMongoClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Document = dict[str, Any]

_IMAGE = ("url", "width", "height")
_database = AsyncMongoClient[Document](os.environ["MONGODB_URI"])[os.environ["DATABASE"]]
_FRONT = dict.fromkeys(
    (
        "title excerpt webUrl publishedDateTime type heat sort.newest provider.id related.title "
        "related.webUrl related.publishedDateTime related.provider.id related.ref"
    ).split()
    + [f"{owner}images.{key}" for owner in ("", "related.") for key in _IMAGE],
    1,
)


def _date(document: Document) -> str | None:
    date = document.get("publishedDateTime")
    return None if date is None else f"{date:%Y-%m-%dT%H:%M:%SZ}"


async def _linked(providers: set[str], refs: set[str]) -> Document:
    """Return providers and items by id, from one call."""
    items = [
        {"$match": {"_id": {"$in": list(refs)}, "published": True}},
        {"$project": {"title": 1, "webUrl": 1}},
    ]
    cursor = await _database["providers"].aggregate(
        [
            {"$match": {"_id": {"$in": list(providers)}}},
            {"$project": {"domain": 1, "public.name": 1}},
            {"$unionWith": {"coll": "items", "pipeline": items}},
        ],
        batchSize=1000,
    )
    return {one["_id"]: one for one in await cursor.to_list()}


async def _page(match: Document, first: int, fields: Document) -> tuple[list[Document], bool]:
    cursor = _database["items"].find({"published": True, **match}, fields, limit=first + 1)
    found = await cursor.sort("sort.newest", 1).to_list()
    return found[:first], len(found) > first


def _images(document: Document) -> list[Document]:
    return [{key: image.get(key) for key in _IMAGE} for image in document["images"]]


async def front_page(variables: Document) -> Document:
    """Return the data of `FrontPage`."""
    items, more = await _page({"labels": "*"}, variables["first"], _FRONT)
    entries = [entry for item in items for entry in item["related"]]
    ids = {one["provider"]["id"] for one in (*items, *entries)}
    linked = await _linked(ids, {entry["ref"] for entry in entries})

    def provider(document: Document) -> Document:
        found = linked[document["provider"]["id"]]
        return {"id": found["_id"], "name": found["public"]["name"], "domain": found["domain"]}

    def item(ref: str) -> Document | None:
        found = linked.get(ref)
        return found and {"id": found["_id"], "title": found["title"], "webUrl": found["webUrl"]}

    nodes = [
        {
            "id": one["_id"],
            "title": one["title"],
            "excerpt": one["excerpt"],
            "webUrl": one["webUrl"],
            "publishedDateTime": _date(one),
            "type": one["type"],
            "heat": one["heat"],
            "provider": provider(one),
            "images": _images(one),
            "related": [
                {
                    "title": entry["title"],
                    "webUrl": entry["webUrl"],
                    "publishedDateTime": _date(entry),
                    "provider": provider(entry),
                    "images": _images(entry),
                    "item": item(entry["ref"]),
                }
                for entry in one["related"]
            ],
        }
        for one in items
    ]
    return {"items": {"nodes": nodes, "pageInfo": {"hasNextPage": more}}}


async def ids(variables: Document) -> Document:
    """Return the data of `Ids`."""
    items, _ = await _page({"labels": "*"}, variables["first"], {"_id": 1, "sort.newest": 1})
    return {"items": {"nodes": [{"id": item["_id"]} for item in items]}}


_OPERATIONS = {"FrontPage": front_page, "Ids": ids}


async def respond(request: Request) -> Response:
    """Respond to a query by the name of its operation."""
    body = orjson.loads(await request.body())
    data = await _OPERATIONS[body["operationName"]](body.get("variables") or {})
    return Response(orjson.dumps({"data": data}), media_type="application/json")


app = Starlette(routes=[Route("/graphql", respond, methods=["POST"])])
