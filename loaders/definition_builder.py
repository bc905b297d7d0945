"""Build the documents of files that describe a provider or a topic (docs/loading.md)."""

from loaders.conventions import take_synonyms
from loaders.exported import take_mark
from loaders.item_builder import complete_images
from loaders.source_mapping import SourceMapping
from store.documents import Document, rank
from store.fields import DEFINITIONS, PROVIDER_FILE
from store.ids import canonical_domain, provider_id, slug, topic_id


def is_definition(source: SourceMapping) -> bool:
    """Return whether a mapping describes a provider or a topic, and not an item."""
    taxonomy = source.data.get("taxonomy")
    return isinstance(taxonomy, str) and taxonomy in DEFINITIONS


def definition_of(source: SourceMapping) -> Document:
    """Return what a file says about a provider or a topic, under its id. Raises BadInput."""
    shape = DEFINITIONS[str(source.data.pop("taxonomy"))]
    mark = take_mark(source)
    if mark is None:
        take_synonyms(source, shape)
    definition = source.checked(shape)
    definition["path"] = source.path
    if source.body is not None:
        source.extra["body"] = source.body
    if shape is PROVIDER_FILE:
        complete_images(source, definition, source.extra)
        domain = canonical_domain(definition["domain"])
        definition.update(_id=provider_id(domain), domain=domain)
    else:
        _complete_topic(definition)
    if extra := source.extra | (mark.extra if mark else {}):
        definition["extra"] = extra
    definition["rank"] = rank(definition)
    return definition


def _complete_topic(topic: Document) -> None:
    topic.update(_id=topic_id(topic["name"]), slug=slug(topic["name"]))
    if "parent" in topic:
        topic["parentName"] = topic["parent"]
        topic["parent"] = topic_id(topic["parent"])
