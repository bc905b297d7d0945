"""Site files: what they say (`loaders/site.py`), and what is wrong with them (`yaml_checks`)."""

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.diagnostics import BadInput
from loaders.formats import SITE_FILE
from loaders.site import NO_SITE, Site, SiteProvider
from loaders.site_file import MAX_BYTES, BadSite, parse_site, read_site
from store.audience import Audience
from store.site_fields import SiteField, check_field, check_fields
from store.site_types import BadField, SiteType, type_of
from tests.store.test_site_types import NAMES, TYPES

EXAMPLE = """\
url: https://blog.example.com/
permalink: /:year/:month/:slug/
provider: {name: The Example, domain: www.Blog.example.com}
locale: en-gb
names: {topics: [tags, categories], excerpt: teaser}
fields:
  price:   {type: String, filter: true, description: What it costs.}
  levels:  {type: "[String!]", filter: true}
  length:  {type: String, audience: editor}
  ratings: {type: [{source: String, score: Float, url: URL}]}
  series:  {type: Item, key: part-of}
  short:   Int
"""


def test_what_a_site_file_says() -> None:
    assert parse_site(EXAMPLE) == Site(
        url="https://blog.example.com",
        permalink="/:year/:month/:slug/",
        provider=SiteProvider("The Example", "blog.example.com"),
        locale="en-gb",
        names=(("topics", ("tags", "categories")), ("excerpt", ("teaser",))),
        fields=(
            SiteField("price", type_of("String"), "price", "What it costs.", filter=True),
            SiteField("levels", type_of("[String]"), "levels", filter=True),
            SiteField("length", type_of("String"), "length", audience=Audience.EDITOR),
            SiteField(
                "ratings",
                type_of([{"source": "String", "score": "Float", "url": "URL"}]),
                "ratings",
            ),
            SiteField("series", type_of("Item"), "part-of"),
            SiteField("short", type_of("Int"), "short"),
        ),
    )


def test_an_empty_site_file_says_nothing() -> None:
    assert parse_site("# nothing yet\n") == NO_SITE


def test_a_provider_may_be_a_name_on_the_domain_of_the_site() -> None:
    site = parse_site("provider: The Example\nurl: https://www.blog.example.com/news")
    assert site.provider == SiteProvider("The Example", "blog.example.com")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- url", "1:1 newsgraph.yaml: is not a mapping; write keys like url: [shape]"),
        ("url: [", "2:1 YAML: while parsing a flow node, did not find expected node content"),
        ("url: blog", "1:6 url: 'blog' is not an http or https URL"),
        ("url: 3", "1:6 url: '3' is not text; put it in quotes [shape]"),
        ("locale: no", "1:9 locale: 'False' is not text; put it in quotes [shape]"),
        ("permalnk: /a", "1:11 permalnk: is not a key of this mapping; did you mean permalink?"),
        ("permalink: a", "1:12 permalink: 'a' is not a path"),
        ("permalink: /:yaer", "1:12 permalink: :yaer is not known; there are :year"),
        ("permalink: /:slug", "1:12 permalink: needs the address of the site; write url: too"),
        ("provider: [a]", "1:11 provider: has to be a name, or a mapping like"),
        ("provider: a", "1:11 provider.domain: is missing, and there is no url to take it from"),
        ("provider: {nam: a, domain: b}", "1:17 provider.nam: is not a key of this mapping"),
        ("names: [a]", "1:8 names: is not a mapping"),
        ("names: {titl: a}", "1:15 names.titl: is not a field of newsgraph's own; did you mean"),
        ("names: {title: 3}", "1:16 names.title: has to be a key, or a list of keys"),
        ("names: {title: [1]}", "1:16 names.title: '1' is not text"),
        ("fields: a", "1:9 fields: is not a mapping"),
        ("fields: {a: }", "1:13 fields.a: has no type; write one like {type: String}"),
        ("fields: {a: {filter: true}}", "1:13 fields.a: has no type"),
        ("fields:\n  a: Strin", "2:6 fields.a.type: 'Strin' is not a type; write one of String,"),
        ("fields: {a: {typ: Int, type: Int}}", "1:19 fields.a.typ: is not a key of this mapping"),
        ("fields:\n  title: Int", "2:10 fields.title: is a field of newsgraph's own; write"),
        ("fields:\n  a-b: Int", "2:8 fields.a-b: is not a name in GraphQL"),
        ("fields:\n  a: {type: Int, key: draft}", "2:23 fields.a.key: 'draft' is a key of news"),
        ("fields:\n  a: {type: Item, filter: true}", "2:27 fields.a.filter: is for Boolean, Int"),
        ("fields:\n  a: {type: Int, filter: 1}", "2:26 fields.a.filter: '1' is neither true"),
        ("fields:\n  a: {type: Int, audience: me}", "2:28 fields.a.audience: 'me' is neither"),
        (
            "fields:\n  a: {type: [{x: {y-z: Int}}]}",
            "2:24 fields.a.type[0].x.y-z: is not a name in GraphQL",
        ),
        (
            "names: {title: a}\nfields:\n  a: Int",
            "3:6 fields.a: has the key a, which title has too; keep one of them [duplicate-key]",
        ),
        ("fields: {a: Int, a: Int}", "1:18 fields.a: is a duplicate key"),
        ("url: !!python/object:a b", "1:6 url: the tag"),
    ],
)
def test_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_site(text)
    (found,) = error.value.problems
    shown = f"{found.line}:{found.column} {found.field}: {found.message} [{found.code}]"
    assert shown.startswith(problem)


