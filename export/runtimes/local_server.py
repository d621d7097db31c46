"""HTTP on this machine only: what every server of the project does, whatever it sends."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import Any

ADDRESS = "127.0.0.1"
NAMES = (ADDRESS, "localhost")
MOST_CONNECTIONS = 32  # a thread each; a browser opens six
PATIENCE_S = 10.0  # for a whole request, idle time before it included, and for each piece of a response
# After a response to a request with a body, what is read and thrown away: closing a connection with
# something unread in it resets it, and the client may lose the response.
MOST_UNREAD = 1 << 20  # bytes
UNREAD_S = 1.0


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[str]:
    """Address of a server while it serves in a thread of its own; it is closed afterwards."""
    with server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{ADDRESS}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


class LocalServer(ThreadingHTTPServer):
    """A server on 127.0.0.1 with a bounded number of threads, which a client can't crash or hold up."""

    daemon_threads = True
    block_on_close = False
    # On Windows it would let several programs listen at one port.
    allow_reuse_address = sys.platform != "win32"
    request_queue_size = 2 * MOST_CONNECTIONS

    def __init__(self, port: int, handler: Any) -> None:
        """Bind it, ready for `serve_forever`.

        Args:
            port: 0 for any free one.
            handler: A `LocalHandler`, or what makes one.

        Raises:
            OSError: If the port is taken.
        """
        self._free = BoundedSemaphore(MOST_CONNECTIONS)
        self.waiting: dict[socket.socket, None] = {}  # connections without a whole request, oldest first
        super().__init__((ADDRESS, port), handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread; where all are busy, instead of the one that idles longest."""
        if not self._free.acquire(blocking=False):
            for idle in list(self.waiting)[:1]:
                with suppress(OSError):  # it has just ended by itself
                    idle.shutdown(socket.SHUT_RDWR)
            if not self._free.acquire(timeout=PATIENCE_S):
                return self.shutdown_request(request)
        return super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet where the client is gone or too slow; anything else is a defect, and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class LocalHandler(BaseHTTPRequestHandler):
    """Reads requests that are meant for this machine, in bounded time, one after the other."""

    protocol_version = "HTTP/1.1"  # one connection for many files
    timeout = PATIENCE_S
    server: LocalServer

    def setup(self) -> None:
        """Read with a deadline."""
        super().setup()
        self._incoming = _Incoming(self.connection)
        self.rfile = BufferedReader(self._incoming)
        self._unread = False

    def handle_one_request(self) -> None:
        """Wait for a request and answer it."""
        self._incoming.deadline = monotonic() + PATIENCE_S
        self.server.waiting[self.connection] = None
        try:
            super().handle_one_request()
        finally:
            self.server.waiting.pop(self.connection, None)

    def parse_request(self) -> bool:
        """Read the request's head; refuse one for another host, and take no body for the next request."""
        complete = super().parse_request()
        self.server.waiting.pop(self.connection, None)
        if not complete:
            return False
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self._unread = self.close_connection = True
        if self._is_for_this_machine():
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST, explain=f"expected Host: {self._hosts()[0]}")
        return False

    def finish(self) -> None:
        """End the connection so that the client gets the whole response."""
        if self._unread:
            self._incoming.deadline = monotonic() + UNREAD_S
            with suppress(OSError):  # a client that is gone or silent
                self.connection.shutdown(socket.SHUT_WR)
                self.rfile.read(MOST_UNREAD)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay quiet."""

    def _is_for_this_machine(self) -> bool:
        """Whether the Host is this server: a page of another site may have its own name lead here."""
        named = self.headers.get_all("Host", [])
        if not named:
            return self.request_version in ("HTTP/0.9", "HTTP/1.0")  # which no browser speaks
        return len(named) == 1 and named[0].strip().lower() in self._hosts()

    def _hosts(self) -> list[str]:
        return [name + port for port in (f":{self.server.server_port}", "") for name in NAMES]


class _Incoming(socket.SocketIO):
    """What a client sends, until a deadline: a client that sends little by little is slow, too."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection, "rb")
        self._connection, self.deadline = connection, monotonic() + PATIENCE_S

    def readinto(self, buffer: Any) -> int | None:
        left = self.deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        try:
            return super().readinto(buffer)
        finally:
            self._connection.settimeout(PATIENCE_S)
