"""Build the documents of files that describe a provider or a topic (docs/loading.md)."""

from loaders.item_builder import complete_images
from loaders.source_mapping import SourceMapping, take_published, take_unknown
from loaders.values import ValueMapping
from store.documents import Document, rank
from store.fields import PROVIDER_FILE, TOPIC_FILE
from store.ids import canonical_domain, provider_id, slug, topic_id

_SHAPES = {"organization": PROVIDER_FILE, "topic": TOPIC_FILE}


def is_definition(source: SourceMapping) -> bool:
    """Return whether a mapping describes a provider or a topic, and not an item."""
    taxonomy = source.data.get("taxonomy")
    return isinstance(taxonomy, str) and taxonomy in _SHAPES


def definition_of(source: SourceMapping) -> Document:
    """Return what a file says about a provider or a topic, under its id. Raises BadInput."""
    shape = _SHAPES[str(source.data.pop("taxonomy"))]
    names: dict[str, str] = {}
    extra: ValueMapping = {}
    source.take_synonyms(shape, names, extra)
    definition = source.checked(shape, names)
    take_published(definition, extra, source)
    extra.update(take_unknown(definition, shape.keys))
    definition["path"] = source.path
    if source.body is not None:
        extra["body"] = source.body
    if shape is PROVIDER_FILE:
        _complete_organization(definition, extra)
    else:
        _complete_topic(definition)
    if extra:
        definition["extra"] = extra
    definition["rank"] = rank(definition)
    return definition


def _complete_organization(organization: Document, extra: ValueMapping) -> None:
    complete_images(organization, extra)
    domain = canonical_domain(organization.pop("domain"))
    organization.update(_id=provider_id(domain), domain=domain)


def _complete_topic(topic: Document) -> None:
    topic.update(_id=topic_id(topic["name"]), slug=slug(topic["name"]))
    if "parent" in topic:
        topic["parentName"] = topic["parent"]
        topic["parent"] = topic_id(topic["parent"])
