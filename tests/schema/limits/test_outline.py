"""What is counted in a query, and which of its operations is executed."""

from graphql import parse

from schema.limits.outline import read_outline


def test_counts_aliases_at_every_level() -> None:
    outline = read_outline(parse("{a:b{c:d ...{e:f}} ...F} fragment F on T{g:h}"))
    assert outline.aliases == 4


def test_counts_directives_at_every_level() -> None:
    outline = read_outline(
        parse("query($v:Int@a)@b{c@d{e@f} ...@g{h} ...F@i} fragment F on T@j{k@l@m}")
    )
    assert outline.directives == 9


def test_lists_each_variable_that_changes_the_cost_once() -> None:
    outline = read_outline(
        parse(
            "{a(first:$n after:$c){b(last:$n) c(first:$n) d(ids:$ids) e(ids:[$x])}"
            " f@skip(if:$s) ...@include(if:$i){g}}"
        )
    )
    assert sorted(name for name, _ in outline.priced_variables) == ["i", "ids", "n", "s"]


def test_finds_the_operation_to_execute() -> None:
    outline = read_outline(parse("query A{a} query B{b} fragment F on T{c}"))
    assert outline.operation("B") is outline.operations[1]
    assert outline.operation("C") is None
    outline = read_outline(parse("query A{a} fragment F on T{c}"))
    assert outline.operation(None) is outline.operations[0]
    assert outline.operation("F") is None


def test_among_several_operations_one_has_to_be_named() -> None:
    assert read_outline(parse("query A{a} query B{b}")).operation(None) is None
    assert read_outline(parse("fragment F on T{c}")).operation(None) is None


def test_ignores_type_definitions() -> None:
    assert read_outline(parse("type T @d {a: Int}")).operations == ()
