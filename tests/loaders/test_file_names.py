"""Dates, titles and paths from the names of files."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.file_names import date_in, is_index, site_path, slug_of, title_of


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("2021-09-27-a-story.md", (2021, 9, 27)),
        ("_posts/2021-9-7-a-story.md", (2021, 9, 7)),
        ("2021-09-27.md", (2021, 9, 27)),
        ("2021-09-27 A story.md", (2021, 9, 27)),
        ("2021-09-27-a-story/index.md", (2021, 9, 27)),
        ("2021/09/27/a-story.md", (2021, 9, 27)),
        ("2020/01/02/2021-09-27-a.md", (2021, 9, 27)),
        ("2021-09-27-a/2021-02-30-b.md", (2021, 9, 27)),
        ("0000-01-01-a.md", None),
        ("2021-02-30-a.md", None),
        ("2021-09-271-a.md", None),
        ("12021-09-27-a.md", None),
        ("story-2021-09-27.md", None),
        ("2021/a.md", None),
        ("", None),
    ],
)
def test_a_date_begins_a_name(path: str, date: tuple[int, int, int] | None) -> None:
    assert date_in(path) == (date and datetime(*date, tzinfo=UTC))


@pytest.mark.parametrize(
    ("path", "slug", "title"),
    [
        ("2021-09-27-a-story.md", "a-story", "A story"),
        ("posts/my_first_post.mdx", "my_first_post", "My first post"),
        ("2021-09-27-a-story/index.md", "a-story", "A story"),
        ("posts/_index.md", "posts", "Posts"),
        ("index.md", "site", "Site"),
        ("Tide pools - draft.md", "Tide pools - draft", "Tide pools - draft"),
        ("2021-09-27.md", "2021-09-27", "2021 09 27"),
        ("2021-09-27-.md", "2021-09-27-", "2021 09 27"),
        ("a.b.md", "a.b", "A.b"),
        ("--.md", "--", "--"),
        ("data.yaml", "data", None),
        ("data.json", "data", None),
    ],
)
def test_a_name_without_its_date_makes_a_title(path: str, slug: str, title: str | None) -> None:
    assert (slug_of(path, "/the/site"), title_of(path, "/the/site")) == (slug, title)


@pytest.mark.parametrize(
    ("reference", "path", "found"),
    [
        ("a.png", "posts/x.md", "/a.png"),
        ("assets/a.png", "_posts/x.md", "/assets/a.png"),
        ("./a.png", "posts/x.md", "/posts/a.png"),
        ("../a.png", "posts/x/y.md", "/posts/a.png"),
        ("../../../a.png", "posts/x.md", "/a.png"),
        ("a.png", "posts/x/index.md", "/posts/x/a.png"),
        ("a b%20c.png", "x.md", "/a%20b%20c.png"),
        ("a.png?v=1#x", "x.md", "/a.png?v=1#x"),
    ],
)
def test_a_relative_path_leads_from_the_file_or_the_root(
    reference: str, path: str, found: str
) -> None:
    assert site_path(reference, path) == found


@given(st.text(min_size=1), st.text(alphabet="ab./-", min_size=1))
def test_no_path_leads_above_the_root(reference: str, path: str) -> None:
    found = site_path(reference.replace("/", "../"), path)

    assert found.startswith("/")
    assert "/../" not in f"{found}/"


@given(st.text())
def test_any_name_has_a_title(name: str) -> None:
    path = f"{name.replace('/', '')}x.md"

    assert title_of(path, "/site")
    assert is_index(path) is (path.lower() in ("indexx.md",)) is False
