"""How commands end with an error."""

import pytest
import typer

from api.commands.errors import fail


def test_each_line_of_an_error_is_marked_as_newsgraphs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit) as ended:
        fail("one thing is wrong\nand another")
    assert ended.value.exit_code == 2
    assert capsys.readouterr().err == "newsgraph: one thing is wrong\nnewsgraph: and another\n"
