"""A private, real MongoDB inside the data folder: started on demand and shared."""

from store.embedded.lease import embedded_mongod

__all__ = ["embedded_mongod"]
