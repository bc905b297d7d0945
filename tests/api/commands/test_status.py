"""`newsgraph status`."""

import re
from pathlib import Path

from pymongo import MongoClient

from loaders.load import load
from loaders.options import Options
from store.documents import Document
from store.search.folder import SearchFolder
from store.search.status import Activity, FollowerStatus
from tests.api.conftest import UNREACHABLE, newsgraph

CONTENT = Path(__file__).parents[3] / "examples/content"


def test_status_shows_the_hosts_of_mongodb_but_not_the_password(mongod: str) -> None:
    status = newsgraph("status", NEWSGRAPH_MONGODB_URI=mongod).stdout
    hosts = mongod.rpartition("@")[2].partition("/")[0]
    assert f"MongoDB    {hosts}\n" in status


def test_status_shows_what_is_loaded_and_which_indexes_are_missing(
    mongod: str, database_name: str
) -> None:
    variables = {"NEWSGRAPH_MONGODB_URI": mongod, "NEWSGRAPH_DATABASE": database_name}
    before = newsgraph("status", **variables)
    assert before.returncode == 0, before.stderr
    assert before.stdout.splitlines()[-1] == "corpus     nothing loaded yet: newsgraph load PATH"
    load([str(CONTENT)], uri=mongod, database=database_name, options=Options(jobs=1))
    after = newsgraph("status", **variables)
    assert re.search(
        r"^editor +\d\d+ items, \d+ providers, \d+ topics, \d+ authors$", after.stdout, re.M
    )
    assert "indexes    complete" in after.stdout
    assert mongod not in after.stdout  # it has the password
    assert "outdated" not in after.stdout
    with MongoClient[Document](mongod) as client:
        items = client[database_name]["items"]
        items.update_one({}, {"$unset": {"countable": 1, "sort.updated": 1}})
    assert "outdated   loaded by an older version" in newsgraph("status", **variables).stdout


def test_status_shows_how_far_the_search_index_is(
    mongod: str, database_name: str, tmp_path: Path
) -> None:
    variables = {
        "NEWSGRAPH_MONGODB_URI": mongod,
        "NEWSGRAPH_DATABASE": database_name,
        "NEWSGRAPH_DATA_DIR": str(tmp_path),
        "NEWSGRAPH_SEARCH": "tantivy",
    }
    none = "search     no index on this machine yet: `newsgraph serve` builds it\n"
    assert none in newsgraph("status", **variables).stdout
    folder = SearchFolder.of(tmp_path, database_name)
    folder.make()
    FollowerStatus(Activity.BUILDING, done=1, total=4).write(folder.status)
    building = "search     the index is being built: 25% of 4 items\n"
    assert building in newsgraph("status", **variables).stdout


def test_a_mistyped_data_folder_is_not_created() -> None:
    run = newsgraph("status", "--data-dir", "nowhere")
    assert run.returncode == 0
    assert "nothing loaded yet: newsgraph load PATH" in run.stdout
    assert not Path("nowhere").exists()


def test_a_check_lists_the_damaged_items(mongod: str, database_name: str) -> None:
    variables = {"NEWSGRAPH_MONGODB_URI": mongod, "NEWSGRAPH_DATABASE": database_name}
    load([str(CONTENT)], uri=mongod, database=database_name, options=Options(jobs=1))
    sound = newsgraph("status", "--check", **variables)
    assert sound.returncode == 0, sound.stdout
    assert sound.stdout.endswith("check      no document is damaged\n")
    with MongoClient[Document](mongod) as client:
        items = client[database_name]["items"]
        item = items.find_one_and_update({"images": []}, {"$unset": {"title": 1}})
        assert item
        items.insert_one({"_id": "by hand"})
        topics = client[database_name]["topics"]
        topic = topics.find_one_and_update({}, {"$unset": {"editor.name": 1}})
        assert topic

    damaged = newsgraph("status", "--check", **variables)

    assert damaged.returncode == 1
    assert f"damaged    {item['_id']} ({item['path']}): title: Field required\n" in damaged.stdout
    assert f"damaged    {topic['_id']}: editor.name: Field required\n" in damaged.stdout
    assert "damaged    by hand: " in damaged.stdout
    assert damaged.stdout.endswith("check      3 damaged documents\n")


def test_a_database_that_is_down_is_reported_in_one_sentence() -> None:
    run = newsgraph("status", NEWSGRAPH_MONGODB_URI=UNREACHABLE, NEWSGRAPH_TIMEOUT_S="1")
    assert run.returncode == 1
    assert "newsgraph: MongoDB is not responding" in run.stderr
