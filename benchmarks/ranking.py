"""How well searches rank: judged queries in the search index and beside them in MongoDB's `$text`.

    .venv/bin/python -m benchmarks.ranking [--power-apps DIR]

Loads examples/content, and the collection in DIR if one is given, and asks for the ten best of each
query of `judgments/`. Prints nDCG@10 (1 is the best order there is), and how many typos of one edit
are forgiven: in words of the titles, one letter is changed, dropped, added or swapped. Takes half a
minute.
"""

import argparse
import asyncio
import math
import random
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.stopping import until_stopped
from loaders.load import load
from loaders.options import Options
from store.audience import Audience
from store.connection import connect_blocking
from store.documents import Document
from store.embedded import embedded_mongod
from store.indexes import ensure_indexes
from store.labels import EVERY_ITEM
from store.orders import ItemOrder
from store.reading.listing import Conditions, Listing
from store.reading.pages import Window
from store.search.fields import PROJECTION
from store.search.index import SearchIndex
from store.search.interface import Place
from store.search.writer import IndexWriter

HERE = Path(__file__).parent
_BEST = 10
_TYPOS = 100


class Judged(NamedTuple):
    """A query, and how well titles that hold some words answer it."""

    query: str
    grades: dict[str, int]

    def grade(self, title: str) -> int:
        """Return how well the item with a title answers the query; 0 is not at all."""
        return max((grade for words, grade in self.grades.items() if words in title), default=0)


def judgments(path: Path) -> list[Judged]:
    """Return the judged queries of a file."""
    found: list[Judged] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("+"):
            query, judged = found[-1].query, line.removeprefix("+")
        elif line and not line.startswith("#"):
            query, _, judged = line.partition("|")
            found.append(Judged(query.strip(), {}))
        else:
            continue
        grade, _, words = judged.strip().partition(" ")
        found[-1].grades[words] = int(grade)
    return found


def ndcg(judged: Judged, titles: Sequence[str], everything: Sequence[str]) -> float:
    """Return the normalized discounted cumulative gain of the best ten (Järvelin, Kekäläinen)."""

    def gain(grades: Sequence[int]) -> float:
        return math.fsum(
            (2.0**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades)
        )

    best = sorted((judged.grade(title) for title in everything), reverse=True)[:_BEST]
    if not any(best):
        raise SystemExit(f"{judged.query}: no title has the words that it is judged by")
    return gain([judged.grade(title) for title in titles[:_BEST]]) / gain(best)


async def found_by_index(index: SearchIndex, search: str) -> list[str]:
    """Return the ids of the best ten."""
    listing = Listing(Audience.EDITOR, Conditions(search=search), ItemOrder.RELEVANCE)
    (page,) = await index.pages([EVERY_ITEM], listing, Window(_BEST))
    return [hit.id for hit in page.hits]


def found_by_text(items: Any, search: str) -> list[str]:
    """Return the ids of the best ten of `$text`."""
    score = {"$meta": "textScore"}
    query = {"$text": {"$search": search}}
    found = items.find(query, {"score": score}).sort([("score", score)]).limit(_BEST)
    return [item["_id"] for item in found]


def typos(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield words of titles, of five letters or more, and what one edit makes of them."""
    chance = random.Random(7)
    words = sorted({word for title in titles for word in title.split() if len(word) >= 5})
    for word in chance.sample([word for word in words if word.isalpha()], _TYPOS):
        at, letter = chance.randrange(len(word) - 1), chance.choice("aeinrst")
        yield (
            word,
            chance.choice(
                [
                    word[:at] + word[at + 1 :],
                    word[:at] + letter + word[at:],
                    word[:at] + letter + word[at + 1 :],
                    word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                ]
            ),
        )


async def measured(name: str, folder: Path, items: Any, documents: list[Document]) -> str:
    """Return a row of the table."""
    titles = {item["_id"]: item["title"] for item in documents}
    everything = list(titles.values())
    queries = judgments(HERE / "judgments" / f"{name}.txt")
    with IndexWriter(folder / name) as writer:
        writer.replace(documents)
        writer.commit(Place(1))
    index = SearchIndex(folder / name)
    scores: dict[str, list[float]] = {"index": [], "text": []}
    for judged in queries:
        best = await found_by_index(index, judged.query)
        scores["index"].append(ndcg(judged, [titles[id_] for id_ in best], everything))
        best = found_by_text(items, judged.query)
        scores["text"].append(ndcg(judged, [titles[id_] for id_ in best], everything))
    forgiven = 0
    for word, typo in typos(everything):
        best = await found_by_index(index, typo)
        forgiven += any(word.lower() in titles[id_].lower() for id_ in best)
    index.close()
    worst = sorted(zip(scores["index"], queries, strict=True), key=lambda pair: pair[0])[:3]
    hardest = ", ".join(f"{judged.query} ({score:.2f})" for score, judged in worst)
    figures = [f"{statistics.mean(scores[one]):.3f}" for one in ("index", "text")]
    counts = f"{len(documents)} | {len(queries)}"
    return f"| {name} | {counts} | {' | '.join(figures)} | {forgiven} of {_TYPOS} | {hardest} |"


def main() -> None:
    """Load the collections and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--power-apps", type=Path, help="the collection of power-apps.txt")
    options = arguments.parse_args()
    collections = {"content": HERE.parent / "examples/content", "power-apps": options.power_apps}
    print("| collection | items | queries | nDCG@10, index | `$text` | typos | hardest |")
    print("|---|--:|--:|--:|--:|--:|---|")
    with until_stopped(), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-bench-")))
        uri = stack.enter_context(embedded_mongod(folder))
        client = stack.enter_context(connect_blocking(uri))
        for name, root in collections.items():
            if root is None:
                continue
            database = name.replace("-", "_")
            load([str(root)], uri=uri, database=database, options=Options())
            ensure_indexes(client[database], "items", text=True)
            items = client[database]["items"]
            documents = list(items.find({}, PROJECTION))
            print(asyncio.run(measured(name, folder, items, documents)), flush=True)


if __name__ == "__main__":
    main()
