"""Items as JSON-LD, in the vocabulary of schema.org, which search engines read."""

from collections.abc import Sequence
from typing import Any, Final

from schema.context import Info
from schema.pictures import Pictures
from schema.scalars import format_date_time
from store.documents import Document

KEYS: Final = (
    *("title", "excerpt", "opening", "webUrl", "publishedDateTime", "updatedDateTime"),
    *("category", "tags", "locale", "wordCount", "images.url"),
    *("topics.name", "authors.name", "provider.name", "provider.domain"),
)
"""The keys of an item's document that its JSON-LD is made of."""


def json_ld(parents: Sequence[Document], info: Info) -> list[dict[str, Any]]:
    """Return each item as a NewsArticle (https://schema.org/NewsArticle)."""
    return [_article(item, info.context.pictures) for item in parents]


def _article(item: Document, pictures: Pictures) -> dict[str, Any]:
    page = item.get("webUrl")
    images = [pictures.address(image["url"], page) for image in item.get("images", ())]
    keywords = [*(topic["name"] for topic in item.get("topics", ())), *item.get("tags", ())]
    members = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": page,
        "headline": item["title"],
        "description": item.get("excerpt") or item.get("opening"),
        "url": page,
        "mainEntityOfPage": page,
        "datePublished": _date(item, "publishedDateTime"),
        "dateModified": _date(item, "updatedDateTime"),
        "author": [{"@type": "Person", "name": link["name"]} for link in item.get("authors", ())],
        "publisher": _publisher(item.get("provider")),
        "image": images,
        "articleSection": item.get("category"),
        "keywords": list(dict.fromkeys(keywords)),
        "inLanguage": item.get("locale"),
        "wordCount": item.get("wordCount"),
    }
    return {key: value for key, value in members.items() if value not in (None, [])}


def _date(item: Document, key: str) -> str | None:
    return format_date_time(item[key]) if key in item else None


def _publisher(provider: Document | None) -> dict[str, str] | None:
    if not provider or "name" not in provider:
        return None
    publisher = {"@type": "Organization", "name": provider["name"]}
    if "domain" in provider:
        publisher["url"] = f"https://{provider['domain']}/"
    return publisher
