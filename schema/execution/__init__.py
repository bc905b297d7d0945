"""Breadth-first execution of GraphQL: each field is resolved once for all objects of a level.

A query is a tree of scopes: all objects of one type at one path of the response. Going down, a
scope resolves each of its fields for all its objects, in one column of values, and hands the
objects in it to the scopes below. Going up, columns become rows, and rows become the column of the
field above. Values are checked by column, resolvers are called by column, and errors cost nothing
where there are none.

It plugs into Strawberry (`execution_context_class=BreadthFirstExecutor`), returns the responses of
graphql-core, and works with any schema. docs/execution.md has the drawing, the rules for schemas,
the limits and the modules in reading order.
"""
