"""Sitemaps (`sitemap`): valid, whole, and never too large."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from api.feeds import sitemap
from api.feeds.addresses import Addresses
from tests.api.feeds.conftest import ORIGIN, pages_of
from tests.schema.newsroom import Newsroom, dated, item

pytestmark = pytest.mark.anyio

# https://www.sitemaps.org/schemas/sitemap/0.9/ has sitemap.xsd and siteindex.xsd; of these, what is
# written here.
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
    xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9">
  <xs:element name="urlset"><xs:complexType><xs:sequence>
    <xs:element name="url" type="entry" minOccurs="0" maxOccurs="50000"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="sitemapindex"><xs:complexType><xs:sequence>
    <xs:element name="sitemap" type="entry" maxOccurs="50000"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:complexType name="entry"><xs:sequence>
    <xs:element name="loc"><xs:simpleType><xs:restriction base="xs:anyURI">
      <xs:minLength value="12"/><xs:maxLength value="2048"/>
    </xs:restriction></xs:simpleType></xs:element>
    <xs:element name="lastmod" minOccurs="0"><xs:simpleType>
      <xs:union memberTypes="xs:date xs:dateTime"/>
    </xs:simpleType></xs:element>
  </xs:sequence></xs:complexType>
</xs:schema>"""
SCHEMA = etree.XMLSchema(etree.fromstring(XSD))
NO_READER = Addresses(ORIGIN, has_reader=False)


def locations(document: bytes) -> list[str]:
    """Return the addresses of a valid sitemap or index."""
    root = etree.fromstring(document)
    SCHEMA.assertValid(root)
    return [node.text or "" for node in root.iter("{*}loc")]


async def test_a_sitemap_has_the_readers_pages(newsroom: Newsroom) -> None:
    newsroom.put(*dated(3), item("draft", published=False))
    document = (await pages_of(newsroom).get("/sitemap.xml")).content
    ids = [story["_id"].removeprefix("item:") for story in dated(3)]
    assert locations(document) == [f"{ORIGIN}/items/{id_}" for id_ in ids]
    assert b"<lastmod>2026-01-03T00:00:00Z</lastmod>" in document


async def test_without_the_reader_it_has_the_items_own_addresses(newsroom: Newsroom) -> None:
    newsroom.put(item("a"), item("b", webUrl=None))
    response = await pages_of(newsroom, has_reader=False).get("/sitemap.xml")
    assert locations(response.content) == ["https://one.example/a"]


async def test_many_items_have_an_index_of_files(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MAX_URLS", 4)
    monkeypatch.setattr(sitemap, "READ_AT_ONCE", 2)
    newsroom.put(*dated(10))
    http = pages_of(newsroom)
    files = locations((await http.get("/sitemap.xml")).content)
    assert files == [f"{ORIGIN}/sitemaps/{number}.xml" for number in (1, 2, 3)]
    listed = [locations((await http.get(file)).content) for file in files]
    assert [len(addresses) for addresses in listed] == [4, 4, 2]
    whole = [address for addresses in listed for address in addresses]
    assert whole == [f"{ORIGIN}/items/{story['_id'].removeprefix('item:')}" for story in dated(10)]
    assert (await http.get("/sitemaps/4.xml")).status_code == 404


def test_a_file_is_never_larger_than_the_protocol_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_BYTES", 10_000)
    urls = [f"https://one.example/{'x' * 500}{number}" for number in range(100)]
    document = sitemap.urlset(({"_id": "item:x", "webUrl": url} for url in urls), NO_READER)
    assert 10 < len(locations(document)) < 20
    assert len(document) < 10_000


@given(st.text(st.characters(codec="utf-8"), max_size=20) | st.none() | st.integers())
def test_damaged_addresses_do_no_harm(path: object) -> None:
    url = f"https://one.example/{path}" if isinstance(path, str) else path
    etree.fromstring(sitemap.urlset([{"_id": "item:x", "webUrl": url}], NO_READER))
