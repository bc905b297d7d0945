"""The fields of items and of what they hold, declared once.

Everything that deals with a field follows from these tables: what the loader accepts, which values
of a file stay text, what the store keeps, which fields the GraphQL types have and how they are
described, and the reference in docs/loading.md. A field has the same name in files, in documents
and in GraphQL. To add a plain field to items, add a line to `ITEM`.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

MAX_ENTRIES = 1_000
"""Entries of a list: clients may ask for whole lists, of many items at once."""


class Kind(Enum):
    """The kinds of values; each member's text is how docs/loading.md names it."""

    TEXT = "text"
    TITLE = "non-empty text"
    NAME = "short text"
    URL = "http(s) URL"
    IMAGE_URL = "http(s) URL, or a path that starts with `/`"
    DATE = "date"
    INTEGER = "32-bit integer"
    PIXELS = "number of pixels"
    FLAG = "true or false"
    BASE64 = "text in base64"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, the kind of its values, and its description in GraphQL."""

    name: str
    kind: "Kind | Shape"
    description: str
    required: bool = False
    many: bool = False
    """Whether it holds a list; a list that a file leaves out is empty, never absent."""
    default: bool | None = None
    """The value of a flag that a file leaves out."""
    synonyms: tuple[str, ...] = ()
    """Other keys that files use for this field, in order of preference."""
    example: str = ""
    """What a file may have as its value, for messages on values of the wrong shape."""
    file_note: str = ""
    """What docs/loading.md says of it, where the description makes sense to clients only."""

    @property
    def nullable(self) -> bool:
        """Whether a document may lack the field."""
        return not (self.required or self.many or self.default is not None)


@dataclass(frozen=True, eq=False)
class Shape:
    """The fields of one kind of mapping."""

    name: str
    fields: tuple[Field, ...]
    open: bool = True
    """Whether a file may have other keys too; they are kept in `extra`."""

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The names of all fields."""
        return frozenset(field.name for field in self.fields)

    @cached_property
    def synonyms(self) -> Mapping[str, tuple[str, ...]]:
        """The other keys that files use, by the field they stand for."""
        return {field.name: field.synonyms for field in self.fields if field.synonyms}

    def set_defaults(self, mapping: MutableMapping[str, Any]) -> None:
        """Set the lists and flags that a file left out, so that documents always have them."""
        for name, default in self._defaults:
            if name not in mapping:
                mapping[name] = [] if default is None else default

    @cached_property
    def _defaults(self) -> tuple[tuple[str, bool | None], ...]:
        return tuple(
            (field.name, field.default)
            for field in self.fields
            if field.many or field.default is not None
        )


IMAGE = Shape(
    "Image",
    (
        Field(
            "url",
            Kind.IMAGE_URL,
            "The image's address. One that starts with `/` is relative to its site.",
            required=True,
        ),
        Field("width", Kind.PIXELS, "Width in pixels."),
        Field("height", Kind.PIXELS, "Height in pixels."),
        Field(
            "title",
            Kind.TEXT,
            "What the image shows. Use it as the `alt` text.",
            file_note="What the image shows.",
        ),
        Field("attribution", Kind.TEXT, "Who to credit."),
        Field("isCached", Kind.FLAG, "Whether the publisher keeps a copy.", default=False),
    ),
)

_IMAGES_EXAMPLE = 'a list like [{url: "https://example.com/a.jpg", width: 600, height: 360}]'

PROVIDER = Shape(
    "Provider",
    (
        Field("name", Kind.NAME, "The provider's name."),
        Field(
            "domain",
            Kind.NAME,
            "The provider's internet domain. If it is left out, it is taken from the entry's URL.",
        ),
        Field("images", IMAGE, "Logos and other pictures.", many=True, example=_IMAGES_EXAMPLE),
    ),
)

SECURED = Shape(
    "Secured",
    (
        Field("ciphertext", Kind.BASE64, "The encrypted payload, in base64.", required=True),
        Field("iv", Kind.BASE64, "The initialization vector, in base64.", required=True),
    ),
    open=False,
)

