"""What counts, facets, searches and rendered bodies cost, in objects of pages.

Measured with 20,000 items: a page of 20 takes 2 ms, so an object takes 0.1 ms; a count 10 ms, and
100 ms with several filters; a facet 50 to 130 ms, and five of one list 100 to 220 ms; a search for
a word that most items have 180 ms for each of its page, its count and its facets. So scans cost a
quarter to a half of what they should: twenty lists, a default page of them, can still be searched.
"""

from typing import Final

COUNT: Final = 50
"""The number of a list's entries."""

FACET: Final = 250
"""One facet of a list of items."""

BODY: Final = 3
"""The body of one item, rendered: 5 KB of Markdown take 0.3 ms."""

SEARCH: Final = 400
"""A list with a search, for its page, its count and its facets together."""
