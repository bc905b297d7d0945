"""Items as Markdown, and llms.txt (https://llmstxt.org)."""

import re
from typing import Any, Final

from api.feeds.addresses import Addresses, feed_path, item_path
from api.feeds.questions import Data

MEDIA_TYPE: Final = "text/markdown"

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|])")
_ADDRESS_SPECIAL: Final = re.compile(r"[\s<>()]")


def item_markdown(item: dict[str, Any], addresses: Addresses) -> str:
    """Return an item as a page of Markdown."""
    parts = [f"# {_text(item['title'])}", _origin_of(item)]
    if item["excerpt"]:
        parts.append(f"> {_text(item['excerpt'])}")
    is_markdown = item["bodyFormat"] in ("MARKDOWN", "TEXT")
    parts.append((item["body"] if is_markdown else item["bodyText"]) or "")
    if item["related"]:
        links = [_related(entry, addresses) for entry in item["related"]]
        parts.append("\n".join(["## Related", "", *links]))
    return "\n\n".join(part.strip() for part in parts if part and part.strip()) + "\n"


def llms_txt(data: Data, addresses: Addresses, site: str) -> str:
    """Return what a site of that name has, with links to the newest items and to the feeds."""
    items = data["items"]
    newest = [
        _link(item["title"], addresses.of(item_path(item["id"], ".md")), item["summary"])
        for item in items["nodes"]
    ]
    ways = [
        _link("GraphQL", addresses.of("/graphql"), "Every field, filter and list; send POST"),
        _link("Schema", addresses.of("/schema.graphql"), "What can be asked for"),
        _link("JSON Feed", addresses.of(feed_path("items", None, "json")), "The newest items"),
        _link("Sitemap", addresses.of("/sitemap.xml"), "All items"),
    ]
    summary = f"> {items['totalCount']:,} items of news. Each is also a page of Markdown."
    lists = [
        _section(name.capitalize(), [_feed(name, node, addresses) for node in data[name]["nodes"]])
        for name in ("topics", "providers")
    ]
    parts = [f"# {site}", summary, _section("API", ways), _section("Newest items", newest), *lists]
    return "\n\n".join(filter(None, parts)) + "\n"


def _feed(kind: str, node: dict[str, Any], addresses: Addresses) -> str:
    path = feed_path(kind, node.get("slug") or node["domain"], "json")
    return _link(node["name"], addresses.of(path), f"{node['itemCount']:,} items")


def _section(title: str, links: list[str]) -> str:
    return "\n".join([f"## {title}", "", *links]) if links else ""


def _origin_of(item: dict[str, Any]) -> str:
    names = [author["name"] for author in item["authors"] or ()]
    names += [item["provider"]["name"]] if item["provider"] else []
    about = [topic["name"] for topic in item["topics"] or ()]
    lines = [
        ("Published", item["publishedDateTime"]),
        ("Updated", item["updatedDateTime"]),
        ("By", ", ".join(map(_text, names))),
        ("Topics", ", ".join(map(_text, about))),
        ("Address", item["webUrl"] and f"<{_address(item['webUrl'])}>"),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in lines if value)


def _related(entry: dict[str, Any], addresses: Addresses) -> str:
    if entry["item"]:
        return _link(entry["title"], addresses.of(item_path(entry["item"]["id"], ".md")))
    return _link(entry["title"], entry["webUrl"]) if entry["webUrl"] else f"- {entry['title']}"


def _link(title: str, address: str, note: str | None = None) -> str:
    after = f": {_text(note)}" if note else ""
    return f"- [{_text(title)}]({_address(address)}){after}"


def _text(text: str) -> str:
    """Return text for one line, in which nothing is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _address(url: str) -> str:
    return _ADDRESS_SPECIAL.sub(lambda found: f"%{ord(found[0]):02X}", url)
