"""The bodies of items: their formats, and what is rendered from them when it is asked for.

Rendering 2 KB takes 0.2 ms, so it is done for each response, which is cached, and not stored, where
it would double what is loaded. It runs in a thread, a few bodies at a time: a request that ends
early renders no more of them.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Final

import strawberry
from strawberry.types.enum import has_enum_definition

from bodies import text
from bodies.rendering import BodyFormat, TooLong
from bodies.safety import safe_html
from bodies.text import MAX_OPENING, shortened
from schema.context import Info
from schema.errors import ApiError, ErrorCode, bad_input
from schema.pictures import MEDIA
from store.documents import Document

_DESCRIPTIONS = {
    BodyFormat.MARKDOWN: (
        "CommonMark with tables, footnotes and strikethrough; it may contain HTML."
    ),
    BodyFormat.MDX: "Markdown with components. `bodyHtml` keeps only what is between their tags.",
    BodyFormat.HTML: "HTML, which may contain anything.",
    BodyFormat.TEXT: "Plain text.",
}
_exposed = strawberry.enum(BodyFormat, description="The format of a body.")
assert has_enum_definition(_exposed)  # noqa: S101 - for the type checker
for _value in _exposed.__strawberry_definition__.values:
    _value.description = _DESCRIPTIONS[BodyFormat(_value.value)]

MIN_SUMMARY: Final = 20

SummaryLength = Annotated[
    int,
    strawberry.argument(
        description=f"The maximum number of characters: {MIN_SUMMARY} to {MAX_OPENING}. A longer "
        "text is cut after a word, and ends with `…`."
    ),
]

_FORMATS: Mapping[str, BodyFormat] = {format_.value: format_ for format_ in BodyFormat}

_CHARACTERS_AT_A_TIME: Final = 64 * 1024

# One thread: rendering by one request must not take the cores from all others.
_RENDERER = ThreadPoolExecutor(1, "bodies")

_Rendered = str | ApiError | None
_Render = Callable[[Document, str, BodyFormat], str]


def body_format(parents: Sequence[Document], info: Info) -> list[BodyFormat | None]:
    """Return the format of each item's body."""
    return [_FORMATS.get(parent.get("bodyFormat", "")) for parent in parents]


async def body_html(parents: Sequence[Document], info: Info) -> list[_Rendered]:
    """Return each item's body as HTML that is safe to show."""
    return await _rendered(parents, partial(_html, media=info.context.pictures.media))


async def body_text(parents: Sequence[Document], info: Info) -> list[_Rendered]:
    """Return the text of each item's body."""
    return await _rendered(parents, _text)


def summary(
    parents: Sequence[Document], info: Info, length: SummaryLength = MAX_OPENING
) -> list[str | None]:
    """Return each item's excerpt, or else how its body begins, shortened."""
    if not MIN_SUMMARY <= length <= MAX_OPENING:
        raise bad_input(f"`length` is {length}, but must be from {MIN_SUMMARY} to {MAX_OPENING}.")
    found = (parent.get("excerpt") or parent.get("opening") for parent in parents)
    return [whole and shortened(whole, length) for whole in found]


def _html(item: Document, body: str, format_: BodyFormat, media: str | None) -> str:
    base = item.get("webUrl") or item.get("originalUrl")
    return safe_html(body, format_, base, {MEDIA: media} if media else {})


def _text(_item: Document, body: str, format_: BodyFormat) -> str:
    return text.body_text(body, format_)


async def _rendered(items: Sequence[Document], render: _Render) -> list[_Rendered]:
    loop = asyncio.get_running_loop()
    rendered: list[_Rendered] = []
    for batch in _batches(items):
        rendered += await loop.run_in_executor(_RENDERER, _render_all, batch, render)
    return rendered


def _batches(items: Sequence[Document]) -> Iterator[Sequence[Document]]:
    """Yield the items in groups whose bodies have some `_CHARACTERS_AT_A_TIME` together."""
    start = characters = 0
    for number, item in enumerate(items, 1):
        characters += len(item.get("body") or "")
        if characters >= _CHARACTERS_AT_A_TIME or number == len(items):
            yield items[start:number]
            start, characters = number, 0


def _render_all(items: Sequence[Document], render: _Render) -> list[_Rendered]:
    return [_render_one(item, render) for item in items]


def _render_one(item: Document, render: _Render) -> _Rendered:
    body = item.get("body")
    if body is None:
        return None
    # Items that an earlier version loaded have no format.
    format_ = _FORMATS.get(item.get("bodyFormat", ""), BodyFormat.MARKDOWN)
    try:
        return render(item, body, format_)
    except TooLong as error:
        return ApiError(f"Not rendered: {error}. Use `body`.", ErrorCode.QUERY_TOO_EXPENSIVE)
