"""The fields of items and of what they hold, declared once.

Everything that deals with a field follows from these tables: what the loader accepts, which values
of a file stay text, what the store keeps, which fields the GraphQL types have and how they are
described, and the reference in docs/loading.md. A field has the same name in files, in documents
and in GraphQL. To add a plain field to items, add a line to `ITEM`.
"""

from collections.abc import Mapping
from dataclasses import replace

from store.shapes import Field, Kind, Shape

MAX_ENTRIES = 1_000
"""Entries of a list: clients may ask for whole lists, of many items at once."""

IMAGE = Shape(
    "Image",
    (
        Field(
            "url",
            Kind.IMAGE_URL,
            "The image's address. It is always a whole URL: a path in the file belongs to the "
            "site of its page or, if it begins with `/media/`, to this server's pictures.",
            required=True,
            synonyms=("src", "path", "image"),
            file_note="The image's address. A path belongs to the site of its page or, if it "
            "begins with `/media/`, to newsgraph's pictures.",
        ),
        Field("width", Kind.PIXELS, "Width in pixels."),
        Field("height", Kind.PIXELS, "Height in pixels."),
        Field(
            "title",
            Kind.TEXT,
            "What the image shows. Use it as the `alt` text.",
            synonyms=("alt", "caption"),
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

AUTHOR = Shape(
    "Author",
    (Field("name", Kind.NAME, "The author's name.", required=True, synonyms=("title",)),),
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
        replace(
            _TITLE,
            synonyms=("name",),
            otherwise="the body's first heading of level 1, the file's name",
        ),
        replace(_EXCERPT, synonyms=("description", "summary", "bio", "subtitle")),
        Field(
            "body",
            Kind.TEXT,
            "The body as in the file, in the format `bodyFormat`. It is not safe to show: use "
            "`bodyHtml` for that.",
            file_note="The text, in the [format](#bodies) of the file.",
        ),
        Field(
            "category",
            Kind.NAME,
            "The section, such as `news`.",
            synonyms=("categories", "section"),
            otherwise="the Jekyll collection: `learning` for a file in `_learning/`",
        ),
        Field(
            "slug",
            Kind.NAME,
            "Its name in addresses, such as `night-ferry`. Items of different sections may have "
            "the same slug.",
            otherwise="the end of the path of `webUrl`, the name of the file or of its folder, the "
            "title",
            file_note="Its name in addresses. If it contains slashes, only the last part is used.",
        ),
        _TYPE,
        Field(
            "locale",
            Kind.NAME,
            "Language and region, such as `en-us`.",
            synonyms=("lang", "language"),
        ),
        replace(
            _URLS[0],
            synonyms=("url", "permalink", "link", "canonical", "canonicalUrl", "external_url"),
        ),
        *_URLS[1:],
        Field("originalUrl", Kind.URL, "Where it first appeared, if that was elsewhere."),
        replace(
            _PUBLISHED_AT,
            # Hugo's `publishDate` first: with a `date` beside it, it says when to publish.
            synonyms=(
                "publishDate",
                "publishdate",
                "date",
                "pubDate",
                "published_at",
                "publishedAt",
            ),
            otherwise="`published` if it is a date, the date that the name of the file or of its "
            "folder begins with, the date that `path`, `url` or `permalink` begins with "
            "(`2021/09/27/a-story`)",
        ),
        Field(
            "unpublishDateTime",
            Kind.DATE,
            "When it stops being published.",
            synonyms=("expiryDate", "expirydate"),
        ),
        Field(
            "updatedDateTime",
            Kind.DATE,
            "When it was last changed.",
            synonyms=("updated", "updatedDate", "lastmod", "last_modified_at", "modified"),
        ),
        *_SCORES,
        Field(
            "published",
            Kind.FLAG,
            "Whether the public may see it. If false, only editors can.",
            default=True,
            otherwise="`draft: true`, `publish: false`, `removed: true`, `deleted: true` and "
            "Jekyll's folder `_drafts/` unpublish an item, whatever `published` says",
        ),
        Field(
            "tags",
            Kind.NAME,
            "Its tags, in the file's order.",
            many=True,
            synonyms=("tag", "keywords"),
            example="a list of words like [one, two]",
        ),
        Field(
            "authors",
            AUTHOR,
            "Who wrote it, in the file's order.",
            many=True,
            synonyms=("author",),
            example="a name, or a list of names like [Ada Moor, Li Wen]",
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
            synonyms=(
                "image",
                "cover",
                "heroImage",
                "featured_image",
                "featured-image",
                "thumbnail",
                "og_image",
            ),
            example=_IMAGES_EXAMPLE,
            file_note=_IMAGES.description,
        ),
        Field(
            "related",
            RELATED,
            "The entries that it lists as related, in the file's order, whether or not they are "
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

UNPUBLISHING: Mapping[str, bool] = {
    "draft": True,
    "publish": False,
    "removed": True,
    "deleted": True,
}
"""Flags, and the value with which each unpublishes what a file describes, whatever others say."""

KEPT_FLAGS = frozenset(("removed", "deleted"))
"""Those of them that `extra` has, too."""

AUDIENCE = frozenset(("published", "publishedDateTime", "unpublishDateTime", *UNPUBLISHING))
"""Keys that decide who may see a document, and when: with a wrong value, it is not loaded."""

CONTAINERS: Mapping[str, frozenset[str]] = {
    "taxonomies": frozenset(("tags", "category", "authors")),
    "extra": frozenset(("authors", "images")),
    "params": frozenset(("authors", "images")),
    "provider": frozenset(("authors",)),
}
"""Mappings, most of them of Zola and Hugo, and the fields that a file may have in them instead."""

TABLES = ("taxonomies", "extra", "params")
"""Those of them in which a file may have the keys of its site file, too."""
