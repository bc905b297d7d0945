"""The search index of a host: derived from MongoDB, and built again from it if it is gone."""
