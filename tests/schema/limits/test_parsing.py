"""Parsing and validation, as far as they differ from graphql-core's; test_guard.py has the rest."""

from graphql import NoSchemaIntrospectionCustomRule, build_schema, parse, specified_rules

from schema.limits.parsing import validate_within


def test_errors_suggest_no_names_when_introspection_is_off() -> None:
    schema = build_schema("type Query { secretName(limit: Int): Int }")
    document = parse("{ secretNam secretName(limt: 1) }")
    rules = (*specified_rules, NoSchemaIntrospectionCustomRule)
    assert "Did you mean" in str(validate_within(schema, document))
    errors = validate_within(schema, document, rules)
    assert len(errors) == 2
    assert "Did you mean" not in str(errors)
