"""Breadth-first execution of GraphQL: each field resolved once for all objects of a level."""
