"""Which MongoDB a command uses."""

from pathlib import Path

import pytest

from api.database import running_mongodb
from api.settings import Settings
from store.errors import StoreError


def test_a_configured_mongodb_is_used_as_it_is() -> None:
    uri = "mongodb://127.0.0.1:9"  # nothing listens there, and nothing connects
    with running_mongodb(Settings(mongodb_uri=uri)) as used:
        assert used == uri


def test_an_invalid_uri_is_refused() -> None:
    with (
        pytest.raises(StoreError, match="URI"),
        running_mongodb(Settings(mongodb_uri="mongodb://a:b@c@d")),
    ):
        pass


def test_without_a_uri_an_embedded_server_runs_in_the_data_folder(tmp_path: Path) -> None:
    with running_mongodb(Settings(data_dir=tmp_path)) as uri:
        assert uri.startswith("mongodb://")
        assert any(tmp_path.iterdir())
