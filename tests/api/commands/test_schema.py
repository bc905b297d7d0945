"""`newsgraph schema`."""

import json
from pathlib import Path

from tests.api.conftest import newsgraph
from tests.loaders.conftest import write


def test_the_schema_of_a_folder_has_the_fields_of_its_site_file(tmp_path: Path) -> None:
    write(tmp_path / "newsgraph.yaml", "fields: {price: {type: String, filter: true}}")
    run = newsgraph("schema", str(tmp_path))
    assert run.returncode == 0
    assert "  price: String\n" in run.stdout
    plain = newsgraph("schema")
    assert "price" not in plain.stdout


def test_a_wrong_site_file_is_reported(tmp_path: Path) -> None:
    site = write(tmp_path / "newsgraph.yaml", "fields: {price: Strin}")
    run = newsgraph("schema", str(tmp_path))
    assert run.returncode == 1
    assert f"{site}:1:17: error: fields.price.type: 'Strin' is not a type" in run.stderr
    assert newsgraph("schema", str(tmp_path / "none")).returncode == 2


def test_the_schema_of_front_matter_has_the_fields_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "newsgraph.yaml", "fields: {price: {type: String, description: The cost.}}")
    run = newsgraph("schema", str(tmp_path), "--front-matter")
    assert json.loads(run.stdout)["properties"]["price"]["description"] == "The cost."
