"""Limits on what a query may ask for, checked before it is executed.

`limits` holds the numbers, `outline` reads a parsed query once, `sizes` knows how many objects
a field returns, `pricing` computes a query's cost with them, `guard` accepts or refuses queries,
and `extension` plugs the guard into Strawberry. The package works on any Strawberry schema and
imports nothing else of this project.
"""
