"""Site fields as they are stored."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from store.site_documents import document_of, fields_by_root, fields_of
from store.site_fields import SiteField
from tests.loaders.test_site_file import FIELDS


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS)
def test_fields_are_the_same_after_they_were_stored(fields: list[SiteField]) -> None:
    assert fields_by_root([document_of("/a", tuple(fields))]) == {"/a": tuple(fields)}
    assert {*fields_of({"/a": tuple(fields)})} == {*fields}


def test_stored_fields_that_cannot_be_used_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    good = {"type": "Int", "key": "n", "description": "", "filter": False, "audience": "public"}
    documents: Any = [
        {"root": "/a", "fields": [{"name": "n", **good}, {"name": "title", **good}]},
        {"root": "/b", "fields": [{"name": "m", **good, "type": "Future"}, {"name": "x"}]},
        {"root": "/c", "fields": [{"name": "n", **good, "type": "URL"}]},
        {"root": "/d", "fields": [{"name": "o", **good}]},
    ]
    assert [field.name for field in fields_of(fields_by_root(documents))] == ["n", "o"]
    assert len(caplog.records) == 4