def test_all_that_is_wrong_is_found_at_once() -> None:
    with pytest.raises(BadInput) as error:
        parse_site("url: a\nfields:\n  b: x\n  c: y\nlocale: no")
    assert [problem.line for problem in error.value.problems] == [1, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"locale: {'a' * 501}", "too-long"),
        (f"fields: {{a: {{type: Int, description: {'a' * 2001}}}}}", "too-long"),
        (f"fields: {{{', '.join(f'a{number}: Int' for number in range(101))}}}", "too-many"),
        (f"names: {{title: [{', '.join(f'a{number}' for number in range(21))}]}}", "too-many"),
        ("fields: {a: " + "[" * 1000 + "]" * 1000 + "}", "nesting"),
        ("fields: {a: {type: " + "{a: " * 50 + "Int" + "}" * 50 + "}}", "nesting"),
    ],
)
def test_everything_is_bounded(text: str, code: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_site(text)
    assert [problem.code for problem in error.value.problems] == [code]


def test_a_site_file_is_read_from_the_root(tmp_path: Path) -> None:
    assert read_site(str(tmp_path)) == NO_SITE
    file = tmp_path / SITE_FILE
    file.write_text(EXAMPLE)
    assert read_site(str(tmp_path)) == parse_site(EXAMPLE)
    file.write_text("url: a")
    with pytest.raises(BadSite) as error:
        read_site(str(tmp_path))
    (diagnostic,) = error.value.diagnostics
    assert str(diagnostic).startswith(f"{file}:1:6: error: url: 'a' is not an http")


@pytest.mark.parametrize(
    ("data", "code"), [(b"\xff", "encoding"), (b" " * (MAX_BYTES + 1), "too-large")]
)
def test_a_site_file_that_cannot_be_read(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / SITE_FILE).write_bytes(data)
    with pytest.raises(BadSite) as error:
        read_site(str(tmp_path))
    assert [diagnostic.code for diagnostic in error.value.diagnostics] == [code]


def test_a_site_file_that_is_a_broken_link(tmp_path: Path) -> None:
    (tmp_path / SITE_FILE).symlink_to("nowhere")
    with pytest.raises(BadSite):
        read_site(str(tmp_path))


def _is_valid(fields: list[SiteField]) -> bool:
    try:
        for field in fields:
            check_field(field, ())
        check_fields(fields)
    except BadField:
        return False
    return True


FIELDS = st.lists(
    st.builds(
        lambda name, type_, key, description, filter_, audience: SiteField(
            name, type_, key, description, filter_, audience
        ),
        NAMES,
        TYPES,
        st.text("abcdefgh-", min_size=1, max_size=8).map("k".__add__),
        st.sampled_from(["", "What it costs.", "no", "3: #"]),
        st.booleans(),
        st.sampled_from([*Audience]),
    ),
    max_size=5,
    unique_by=(lambda field: field.name, lambda field: field.key),
).filter(_is_valid)


def as_yaml(fields: list[SiteField]) -> str:
    """Return a site file with these fields."""
    declared = {field.name: _declaration(field) for field in fields}
    return yaml.safe_dump({"fields": declared} if fields else {}, sort_keys=False)


def _declaration(field: SiteField) -> dict[str, object]:
    found: dict[str, object] = {"type": _written(field.type), "key": field.key}
    if field.description:
        found["description"] = field.description
    return found | {"filter": field.filter, "audience": field.audience.value}


def _written(type_: SiteType) -> object:
    return type_.value


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS)
def test_fields_are_the_same_after_they_were_written(fields: list[SiteField]) -> None:
    assert parse_site(as_yaml(fields)).fields == tuple(fields)


@given(st.text(max_size=200) | st.text("ab:{}[]- \n", max_size=200).map("fields:\n".__add__))
def test_any_text_is_a_site_or_has_problems(text: str) -> None:
    with suppress(BadInput):
        parse_site(text)
