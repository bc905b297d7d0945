"""A relay to MongoDB that breaks its connections after a number of messages."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator


class Relay:
    """Passes on a number of messages to MongoDB, then closes all connections."""

    def __init__(self, uri: str, messages: int) -> None:
        host, port = re.findall(r"@([^:/]+):(\d+)", uri)[0]
        self._target = (host, int(port))
        self._left = messages
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        here = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.uri = uri.replace(f"{host}:{port}", here)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def is_cut(self) -> bool:
        """Whether all messages were used."""
        return self._left <= 0

    def close(self) -> None:
        """Break all connections."""
        with contextlib.suppress(OSError):
            self._listener.close()
        for peer in self._sockets:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
            peer.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                self._sockets += [client, server]
                threading.Thread(target=self._requests, args=(client, server), daemon=True).start()
                threading.Thread(target=self._replies, args=(server, client), daemon=True).start()

    def _requests(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(1 << 20):
                with self._lock:
                    # Cut before the message is passed on or after it, as both can happen.
                    self._left -= 1
                    if self.is_cut:
                        if self._left % 2:
                            server.sendall(data)
                        break
                server.sendall(data)
        self.close()

    def _replies(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 20):
                client.sendall(data)


@contextlib.contextmanager
def cut_after(uri: str, messages: int) -> Iterator[Relay]:
    """Yield a relay that breaks after a number of messages, handshakes included."""
    relay = Relay(uri, messages)
    try:
        yield relay
    finally:
        relay.close()
