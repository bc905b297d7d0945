"""The clients for MongoDB, and their options."""

from collections.abc import Callable

import pytest
from pymongo import ReadPreference

from store.connection import connect, connect_blocking
from store.errors import Refused


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb://",
        "mongodb://[::1",
        "mongodb://localhost:99999",
        "mongodb://localhost:port",
        "mongodb://me:p@ss@localhost",
    ],
)
@pytest.mark.parametrize("make_client", [connect, connect_blocking])
def test_an_invalid_uri_is_refused(make_client: Callable[[str], object], uri: str) -> None:
    with pytest.raises(Refused, match="Invalid MongoDB URI"):
        make_client(uri)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("bogus=1", "Unknown option: bogus"),
        ("authMechanism=foo", "authmechanism must be in"),
        ("tls=maybe", "tls must be 'true' or 'false'"),
        ("maxPoolSize=many", "maxpoolsize must be an integer"),
        ("appname=a&appname=b", "Duplicate URI option 'appname'"),
    ],
)
def test_an_option_that_the_driver_would_ignore_is_refused(option: str, message: str) -> None:
    with pytest.raises(Refused, match=f"Invalid MongoDB URI: .*{message}") as error:
        connect(f"mongodb://localhost/?{option}")
    assert "docstring" not in str(error.value)


def test_a_writer_reads_from_the_primary_only(mongod: str) -> None:
    with connect_blocking(mongod) as client:
        assert client.read_preference == ReadPreference.PRIMARY
        assert client.options.timeout is None
        assert client.write_concern.document == {"w": "majority"}


@pytest.mark.anyio
async def test_a_reader_has_a_time_limit_and_reads_from_secondaries_without_a_primary(
    mongod: str,
) -> None:
    async with connect(mongod, timeout_s=2.5) as client:
        assert client.read_preference == ReadPreference.PRIMARY_PREFERRED
        assert client.options.timeout == 2.5


def test_options_in_the_uri_win_in_any_case(mongod: str) -> None:
    with connect_blocking(f"{mongod}&readpreference=secondary&W=1") as client:
        assert client.read_preference == ReadPreference.SECONDARY
        assert client.write_concern.document == {"w": 1}
