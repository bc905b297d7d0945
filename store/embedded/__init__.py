"""A private, real MongoDB in the data folder, started on demand and shared by processes."""

from store.embedded.folder import has_data_in, is_server_folder
from store.embedded.lease import embedded_mongod

__all__ = ["embedded_mongod", "has_data_in", "is_server_folder"]
