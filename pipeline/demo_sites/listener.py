"""The HTTP side of a demo site: requests in, replies out piece by piece, each noted in the log."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pipeline.demo_sites.log import Answer, RequestLog
from pipeline.demo_sites.replies import Reply, Wait
from pipeline.demo_sites.story import DemoSiteError

Answering = Callable[[str, dict[str, str]], Reply]
"""Path with query and the request's headers (names in lower case) → what to answer."""


class Listener(ThreadingHTTPServer):
    """A server on loopback at `port` (0: any free one). Raises `OSError` where the port is taken."""

    daemon_threads = True

    def __init__(self, port: int, answering: Answering, log: RequestLog, wait: Wait) -> None:
        super().__init__(("127.0.0.1", port), _handler(answering, log, wait))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Told on standard error, but for a client that goes away, which is no error of ours."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def _handler(answering: Answering, log: RequestLog, wait: Wait) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30  # seconds; a client that neither reads nor goes away is dropped
        # Head and body are two writes: with Nagle's algorithm the second waits 40 ms for the client's delayed ACK.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            at = time.monotonic()
            known = {name.lower(): value for name, value in self.headers.items()}
            try:
                reply = answering(self.path, known)
            except DemoSiteError as error:
                data = str(error).encode()
                reply = Reply(500, {"Content-Type": "text/plain; charset=utf-8"}, [data], len(data))
            conditional = not known.keys().isdisjoint({"if-none-match", "if-modified-since"})
            agent = known.get("user-agent", "")
            answer = Answer(self.path, int(reply.status), at, at, conditional, agent)
            log.add(answer)
            wait(reply.pause)
            if reply.status:
                self._send(reply, answer)
            else:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

        def _send(self, reply: Reply, answer: Answer) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.length is None:
                self.send_header("Connection", "close")
            elif reply.status != HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(reply.length))
            answer.done = time.monotonic()
            self.end_headers()
            for piece in reply.body:
                wait(0)
                # Noted before it goes out: who has read an answer finds it noted.
                answer.sent += len(piece)
                answer.done = time.monotonic()
                self.wfile.write(piece)
            if reply.length is not None and answer.sent < reply.length:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: who serves the site tells what happened in their own words."""

    return Handler
