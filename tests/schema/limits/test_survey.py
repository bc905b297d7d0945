"""What is counted in a document."""

from graphql import parse

from schema.limits.outline import outline


def test_counts_aliases_wherever_they_stand():
    document = outline(parse("{a:b{c:d ...{e:f}} ...F} fragment F on T{g:h}"))
    assert document.aliases == 4


def test_counts_directives_wherever_they_stand():
    document = outline(
        parse("query($v:Int@a)@b{c@d{e@f} ...@g{h} ...F@i} fragment F on T@j{k@l@m}")
    )
    assert document.directives == 9


def test_names_the_variables_that_change_a_price_once():
    document = outline(
        parse(
            "{a(first:$n after:$c){b(last:$n) c(first:$n) d(ids:$ids) e(ids:[$x])}"
            " f@skip(if:$s) ...@include(if:$i){g}}"
        )
    )
    assert sorted(name for name, _ in document.priced_variables) == ["i", "ids", "n", "s"]


def test_finds_the_operation_to_run():
    document = outline(parse("query A{a} query B{b} fragment F on T{c}"))
    assert document.operation(None) is document.operations[0]
    assert document.operation("B") is document.operations[1]
    assert document.operation("C") is None


def test_leaves_definitions_of_types_to_validation():
    assert outline(parse("type T @d {a: Int}")).operations == ()
