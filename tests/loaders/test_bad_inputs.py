"""Bad inputs yield one diagnostic each, quickly, and do not affect other files.

Covers `loaders/diagnostics.py` and `loaders/validation_messages.py`.
"""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from loaders.load import check
from loaders.options import Options
from tests.loaders.bad_inputs import BAD_INPUTS, Bad, front, table

_DESCRIPTIONS = [bad.description for bad in BAD_INPUTS]


def _made(bad: Bad, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    path = folder / bad.name
    if callable(bad.make):
        bad.make(path)
    else:
        path.write_bytes(bad.make if isinstance(bad.make, bytes) else bad.make.encode())


@pytest.mark.parametrize("bad", BAD_INPUTS, ids=_DESCRIPTIONS)
def test_each_bad_input_yields_one_diagnostic(
    bad: Bad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "cannot be read: Permission" in bad.diagnostic and os.geteuid() == 0:
        pytest.skip("root can read everything")
    _made(bad, tmp_path, monkeypatch)
    printed: list[str] = []
    started = time.monotonic()

    report = check(
        [str(tmp_path)], Options(jobs=1, on_diagnostic=lambda one: printed.append(str(one)))
    )

    assert printed == [f"{tmp_path}/{bad.name}:{bad.diagnostic}"]
    assert report.failed == 1
    assert time.monotonic() - started < 2


def test_bad_inputs_do_not_keep_other_files_from_loading(
    loader: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, bad in enumerate(BAD_INPUTS):
        folder = tmp_path / f"{number:03}"
        folder.mkdir()
        _made(bad, folder, monkeypatch)
        (folder / "good.md").write_text(front(f"webUrl: https://example.com/{number}"))

    report = loader(tmp_path, jobs=2)

    good = loader.database["items"].count_documents({"webUrl": {"$exists": True}})
    assert good == len(BAD_INPUTS)
    assert report.failed == len(loader.problems) == len(BAD_INPUTS) - (os.geteuid() == 0)
    assert len({problem.path for problem in loader.problems}) == report.failed


def test_the_manual_shows_this_table() -> None:
    manual = Path(__file__).parents[2] / "docs" / "loading.md"

    assert table() in manual.read_text(encoding="utf-8"), "run `python -m tests.loaders.bad_inputs`"


def test_the_manual_explains_every_code() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "loading.md").read_text(encoding="utf-8")

    for bad in BAD_INPUTS:
        code = bad.diagnostic.rpartition("[")[2].rstrip("]")
        assert f"| `{code}` |" in manual


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("webUrl: https://example.com/a\nprovider: Example News", "provider",
         {"id": "provider:example.com", "name": "Example News", "domain": "example.com"}),
        ("topics: AI", "topics", [{"id": "topic:ai", "name": "AI"}]),
        ("images: {url: /a.png, width: 5}", "images",
         [{"url": "/a.png", "width": 5, "isCached": False}]),
        ("images: https://example.com/a.png", "images",
         [{"url": "https://example.com/a.png", "isCached": False}]),
        ("title2: x\ntags: [a, 2020]", "tags", ["a", "2020"]),
        ('$x: 1\na.b: {"": 2, $y.z: 3}', "extra", {"$x": 1, "a.b": {"": 2, "$y.z": 3}}),
        ("length: 10:00\nprice: NO\nday: 2020-01-01\nn: ~", "extra",
         {"length": 600, "price": False, "day": "2020-01-01", "n": None}),
        ("provider: {name: A, domain: a.example, authors: [{name: B}]}", "extra",
         {"provider": {"authors": [{"name": "B"}]}}),
        ("related: [{title: A}, {title: B, mood: 5}]", "extra", {"related": [None, {"mood": 5}]}),
        ("removed: true", "published", False),
        ("categories: [news]", "category", "news"),
    ],
)  # fmt: skip
def test_lenient_input_is_accepted(
    loader: Any, tmp_path: Path, text: str, field: str, value: object
) -> None:
    (tmp_path / "a.md").write_text(front(text))

    loader(tmp_path)

    assert loader.problems == []
    assert loader.item()[field] == value
