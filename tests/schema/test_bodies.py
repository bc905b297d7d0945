import asyncio

import pytest

from bodies.rendering import MAX_BODY
from schema.bodies import _batches
from store.audience import Audience
from tests.schema.newsroom import Newsroom, item

pytestmark = pytest.mark.anyio

QUERY = """{ items(orderBy: OLDEST) { nodes {
  bodyFormat bodyHtml bodyText summary short: summary(length: 20) wordCount readingMinutes
} } }"""


async def test_bodies_are_rendered_in_their_format(newsroom: Newsroom) -> None:
    newsroom.put(
        item("a", body="*x* [y](z) <script>1</script>", bodyFormat="markdown", wordCount=2,
             readingMinutes=1, opening="The first words of a long story"),
        item("b", body="1 < 2", bodyFormat="text", excerpt="Own"),
        item("c", body="*loaded before*"),
        item("d", webUrl=None, body="[y](z)", bodyFormat="html"),
        item("e"),
    )  # fmt: skip
    nodes = (await newsroom.ask(QUERY))["items"]["nodes"]
    found = sorted(nodes, key=lambda node: str(node["bodyText"]))

    assert found == [
        {
            "bodyFormat": "TEXT",
            "bodyHtml": "<p>1 &lt; 2</p>",
            "bodyText": "1 < 2",
            "summary": "Own",
            "short": "Own",
            "wordCount": None,
            "readingMinutes": None,
        },
        dict.fromkeys(nodes[0]),
        {
            **dict.fromkeys(nodes[0]),
            "bodyFormat": "HTML",
            "bodyHtml": "[y](z)",
            "bodyText": "[y](z)",
        },
        {
            **dict.fromkeys(nodes[0]),
            "bodyHtml": "<p><em>loaded before</em></p>\n",
            "bodyText": "loaded before",
        },
        {
            "bodyFormat": "MARKDOWN",
            "bodyHtml": '<p><em>x</em> <a href="https://one.example/z" '
            'rel="noopener noreferrer">y</a> </p>\n',
            "bodyText": "x y",
            "summary": "The first words of a long story",
            "short": "The first words of…",
            "wordCount": 2,
            "readingMinutes": 1,
        },
    ]


async def test_only_what_is_rendered_reads_bodies(newsroom: Newsroom) -> None:
    newsroom.put(item("a", body="b"))
    with newsroom.noted() as commands:
        await newsroom.ask("{ items { nodes { summary wordCount slug bodyFormat } } }")

    assert "wordCount" in str(commands)
    assert "'body'" not in str(commands)


async def test_a_body_that_is_too_long_is_an_error_of_its_field(newsroom: Newsroom) -> None:
    newsroom.put(item("a", body="a" * (MAX_BODY + 1)), item("b", body="b"))
    result = await newsroom.answer("{ items { nodes { bodyText bodyHtml } } }")

    assert {"bodyText": "b", "bodyHtml": "<p>b</p>\n"} in result.data["items"]["nodes"]
    assert {"bodyText": None, "bodyHtml": None} in result.data["items"]["nodes"]
    for error in result.errors:
        assert error.extensions["code"] == "QUERY_TOO_EXPENSIVE"
        assert "262,145 characters" in error.message
    assert len(result.errors) == 2


async def test_a_summary_has_a_length_in_bounds(newsroom: Newsroom) -> None:
    newsroom.put(item("a"))
    query = "query ($length: Int!) { items { nodes { summary(length: $length) } } }"
    for length in (-1, 19, 501):
        message = await newsroom.refusal(query, length=length)
        assert "must be from 20 to 500" in str(message)


async def test_other_work_goes_on_while_bodies_are_rendered(newsroom: Newsroom) -> None:
    newsroom.put(*(item(f"n{n}", body="<b><p>" * 30_000) for n in range(3)))
    turns = 0

    async def other_work() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    other = asyncio.create_task(other_work())
    await newsroom.ask("{ items { nodes { bodyHtml } } }")
    other.cancel()
    assert turns > 100


def test_bodies_are_rendered_a_few_at_a_time() -> None:
    items = [{"body": "a" * length} for length in (40_000, 40_000, 10, 10, 90_000, 5)] + [{}]

    assert [len(batch) for batch in _batches(items)] == [2, 3, 2]
    assert [*_batches([])] == []


async def test_an_item_is_found_by_its_slug(newsroom: Newsroom) -> None:
    newsroom.put(
        item("a", slug="story", category="news"),
        item("b", slug="story", category="sport"),
        item("c", slug="draft", published=False),
        item("d", slug="about"),
        item("e", slug="about", published=False),
    )
    query = """query ($slug: String, $category: String) {
      item(slug: $slug, category: $category) { title }
    }"""
    assert (await newsroom.ask(query, slug="story", category="sport"))["item"]["title"] == "Story b"
    assert (await newsroom.ask(query, slug="about"))["item"]["title"] == "Story d"
    for slug in ("draft", "nothing", "Story", ""):
        assert (await newsroom.ask(query, slug=slug))["item"] is None
    assert "Several items have the slug 'story'" in str(await newsroom.refusal(query, slug="story"))
    assert "Several items" in str(await newsroom.refusal(query, Audience.EDITOR, slug="about"))
    assert "one of `id`" in str(await newsroom.refusal('{ item(slug: "a", id: "b") { title } }'))
    assert "with `slug`" in str(
        await newsroom.refusal('{ item(id: "b", category: "c") { title } }')
    )
    assert "at most 500" in str(await newsroom.refusal(query, slug="a" * 501))


async def test_a_slug_is_found_by_its_index(newsroom: Newsroom) -> None:
    newsroom.put(*(item(f"n{n}", slug=f"s{n}") for n in range(50)))
    plan = newsroom.database["items"].find({"slug": "s7", "published": True}).limit(2).explain()

    assert plan["executionStats"]["totalDocsExamined"] == 1
