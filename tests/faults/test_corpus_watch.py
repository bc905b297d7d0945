"""A watch of the corpus misses no change when a replica set elects another primary."""

import asyncio
from pathlib import Path

import pytest
from pymongo import MongoClient

from store.documents import CORPUS_ID, Document
from store.reading.corpus_watch import CorpusVersion, CorpusWatch
from tests.faults.replica_set import ReplicaSet, replica_set

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

WITHIN_S = 60


def raise_version(uri: str) -> None:
    with MongoClient[Document](uri) as client:  # waits for a primary
        meta = client["newsgraph"]["meta"]
        meta.update_one({"_id": CORPUS_ID}, {"$inc": {"version": 1}}, upsert=True)


async def test_changes_before_and_after_an_election_are_reported(tmp_path: Path) -> None:
    def step_down(nodes: ReplicaSet) -> None:
        nodes.step_down()

    def kill(nodes: ReplicaSet) -> None:
        nodes.primary().kill()

    with replica_set(tmp_path) as nodes:
        watch = CorpusWatch(nodes.uri, "newsgraph")
        async with asyncio.timeout(WITHIN_S), watch.running():
            known = await watch.after(None)
            for fault in (step_down, kill):
                raise_version(nodes.uri)
                await asyncio.to_thread(fault, nodes)
                await asyncio.to_thread(raise_version, nodes.uri)
                expected = CorpusVersion(known.version + 2, 0)
                while known != expected:
                    known = await watch.after(known)
                while watch.current != expected:  # noqa: ASYNC110 (it may be unknown for a moment)
                    await asyncio.sleep(0.01)
