"""Setting up a server that listens: a replica set of one, and the user of the URI.

Setup authenticates as `__system`, the user as which replica set members talk to each other, whose
password is the keyfile. So every step can be repeated, whatever an interrupted start left undone,
and no connection is ever accepted without a password.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from pymongo import MongoClient
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError

from store.embedded.folder import Folder

REPLICA_SET = "newsgraph"
USER = "newsgraph"
USER_EXISTS = 51003  # a server error code
# mongod takes 30 s to give up on its old port if another program accepts connections there.
TIMEOUT_S = 60


def uri(folder: Folder, port: int) -> str:
    """Return the server's URI. It is a direct connection: there are no members to discover."""
    password = folder.password.read_text()
    return f"mongodb://{USER}:{password}@127.0.0.1:{port}/?authSource=admin&directConnection=true"


def prepare(folder: Folder, port: int) -> None:
    """Make the server on `port` a primary that has the user. Raises a `PyMongoError`."""
    with MongoClient[dict[str, Any]](
        "127.0.0.1",
        port,
        username="__system",
        password=folder.key.read_text(),
        authSource="local",
        authMechanism="SCRAM-SHA-256",
        directConnection=True,
        serverSelectionTimeoutMS=TIMEOUT_S * 1000,
    ) as client:
        _configure(client, f"127.0.0.1:{port}")
        _wait_until(lambda: client.admin.command("hello")["isWritablePrimary"], "the election")
        _set_password(client, folder.password.read_text())


def _configure(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Initiate the replica set, or move its only member to another port."""
    members = [{"_id": 0, "host": host}]
    # Read from the collection: replSetGetConfig fails while the server expects its old port.
    config = client.local["system.replset"].find_one()
    if config is None:
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
    elif [member["host"] for member in config["members"]] != [host]:
        config |= {"members": members, "version": config["version"] + 1}
        # By force, because a set whose member moved has no primary. It fails until the server has
        # noticed that it is not at the address in its configuration.
        reconfigure = partial(client.admin.command, "replSetReconfig", config, force=True)
        _wait_until(lambda: bool(reconfigure()["ok"]), "finding the replica set's member moved")


def _wait_until(ready: Callable[[], bool], event: str) -> None:
    """Poll, even while the server closes every connection. Raises a `PyMongoError`."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        with suppress(OperationFailure, AutoReconnect):
            if ready():
                return
        time.sleep(0.01)
    raise ServerSelectionTimeoutError(f"{event} took more than {TIMEOUT_S} s")


def _set_password(client: MongoClient[dict[str, Any]], password: str) -> None:
    user: dict[str, Any] = {"pwd": password, "roles": ["root"], "mechanisms": ["SCRAM-SHA-256"]}
    try:
        client.admin.command("createUser", USER, **user)
    except OperationFailure as error:
        if error.code != USER_EXISTS:
            raise
        client.admin.command("updateUser", USER, **user)
