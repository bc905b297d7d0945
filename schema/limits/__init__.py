"""What a query may ask for, checked before any of it is done.

`limits` holds the numbers, `outline` reads a parsed document once, `sizes` knows how many objects
a field returns, `cost` prices a query with them, `gate` admits or refuses, and `extension` hangs
the gate into Strawberry. Works on any schema; none of it knows a news item.
"""
