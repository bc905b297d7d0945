"""QueryCache are validated as graphql-core does it, with what newsgraph adds."""

from graphql import NoSchemaIntrospectionCustomRule, build_schema, parse, specified_rules

from schema.limits.parsing import validate_within


def test_errors_suggest_no_names_where_the_schema_may_not_be_asked_for() -> None:
    schema = build_schema("type Query { secretName(limit: Int): Int }")
    document = parse("{ secretNam secretName(limt: 1) }")
    rules = (*specified_rules, NoSchemaIntrospectionCustomRule)
    assert "Did you mean" in str(validate_within(schema, document))
    errors = validate_within(schema, document, rules)
    assert len(errors) == 2
    assert "Did you mean" not in str(errors)
