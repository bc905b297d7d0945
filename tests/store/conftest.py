"""An empty database, as writers see it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo.database import Database

from store.connection import connect_blocking


@pytest.fixture
def database(mongod: str, database_name: str) -> Iterator[Database[Any]]:
    """An empty database."""
    with connect_blocking(mongod) as client:
        yield client[database_name]
