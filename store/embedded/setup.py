"""Making a server that listens usable: a replica set of one, and the user of the URI.

We act as `__system`, the user that members of a replica set are to each other, whose password is
the keyfile. Hence every step can be repeated, whatever an earlier start left undone, and no
connection without a password is ever let in.
"""

import time
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

from store.embedded.errors import MongodDied
from store.embedded.folder import Folder

REPLICA_SET = "newsgraph"
USER = "newsgraph"
# Server error codes (src/mongo/base/error_codes.yml).
NOT_YET_INITIALIZED, USER_EXISTS = 94, 51003
ELECTION_S = 30


def uri(folder: Folder, port: int) -> str:
    """Where clients find the server. Direct: there is no second member to discover."""
    password = folder.password.read_text()
    return f"mongodb://{USER}:{password}@127.0.0.1:{port}/?authSource=admin&directConnection=true"


def prepare(folder: Folder, port: int) -> None:
    """Make the server on `port` a primary that knows the user. Raises `MongodDied`."""
    with MongoClient[dict[str, Any]](
        "127.0.0.1",
        port,
        username="__system",
        password=folder.key.read_text(),
        authSource="local",
        authMechanism="SCRAM-SHA-256",
        directConnection=True,
        serverSelectionTimeoutMS=ELECTION_S * 1000,
    ) as client:
        _configure(client, f"127.0.0.1:{port}")
        deadline = time.monotonic() + ELECTION_S
        while not client.admin.command("hello")["isWritablePrimary"]:
            if time.monotonic() > deadline:
                raise MongodDied("it did not become primary", folder.log)
            time.sleep(0.01)
        _set_password(client, folder.password.read_text())


def _configure(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Initiate the replica set, or tell it that its only member has moved to another port."""
    members = [{"_id": 0, "host": host}]
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code != NOT_YET_INITIALIZED:
            raise
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        return
    if [member["host"] for member in config["members"]] != [host]:
        config |= {"members": members, "version": config["version"] + 1}
        # By force, because a set whose member is not found has no primary to agree.
        client.admin.command("replSetReconfig", config, force=True)


def _set_password(client: MongoClient[dict[str, Any]], password: str) -> None:
    user: dict[str, Any] = {"pwd": password, "roles": ["root"], "mechanisms": ["SCRAM-SHA-256"]}
    try:
        client.admin.command("createUser", USER, **user)
    except OperationFailure as error:
        if error.code != USER_EXISTS:
            raise
        client.admin.command("updateUser", USER, **user)
