"""The search index, through its interfaces: `store.reading.search`, `store.search.interface`."""
