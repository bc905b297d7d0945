"""`newsgraph infer`."""

from pathlib import Path

from loaders.site_file import parse_site
from tests.api.conftest import newsgraph
from tests.loaders.conftest import write


def test_infer_prints_a_site_file_that_can_be_saved_in_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\ntitle: A\nprice: Free\n---\n")
    write(tmp_path / "b.md", "---\ntitle: [\n---\n")
    site_file = tmp_path / "newsgraph.yaml"
    with site_file.open("w") as output:
        run = newsgraph("infer", str(tmp_path))
        output.write(run.stdout)
    assert run.returncode == 0
    assert run.stderr == f"newsgraph: 1 file with errors; run newsgraph check {tmp_path}\n"
    assert [field.name for field in parse_site(site_file.read_text()).fields] == ["price"]


def test_infer_takes_a_folder() -> None:
    run = newsgraph("infer", __file__)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == f"newsgraph: {__file__} is not a folder\n"


def test_an_ignore_file_that_is_not_valid_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\ntitle: A\nprice: Free\n---\n")
    (tmp_path / ".newsgraphignore").write_bytes(b"\xff")
    run = newsgraph("infer", str(tmp_path))
    assert (run.returncode, run.stdout) == (1, "")
    assert f"{tmp_path}/.newsgraphignore:1:1: error" in run.stderr


def test_infer_leaves_out_what_a_load_would(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\ntitle: A\nprice: Free\n---\n")
    write(tmp_path / "drafts/b.md", "---\ntitle: B\nmood: good\n---\n")
    run = newsgraph("infer", str(tmp_path), "--exclude", "drafts/")
    assert [field.name for field in parse_site(run.stdout).fields] == ["price"]


def test_a_site_file_that_is_not_valid_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "newsgraph.yaml", "fields: {price: Money}\n")
    run = newsgraph("infer", str(tmp_path))
    assert (run.returncode, run.stdout) == (1, "")
    assert f"{tmp_path}/newsgraph.yaml:1:17: error: fields.price.type: 'Money'" in run.stderr
