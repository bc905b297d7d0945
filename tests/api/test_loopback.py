"""Which hosts are this machine's own."""

import pytest

from api.loopback import is_loopback


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "demo.LOCALHOST"]
)
def test_loopback_hosts_are_recognized(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example", "", "localhost.evil"])  # noqa: S104
def test_other_hosts_can_be_reached_from_elsewhere(host: str) -> None:
    assert not is_loopback(host)
