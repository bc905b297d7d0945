"""What a body is: its format, how long it is, and how it begins."""

import posixpath
import re

from bodies.rendering import BodyFormat
from bodies.text import measured
from loaders.source_mapping import SourceMapping
from store.documents import Document

_FORMATS = {
    ".md": BodyFormat.MARKDOWN,
    ".markdown": BodyFormat.MARKDOWN,
    ".mdx": BodyFormat.MDX,
    ".html": BodyFormat.HTML,
    ".txt": BodyFormat.TEXT,
}
_BEGINS_WITH_TAG = re.compile(r"\s*<[a-zA-Z!]")


def measure_body(source: SourceMapping, item: Document) -> None:
    """Set what is derived from an item's body, if it has one."""
    body = item.get("body")
    if not body:
        return
    format_ = _format_of(body, source.path)
    measures = measured(body, format_, with_opening="excerpt" not in item)
    item["bodyFormat"] = format_.value
    item["wordCount"] = measures.words
    item["readingMinutes"] = measures.minutes
    if measures.opening:
        item["opening"] = measures.opening


def _format_of(body: str, path: str) -> BodyFormat:
    """Return the format that a path's suffix stands for.

    Data has bodies of any format. One that begins and ends with a tag is HTML, as exports have it.
    """
    format_ = _FORMATS.get(posixpath.splitext(path)[1].lower())
    if format_ is None:
        is_html = body.rstrip().endswith(">") and _BEGINS_WITH_TAG.match(body)
        format_ = BodyFormat.HTML if is_html else BodyFormat.MARKDOWN
    return format_