# What items and the related entries in them share.
_TITLE = Field("title", Kind.TITLE, "The headline, or a person's name.", required=True)
_EXCERPT = Field("excerpt", Kind.TEXT, "The opening words, or a summary.")
_TYPE = Field("type", Kind.NAME, "What it is, such as `article` or `video`.")
_URLS = (
    Field("webUrl", Kind.URL, "The address of the page."),
    Field("ampWebUrl", Kind.URL, "The address of the page in the AMP format, for mobile devices."),
    Field("cdnAmpWebUrl", Kind.URL, "The address of the AMP page in a cache."),
)
_PUBLISHED_AT = Field("publishedDateTime", Kind.DATE, "When it was published.")
_SCORES = (
    Field("quality", Kind.INTEGER, "A rating of how good it is. Higher is better."),
    Field("heat", Kind.INTEGER, "A rating of how much it is talked about. Higher is more."),
)
_PROVIDER = Field(
    "provider",
    PROVIDER,
    "Who published it.",
    example="a name, or a mapping like {name: Example News, domain: example.com}",
)
_IMAGES = Field(
    "images", IMAGE, "Its images, in the file's order.", many=True, example=_IMAGES_EXAMPLE
)

RELATED = Shape(
    "RelatedItem",
    (_TITLE, _EXCERPT, _TYPE, *_URLS, _PUBLISHED_AT, *_SCORES, _PROVIDER, _IMAGES),
)

ITEM = Shape(
    "Item",
    (
        Field("title", Kind.TITLE, _TITLE.description, required=True, synonyms=("name",)),
        Field("excerpt", Kind.TEXT, _EXCERPT.description, synonyms=("bio",)),
        Field(
            "body",
            Kind.TEXT,
            "The text: Markdown or HTML, as in the file. Sanitize it before you show it.",
            file_note="The text, in Markdown or HTML.",
        ),
        Field(
            "category",
            Kind.NAME,
            "The section, such as `news`. Filters match its exact spelling.",
            synonyms=("categories",),
            file_note="The section, such as `news`.",
        ),
        _TYPE,
        Field("locale", Kind.NAME, "Language and region, such as `en-us`."),
        *_URLS,
        Field("originalUrl", Kind.URL, "Where it first appeared, if that was elsewhere."),
        _PUBLISHED_AT,
        Field("updatedDateTime", Kind.DATE, "When it was last changed."),
        *_SCORES,
        Field(
            "published",
            Kind.FLAG,
            "Whether the public may see it. If false, only editors can.",
            default=True,
        ),
        Field(
            "tags",
            Kind.NAME,
            "Its tags, in the file's order.",
            many=True,
            example="a list of words like [one, two]",
        ),
        _PROVIDER,
        Field(
            "topics",
            Kind.NAME,
            "Its topics, in the file's order.",
            many=True,
            example="a list of names like [AI, Computer Vision]",
        ),
        Field(
            "images",
            IMAGE,
            "Its images, in the file's order. To show only one, use the first.",
            many=True,
            example=_IMAGES_EXAMPLE,
            file_note=_IMAGES.description,
        ),
        Field(
            "related",
            RELATED,
            "The entries that it names as related, in the file's order, whether or not they are "
            "loaded as items.",
            many=True,
            example='a list like [{title: "Title", webUrl: "https://example.com/a"}]',
        ),
        Field(
            "secured",
            SECURED,
            "A payload that only its publisher can decrypt. Null unless you are an editor.",
            example='"ciphertext;iv", both in base64',
            file_note="A payload that only its publisher can decrypt.",
        ),
    ),
)

_PUBLISHED = Field(
    "published",
    Kind.FLAG,
    "Whether the public may see what the file says. If false, only editors can.",
    default=True,
)

PROVIDER_FILE = Shape(
    "Provider",
    (
        Field("name", Kind.NAME, "The provider's name.", required=True, synonyms=("title",)),
        Field("domain", Kind.NAME, "The provider's internet domain.", required=True),
        Field("description", Kind.TEXT, "What the provider is."),
        Field(
            "otherNames",
            Kind.NAME,
            "Other names of the provider.",
            many=True,
            example="a list of names like [One, Two]",
        ),
        Field("images", IMAGE, "Logos and other pictures.", many=True, example=_IMAGES_EXAMPLE),
        _PUBLISHED,
    ),
)
TOPIC_FILE = Shape(
    "Topic",
    (
        Field("name", Kind.NAME, "The topic's name.", required=True, synonyms=("title",)),
        Field("parent", Kind.NAME, "The name of the topic one level up."),
        Field(
            "keywords",
            Kind.NAME,
            "Words that belong to the topic.",
            many=True,
            example="a list of words like [one, two]",
        ),
        _PUBLISHED,
    ),
)

DEFINITIONS = {"organization": PROVIDER_FILE, "topic": TOPIC_FILE}
"""The fields of files that describe a provider or a topic, by their `taxonomy`."""

UNPUBLISHING = ("removed", "deleted")
"""Flags that unpublish what a file describes, whatever `published` says. They stay in `extra`."""
