"""Making a server that listens usable: a replica set of one, and the user of the URI.

We act as `__system`, the user that members of a replica set are to each other, whose password is
the keyfile. Hence every step can be repeated, whatever an earlier start left undone, and no
connection without a password is ever let in.
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
# A server that looks for itself under a port where somebody listens and says nothing needs 30 s.
PATIENCE_S = 60


def uri(folder: Folder, port: int) -> str:
    """Where clients find the server. Direct: there is no second member to discover."""
    password = folder.password.read_text()
    return f"mongodb://{USER}:{password}@127.0.0.1:{port}/?authSource=admin&directConnection=true"


def prepare(folder: Folder, port: int) -> None:
    """Make the server on `port` a primary that knows the user. Raises a `PyMongoError`."""
    with MongoClient[dict[str, Any]](
        "127.0.0.1",
        port,
        username="__system",
        password=folder.key.read_text(),
        authSource="local",
        authMechanism="SCRAM-SHA-256",
        directConnection=True,
        serverSelectionTimeoutMS=PATIENCE_S * 1000,
    ) as client:
        _configure(client, f"127.0.0.1:{port}")
        _until(lambda: client.admin.command("hello")["isWritablePrimary"], "the election")
        _set_password(client, folder.password.read_text())


def _configure(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Initiate the replica set, or tell it that its only member has moved to another port."""
    members = [{"_id": 0, "host": host}]
    # Read, not asked for: a server that still looks for itself at its old port would say no.
    config = client.local["system.replset"].find_one()
    if config is None:
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
    elif [member["host"] for member in config["members"]] != [host]:
        config |= {"members": members, "version": config["version"] + 1}
        # By force, because a set whose member is not found has no primary to agree; in vain until
        # the server has seen for itself that it is not the member it knows of.
        reconfigure = partial(client.admin.command, "replSetReconfig", config, force=True)
        _until(lambda: bool(reconfigure()["ok"]), "finding the replica set's member moved")


def _until(ready: Callable[[], bool], what: str) -> None:
    """Ask again and again, also while the server ends every connection. Raises a `PyMongoError`."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(OperationFailure, AutoReconnect):
            if ready():
                return
        time.sleep(0.01)
    raise ServerSelectionTimeoutError(f"{what} took more than {PATIENCE_S} s")


def _set_password(client: MongoClient[dict[str, Any]], password: str) -> None:
    user: dict[str, Any] = {"pwd": password, "roles": ["root"], "mechanisms": ["SCRAM-SHA-256"]}
    try:
        client.admin.command("createUser", USER, **user)
    except OperationFailure as error:
        if error.code != USER_EXISTS:
            raise
        client.admin.command("updateUser", USER, **user)
